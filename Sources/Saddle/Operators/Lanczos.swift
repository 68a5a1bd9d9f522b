/// What Lanczos' recurrence from a vector b left of a symmetric operator A: Q·A = T·Q + β_k·e_k·qᵀ
/// with q₁ = b/‖b‖ and q = q_{k+1}, of norm 1 and orthogonal to Q (k × n, orthonormal rows).
package struct LanczosDecomposition<T: Scalar>: Sendable {
  /// T and β_k.
  package let coefficients: LanczosCoefficients
  private let basis: KrylovBasis<T>?

  /// The decomposition of at most min(`steps`, n) steps, one product each, with full
  /// reorthogonalization; fewer where the Krylov space is invariant.
  ///
  /// - Parameter start: b, n elements, of a positive norm.
  /// - Throws: `KrylovError.productNotFinite`.
  package init<Operator: LinearOperator<T>>(
    of matrix: Operator, from start: [T], steps: Int
  ) throws(KrylovError) {
    let length = start.norm
    precondition(
      length.isNormal && start.count == matrix.dimension,
      "\(start.count) elements of norm \(length) for an operator of order \(matrix.dimension)")
    // Of norm 1, whose square neither vanishes nor overflows.
    let unit = start.scaled(by: 1 / length)
    let run = try lanczos(
      matrix, from: Matrix(rows: 1, columns: unit.count, elements: unit),
      steps: min(steps, unit.count), .full)
    self = run.decompositions[0]
  }

  fileprivate init(_ coefficients: LanczosCoefficients, _ basis: KrylovBasis<T>?) {
    self.coefficients = coefficients
    self.basis = basis
  }

  /// Q; nil where its vectors were not kept.
  package var vectors: Matrix<T>? { basis?.matrix }

  /// T's eigensystem: Ritz values, and their vectors' weights in Q.
  ///
  /// - Throws: `KrylovError.projection`.
  package func ritzPairs() throws(KrylovError) -> RitzPairs<T> {
    let k = coefficients.steps
    var projected = Matrix<T>(rows: k, columns: k)
    var coupling = Matrix<T>(rows: k, columns: 1)
    for j in 0..<k { projected[j, j] = T(coefficients.diagonal[j]) }
    for j in 0..<k - 1 {
      projected[j, j + 1] = T(coefficients.offDiagonal[j])
      projected[j + 1, j] = projected[j, j + 1]
    }
    coupling[k - 1, 0] = T(coefficients.remainder)
    return try RitzPairs(projected: projected, coupling: coupling)
  }

  /// The vectors of n elements with these weights in Q, one a row.
  ///
  /// - Precondition: Q was kept.
  package func combinations(_ weights: Matrix<T>) -> Matrix<T> {
    guard let basis else { preconditionFailure("the recurrence's vectors were not kept") }
    return basis.combinations(weights)
  }
}

/// Lanczos' recurrence for several starting vectors at once, which are multiplied as a block.
///
/// - Parameters:
///   - starts: one starting vector a row, each of a positive norm.
///   - steps: how many at most; a Krylov space that is invariant ends earlier.
/// - Returns: T for each starting vector, and how many products with a vector were taken.
/// - Throws: `KrylovError.productNotFinite`.
func lanczos<Operator: LinearOperator>(
  _ matrix: Operator, from starts: consuming Matrix<Operator.Element>, steps: Int,
  _ reorthogonalization: Reorthogonalization
) throws(KrylovError) -> (decompositions: [LanczosDecomposition<Operator.Element>], products: Int) {
  let (rows, n) = (starts.rows, starts.columns)
  var probes = (0..<rows).map { row in
    Probe(
      starts.elements.span.extracting(row * n..<(row + 1) * n), steps: steps,
      isReorthogonalized: reorthogonalization == .full)
  }
  var current = starts
  var previous = Matrix<Operator.Element>(rows: rows, columns: n, elements: .zeros(rows * n))
  var products = Matrix<Operator.Element>(rows: rows, columns: n, elements: .zeros(rows * n))
  var taken = 0
  while taken < steps, probes.contains(where: { !$0.hasEnded }) {
    matrix.apply(current, into: &products)
    for row in probes.indices where !probes[row].hasEnded {
      let range = row * n..<(row + 1) * n
      var vectors = previous.elements.mutableSpan
      var vector = vectors._mutatingExtracting(range)
      let isFinite = probes[row].advance(
        current.elements.span.extracting(range),
        product: products.elements.span.extracting(range), &vector)
      guard isFinite else {
        throw .notFinite(products.row(row), order: n, number: taken * rows + row + 1)
      }
    }
    swap(&current, &previous)
    taken += 1
  }
  return (probes.map(\.decomposition), taken * rows)
}

/// One starting vector's recurrence, and what it has given.
private struct Probe<T: Scalar> {
  private var recurrence: LanczosRecurrence<T>
  private var diagonal: [Double] = []
  private var offDiagonal: [Double] = []
  private(set) var hasEnded = false
  private var largest = 0.0
  private let resolution: Double

  init(_ start: Span<T>, steps: Int, isReorthogonalized: Bool) {
    recurrence = LanczosRecurrence(start, isReorthogonalized: isReorthogonalized, steps: steps)
    diagonal.reserveCapacity(steps)
    offDiagonal.reserveCapacity(steps)
    // To orthogonalize again leaves an error in each of n elements.
    let errors = isReorthogonalized ? max(16, 4 * Double(start.count).squareRoot()) : 16
    resolution = errors * Double(T.ulpOfOne)
  }

  var decomposition: LanczosDecomposition<T> {
    LanczosDecomposition(
      LanczosCoefficients(
        diagonal: diagonal, offDiagonal: offDiagonal.dropLast(), remainder: offDiagonal.last ?? 0),
      recurrence.basis)
  }

  /// - Returns: false where a figure is not finite.
  mutating func advance(
    _ current: Span<T>, product: Span<T>, _ vector: inout MutableSpan<T>
  ) -> Bool {
    guard let (alpha, beta) = recurrence.advance(current, product: product, &vector) else {
      return false
    }
    diagonal.append(alpha)
    largest = max(largest, alpha.magnitude, beta)
    // What is left of an invariant space is rounding; to cut T there moves no Ritz value by more.
    hasEnded = beta <= resolution * largest
    offDiagonal.append(hasEnded ? 0 : beta)
    if hasEnded { vector.update(repeating: 0) }
    return true
  }
}
