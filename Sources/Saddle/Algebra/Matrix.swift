/// A dense matrix, row-major and contiguous, with value semantics.
public struct Matrix<T: Scalar>: Equatable, Sendable {
  public let rows: Int
  public let columns: Int
  /// The elements, row by row: element (i, j) is `elements[i * columns + j]`.
  public var elements: [T]

  public init(rows: Int, columns: Int, elements: [T]) {
    precondition(
      rows >= 0 && columns >= 0 && elements.count == rows * columns,
      "\(elements.count) elements for \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  public init(rows: Int, columns: Int, repeating value: T = 0) {
    self.init(
      rows: rows, columns: columns, elements: Array(repeating: value, count: rows * columns))
  }

  /// From rows of equal length.
  public init(_ rows: [[T]]) {
    let columns = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columns }, "rows of different lengths")
    // Row by row: unspecialized, a joined sequence costs 100 ns an element.
    var elements: [T] = []
    elements.reserveCapacity(rows.count * columns)
    for row in rows { elements.append(contentsOf: row) }
    self.init(rows: rows.count, columns: columns, elements: elements)
  }

  public subscript(row: Int, column: Int) -> T {
    get {
      precondition(
        row >= 0 && row < rows && column >= 0 && column < columns,
        "(\(row), \(column)) outside \(rows) × \(columns)")
      return elements[row * columns + column]
    }
    set {
      precondition(
        row >= 0 && row < rows && column >= 0 && column < columns,
        "(\(row), \(column)) outside \(rows) × \(columns)")
      elements[row * columns + column] = newValue
    }
  }

  /// Row `i` as an array.
  public func row(_ i: Int) -> [T] { Array(elements[i * columns..<(i + 1) * columns]) }

  /// All rows as arrays, as the oracles take them.
  public var asRows: [[T]] { (0..<rows).map(row) }

  public var isSquare: Bool { rows == columns }

  /// The layout of `elements`.
  public var layout: Layout { Layout(rows: rows, columns: columns) }

  public static func * (a: Matrix, b: Matrix) -> Matrix {
    var product = Matrix(rows: a.rows, columns: b.columns)
    var target = product.elements.mutableSpan
    multiply(
      a.elements.span, a.layout, b.elements.span, b.layout,
      into: &target, Layout(rows: a.rows, columns: b.columns))
    return product
  }

  /// The matrix–vector product.
  public static func * (a: Matrix, x: [T]) -> [T] {
    (a * Matrix(rows: x.count, columns: 1, elements: x)).elements
  }

  public var transpose: Matrix {
    Matrix(rows: columns, columns: rows, elements: transposed(elements, rows: rows))
  }

  /// ½(A + Aᵀ): what to call on a matrix that is symmetric only up to rounding.
  public func symmetrized() -> Matrix {
    precondition(isSquare, "\(rows) × \(columns) is not square")
    var result = self
    for i in 0..<rows {
      for j in 0..<i {
        let mean = (self[i, j] + self[j, i]) / 2
        result[i, j] = mean
        result[j, i] = mean
      }
    }
    return result
  }

  /// The same matrix in another precision; widening is exact.
  public func converted<U: Scalar>(to _: U.Type) -> Matrix<U> {
    Matrix<U>(rows: rows, columns: columns, elements: elements.map { U($0) })
  }
}

/// How a span is read as a matrix: row-major, `stride` elements from one row to the next.
public struct Layout: Equatable, Sendable {
  public let rows: Int
  public let columns: Int
  public let stride: Int
  let isTransposed: Bool

  public init(rows: Int, columns: Int, stride: Int? = nil) {
    self.init(rows: rows, columns: columns, stride: stride ?? columns, isTransposed: false)
  }

  private init(rows: Int, columns: Int, stride: Int, isTransposed: Bool) {
    precondition(
      rows >= 0 && columns >= 0 && stride >= columns,
      "\(rows) rows of \(columns), stride \(stride)")
    self.rows = rows
    self.columns = columns
    self.stride = stride
    self.isTransposed = isTransposed
  }

  /// The same elements read as the transpose. Only factors of a product may be transposed.
  public var transposed: Layout {
    Layout(rows: rows, columns: columns, stride: stride, isTransposed: !isTransposed)
  }

  /// How many elements a span must have to hold this matrix.
  var extent: Int { rows == 0 ? 0 : (rows - 1) * stride + columns }
  /// Where some rows and columns begin, and how they are read from there on.
  func part(_ rows: Range<Int>, _ columns: Range<Int>) -> (start: Int, layout: Layout) {
    let (stored, across) = isTransposed ? (columns, rows) : (rows, columns)
    return (
      stored.lowerBound * stride + across.lowerBound,
      Layout(
        rows: stored.count, columns: across.count, stride: stride, isTransposed: isTransposed)
    )
  }

  /// The shape after transposition.
  var shape: (rows: Int, columns: Int) { isTransposed ? (columns, rows) : (rows, columns) }
}

