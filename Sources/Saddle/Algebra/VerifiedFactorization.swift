/// L·D·Lᵀ with a bound of how far it is from A − sI, whatever LAPACK did on the way there: its
/// inertia is D's, exactly (Sylvester), and A's eigenvalues lie no further from its own, shifted by
/// s, than that bound (Weyl).
///
/// The residual is computed by one more product, of a third of n³ multiplications, and the product's
/// own rounding bounded a priori: |fl(XY) − XY| ≤ γₙ|X||Y| in any order of summation (Higham 2002,
/// §3.5). So nothing rests on a theorem about the factorization, whose constants depend on how
/// blocks are cut, and no rounding mode is changed (Rump 2006 does so for definite matrices by an a
/// priori bound alone).
struct VerifiedFactorization {
  let shift: Double
  /// How many eigenvalues of L·D·Lᵀ are below zero …
  let negative: Int
  /// … and above.
  let positive: Int
  /// A bound of ‖A − sI − LDLᵀ‖₂; infinite where none was found.
  let residual: Double

  /// - Parameter matrix: exactly symmetric and finite.
  /// - Throws: `LinearAlgebraError.noConvergence` where LAPACK refuses its arguments.
  init(_ matrix: Matrix<Double>, shift: Double) throws(LinearAlgebraError) {
    let n = matrix.rows
    self.shift = shift
    guard n > 0 else {
      (negative, positive, residual) = (0, 0, 0)
      return
    }
    var elements = matrix.elements
    for i in 0..<n { elements[i * n + i] -= shift }
    let shiftedNorm = largestRowSum(elements.span, order: n)
    var factors = BunchKaufman<Double>(order: n)
    try factors.factorize(&elements)
    let product = factors.absoluteNorm(elements)
    guard let pivots = PivotSigns(elements, factors.pivots, order: n) else {
      (negative, positive, residual) = (0, 0, .infinity)
      return
    }
    (negative, positive) = (pivots.negative, pivots.positive)

    let triangle = ExplicitFactors(consume elements, factors.pivots, order: n)
    let rest = triangle.residual(of: matrix, shift: shift)
    // Sums of up to n products of three factors and of A − sI, itself rounded once: n + 5 roundings
    // of each term at most, and what underflows. Norms of symmetric matrices that are not negative
    // are bounded by their largest row sum.
    let rounding = Rounding.gamma(n + 5) * (shiftedNorm + product)
    let lost =
      Double(n) * Double(n) * (1 + 2 * triangle.largest) * Rounding.underflow
      + Double(n) * 0x1p-537  // the residual's squares below the least double
    let bound = (rest + rounding + lost) * Rounding.inflation
    residual = bound.isFinite ? bound : .infinity
  }
}

/// The signs of D's eigenvalues, where its elements leave no doubt.
private struct PivotSigns {
  private(set) var negative = 0
  private(set) var positive = 0

  /// - Returns: nil where an element is not finite, or a block's determinant so near zero that its
  ///   sign is in doubt.
  init?(_ elements: [Double], _ pivots: [Int32], order n: Int) {
    var i = 0
    while i < n {
      let a = elements[i * n + i]
      guard a.isFinite else { return nil }
      if pivots[i] > 0 {
        if a < 0 { negative += 1 } else if a > 0 { positive += 1 }
        i += 1
        continue
      }
      guard i + 1 < n else { return nil }
      let (b, c) = (elements[i * n + i + 1].magnitude, elements[(i + 1) * n + i + 1])
      // b² > |ac| makes it one of each sign; three roundings are far less than the margin.
      guard b > 0, b.isFinite, (a / b).magnitude * (c / b).magnitude < 0.99 else { return nil }
      negative += 1
      positive += 1
      i += 2
    }
  }
}

/// The factors written out: PᵀAP − sI = UᵀDU with U unit upper triangular, row-major.
private struct ExplicitFactors {
  private let order: Int
  /// U.
  private let upper: [Double]
  /// D·U.
  private let product: [Double]
  /// Where row i of PᵀAP comes from.
  private let places: [Int]
  /// The largest |Uᵢⱼ|.
  let largest: Double