/// `C ← α·A·B + β·C`, where each layout says how its span is read.
public func multiply<T: Scalar>(
  _ a: Span<T>, _ aLayout: Layout, _ b: Span<T>, _ bLayout: Layout,
  scaledBy alpha: T = 1, adding beta: T = 0,
  into c: inout MutableSpan<T>, _ cLayout: Layout
) {
  let (m, k) = aLayout.shape
  let (inner, n) = bLayout.shape
  precondition(
    k == inner && cLayout.rows == m && cLayout.columns == n && !cLayout.isTransposed,
    "\(m) × \(k) times \(inner) × \(n) into \(cLayout.rows) × \(cLayout.columns)")
  precondition(
    a.count >= aLayout.extent && b.count >= bLayout.extent && c.count >= cLayout.extent,
    "spans of \(a.count), \(b.count), \(c.count) for extents "
      + "\(aLayout.extent), \(bLayout.extent), \(cLayout.extent)")
  guard m > 0 && n > 0 else { return }
  KernelNotice.given
  // Row-major C = A·B is column-major Cᵀ = Bᵀ·Aᵀ: the factors change places.
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      c.withUnsafeMutableBufferPointer { c in
        guard let c = c.baseAddress else { return }
        T.gemm(
          transposition(bLayout), transposition(aLayout), Int32(n), Int32(m), Int32(k), alpha,
          b.baseAddress ?? UnsafePointer(c), Int32(max(bLayout.stride, 1)),
          a.baseAddress ?? UnsafePointer(c), Int32(max(aLayout.stride, 1)),
          beta, c, Int32(max(cLayout.stride, 1)))
      }
    }
  }
}

/// `y ← α·A·x + β·y`: beside a general product, which packs its factors, half of the time where A is
/// beyond the cache.
func multiply<T: Scalar>(
  _ a: Span<T>, _ layout: Layout, by x: Span<T>, scaledBy alpha: T = 1, adding beta: T = 0,
  into y: inout MutableSpan<T>
) {
  let (m, n) = layout.shape
  precondition(
    x.count == n && y.count == m && a.count >= layout.extent,
    "\(m) × \(n), of \(a.count) elements, times \(x.count) into \(y.count)")
  guard m > 0 && n > 0 else { return }
  KernelNotice.given
  // Row-major A is column-major Aᵀ.
  let transposed = layout.isTransposed ? "N" : "T" as Unicode.Scalar
  a.withUnsafeBufferPointer { a in
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        guard let a = a.baseAddress, let x = x.baseAddress, let y = y.baseAddress else { return }
        T.gemv(
          CChar(UInt8(ascii: transposed)), Int32(layout.columns), Int32(layout.rows), alpha, a,
          Int32(max(layout.stride, 1)), x, beta, y)
      }
    }
  }
}

/// The most multiplications of a product that OpenBLAS does on the calling thread, whatever the
/// number of its threads (`interface/gemm.c`), and with kernels that do not pack their factors.
let largestSingleThreadedProduct = 1 << 18

/// `C ← A·B + β·C` in pieces so small that BLAS does them on the calling thread: for work that is
/// on several threads already, where BLAS's own would wait for one another.
func multiplyOnThisThread<T: Scalar>(
  _ a: Span<T>, _ aLayout: Layout, _ b: Span<T>, _ bLayout: Layout, adding beta: T,
  into c: inout MutableSpan<T>, _ cLayout: Layout
) {
  let (m, k) = aLayout.shape
  let n = bLayout.shape.columns
  // Halved where it is longest: pieces that are nearly cubes read their factors least often.
  var piece = (m: m, n: n, k: k)
  while piece.m * piece.n * piece.k > largestSingleThreadedProduct {
    if piece.k >= max(piece.m, piece.n) {
      piece.k = (piece.k + 1) / 2
    } else if piece.n >= piece.m {
      piece.n = (piece.n + 1) / 2
    } else {
      piece.m = (piece.m + 1) / 2
    }
  }
  for top in stride(from: 0, to: m, by: max(piece.m, 1)) {
    let rows = top..<min(top + piece.m, m)
    for left in stride(from: 0, to: n, by: max(piece.n, 1)) {
      let columns = left..<min(left + piece.n, n)
      let target = cLayout.part(rows, columns)
      var part = c._mutatingExtracting(target.start..<c.count)
      for first in stride(from: 0, to: k, by: max(piece.k, 1)) {
        let terms = first..<min(first + piece.k, k)
        let (left, right) = (aLayout.part(rows, terms), bLayout.part(terms, columns))
        multiply(
          a.extracting(left.start..<a.count), left.layout,
          b.extracting(right.start..<b.count), right.layout,
          adding: first == 0 ? beta : 1, into: &part, target.layout)
      }
    }
  }
}

private func transposition(_ layout: Layout) -> CChar {
  CChar(UInt8(ascii: layout.isTransposed ? "T" : "N"))
}