  /// - Parameters:
  ///   - factors: what `sytrf` left above the diagonal, its interchanges not yet applied to the rows
  ///     before them, as LAPACK's `syconv` does.
  init(_ factors: consuming [Double], _ pivots: [Int32], order n: Int) {
    var upper = factors
    var product = [Double](repeating: 0, count: n * n)
    var places = Array(0..<n)
    var blocks: [(start: Int, size: Int)] = []
    var i = 0
    while i < n {
      let size = pivots[i] > 0 ? 1 : min(2, n - i)
      let (last, partner) = (i + size - 1, Int(pivots[i].magnitude) - 1)
      if partner != last {
        places.swapAt(last, partner)
        for row in 0..<i { upper.swapAt(row * n + last, row * n + partner) }
      }
      blocks.append((i, size))
      i += size
    }
    for (i, size) in blocks {
      let (a, c) = (upper[i * n + i], upper[(i + size - 1) * n + i + size - 1])
      let b = size == 2 ? upper[i * n + i + 1] : 0
      for row in i..<i + size {
        for column in 0...row { upper[row * n + column] = column == row ? 1 : 0 }
      }
      if size == 2 { upper[i * n + i + 1] = 0 }
      var rows = product.mutableSpan
      if size == 1 {
        multiplyRow(a, upper.span, into: &rows, order: n, row: i)
      } else {
        multiplyRows(a, b, c, upper.span, into: &rows, order: n, row: i)
      }
    }
    largest = max(1, largestMagnitude(upper.span))
    order = n
    self.upper = upper
    self.product = product
    self.places = places
  }

  /// ‖PᵀAP − sI − UᵀDU‖_F as computed: its upper triangle, by tiles of rows, and its mirror image.
  func residual(of matrix: Matrix<Double>, shift: Double) -> Double {
    let (n, height) = (order, min(order, 128))
    var tile = [Double](repeating: 0, count: height * n)
    var sum = 0.0
    for top in stride(from: 0, to: n, by: height) {
      let end = min(top + height, n)
      let (rows, columns) = (end - top, n - top)
      gather(matrix.elements.span, places.span, order: n, top..<end, shift, into: &tile)
      var target = tile.mutableSpan
      // Rows of U below the tile's last do not reach its columns.
      multiply(
        upper.span.extracting(top..<n * n),
        Layout(rows: end, columns: rows, stride: n).transposed,
        product.span.extracting(top..<n * n), Layout(rows: end, columns: columns, stride: n),
        scaledBy: -1, adding: 1, into: &target, Layout(rows: rows, columns: columns))
      sum += squares(tile.span, rows: rows, columns: columns)
    }
    return sum.squareRoot()
  }
}

/// row ← a·U's row, from the diagonal on.
private func multiplyRow(
  _ a: Double, _ upper: Span<Double>, into product: inout MutableSpan<Double>, order n: Int,
  row i: Int
) {
  precondition(upper.count == n * n && product.count == n * n)
  for j in i..<n { product[unchecked: i * n + j] = a * upper[unchecked: i * n + j] }
}

/// Two rows ← [a b; b c]·U's.
private func multiplyRows(
  _ a: Double, _ b: Double, _ c: Double, _ upper: Span<Double>,
  into product: inout MutableSpan<Double>, order n: Int, row i: Int
) {
  precondition(upper.count == n * n && product.count == n * n && i + 1 < n)
  for j in i..<n {
    let (u, v) = (upper[unchecked: i * n + j], upper[unchecked: (i + 1) * n + j])
    product[unchecked: i * n + j] = a * u + b * v
    product[unchecked: (i + 1) * n + j] = b * u + c * v
  }
}

/// Rows of PᵀAP − sI, from the first one's diagonal on.
private func gather(
  _ matrix: Span<Double>, _ places: Span<Int>, order n: Int, _ rows: Range<Int>, _ shift: Double,
  into tile: inout [Double]
) {
  precondition(matrix.count == n * n && places.count == n)
  var target = tile.mutableSpan
  let columns = n - rows.lowerBound
  for i in rows {
    let row = places[i] * n
    let start = (i - rows.lowerBound) * columns
    for j in rows.lowerBound..<n { target[start + j - rows.lowerBound] = matrix[row + places[j]] }
    target[start + i - rows.lowerBound] -= shift
  }
}

/// Σ rᵢⱼ² over the diagonal once and over what is above it twice.
private func squares(_ tile: Span<Double>, rows: Int, columns: Int) -> Double {
  var sum = 0.0
  for i in 0..<rows {
    var above = 0.0
    for j in i + 1..<max(columns, i + 1) {
      above += tile[i * columns + j] * tile[i * columns + j]
    }
    sum += tile[i * columns + i] * tile[i * columns + i] + 2 * above
  }
  return sum
}
