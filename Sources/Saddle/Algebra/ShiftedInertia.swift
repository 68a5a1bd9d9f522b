/// Counts of a symmetric matrix's eigenvalues on each side of a number, without an eigensolver and
/// in the matrix's own storage: one factorization each, as many as are asked for.
///
/// `sytrf` works in one triangle. The other one keeps the matrix, and its diagonal is set aside, so
/// that no second n × n array is needed: 8·n² bytes in Double, 7.2 GB at n = 30,000.
///
/// The factors are exact for A − σI + E with
///
///     ‖E‖₂ ≤ ‖E‖_∞ ≤ (n + 20)·u·(‖A − σI‖_∞ + ‖|L|·|D|·|L|ᵀ‖_∞)     (Higham 2002, theorem 11.3)
///
/// whose norms are computed, not estimated; the theorem's linear polynomial is taken as n + 20,
/// which is what n subtractions in a row can make of rounding. So the count at σ is that of A at a
/// number within ‖E‖ of σ, and it is certain where no eigenvalue lies as near. Whether one does is
/// found by inverse iteration from a random vector: after j solves with growth g, an eigenvalue
/// lies nearer than (τ/√n)^(1/j)·g^(−1/j) with probability at most 0.8·τ (Dixon 1983). Where that
/// does not settle it, two more factorizations, beyond ‖E‖ on each side of σ, give an interval.
public struct ShiftedInertia<T: Scalar>: Sendable {
  public let order: Int
  private var elements: [T]
  private var diagonal: [T]
  private var factors: BunchKaufman<T>
  /// ‖A‖_∞, an upper bound of the spectral radius.
  public let norm: T
  /// How far the true matrix may be from A in the spectral norm: part of every error bound.
  private let matrixError: T
  private var isFactored = false
  /// Factorizations so far.
  public private(set) var factorizations = 0

  /// Takes the matrix's storage: pass it on with `consume`, or a copy is made.
  ///
  /// - Parameter matrixError: ‖A − true matrix‖₂ at most; counts are then the true matrix's.
  /// - Throws: `LinearAlgebraError` where the matrix is not square, finite and exactly symmetric.
  public init(_ matrix: consuming Matrix<T>, matrixError: T = 0) throws(LinearAlgebraError) {
    precondition(matrixError >= 0, "a matrix to within \(matrixError)")
    self.matrixError = matrixError
    try matrix.requireSymmetric()
    let order = matrix.rows
    guard order <= LAPACKLimits.order else { throw .tooLarge(order: order) }
    let elements = matrix.elements
    matrix = Matrix(rows: 0, columns: 0)
    self.order = order
    diagonal = (0..<order).map { elements[$0 * order + $0] }
    norm = largestRowSum(elements.span, order: order)
    factors = BunchKaufman(order: order)
    self.elements = elements
  }

  /// The matrix itself; nil once it has been factorized. Hold it no longer than until then, or the
  /// factorization makes a copy.
  var matrix: Matrix<T>? {
    isFactored ? nil : Matrix(rows: order, columns: order, elements: elements)
  }

  /// How many eigenvalues lie below σ; those equal to σ, and those that rounding cannot tell from
  /// it, make the interval wide.
  ///
  /// - Parameters:
  ///   - doubt: τ, the probability over the random vector that is allowed for a false "certain".
  ///     With 0, every count comes from two factorizations beyond the error bound, and no
  ///     probability.
  ///   - generator: the random vector.
  /// - Throws: `.noConvergence` where LAPACK gives up.
  public mutating func count(
    below shift: T, doubt: Double = 1e-6, using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) -> InertiaCount<T> {
    guard order > 0 else {
      return InertiaCount(shift: shift, below: 0...0, errorBound: 0, nearest: nil, doubt: 0)
    }
    // However little the factors say, no eigenvalue is further from σ than this.
    let size = (norm + shift.magnitude + matrixError) * (1 + T(order + 4) * T.ulpOfOne)
    let nothing = InertiaCount(
      shift: shift, below: 0...order, errorBound: min(size, .greatestFiniteMagnitude), nearest: nil,
      doubt: 0)
    let (inertia, backward) = try factorize(at: shift)
    guard let bound = backward else { return nothing }
    if doubt > 0, inertia.zero == 0 {
      let nearest = try distance(beyond: 2 * bound, doubt: doubt, using: &generator)
      if nearest.isSettled {
        return InertiaCount(
          shift: shift, below: inertia.negative...inertia.negative, errorBound: bound,
          nearest: nearest.estimate, doubt: doubt)
      }
    }
    // The count beyond the error bound on either side, where that bound is itself within what was
    // stepped over.
    var step = 1.5 * bound
    for _ in 0..<4 {
      let (low, lowBound) = try factorize(at: shift - step)
      let (high, highBound) = try factorize(at: shift + step)
      guard let lowBound, let highBound else { return nothing }
      if lowBound < step, highBound < step {
        return InertiaCount(
          shift: shift, below: low.negative...max(low.negative, high.negative + high.zero),
          errorBound: step, nearest: nil, doubt: 0)
      }
      step = 2 * max(lowBound, highBound)
    }
    return nothing
  }

  /// Factorizes A − σI; its inertia and the bound on the backward error, nil where it overflows.
  private mutating func factorize(
    at shift: T
  ) throws(LinearAlgebraError) -> (inertia: Inertia, errorBound: T?) {
    let order = order
    if isFactored { restoreTriangle(elements.mutableSpan, order: order) }
    for i in 0..<order { elements[i * order + i] = diagonal[i] - shift }
    isFactored = true
    factorizations += 1
    try factors.factorize(&elements)
    let size = norm + shift.magnitude + factors.absoluteNorm(elements)
    let bound = T(order + 20) * T.ulpOfOne / 2 * size + T.leastNormalMagnitude + matrixError
    return (factors.inertia(elements), bound.isFinite ? bound : nil)
  }

  /// Whether the nearest eigenvalue is further from the shift than `distance`, by inverse iteration
  /// with the factors.
  private func distance(
    beyond bound: T, doubt: Double, using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) -> (estimate: T, isSettled: Bool) {
    var x = (0..<order).map { _ in T(generator.normal()) }
    var length = x.norm
    guard length.isNormal else { return (0, false) }
    let share = doubt / 0.8 / Double(order).squareRoot()
    var mean: Double = 0
    for step in 1...12 {
      x = x.scaled(by: 1 / length)
      try factors.solve(elements, &x)
      length = x.norm
      guard length.isNormal else { return (0, false) }
      // The logarithm of the distance: the growths' geometric mean.
      mean += (-Double.log(Double(length)) - mean) / Double(step)
      let estimate = T(Double.exp(mean))
      if Double.exp(mean + .log(share) / Double(step)) > Double(bound) { return (estimate, true) }
      if estimate <= bound { return (estimate, false) }
    }
    return (T(Double.exp(mean)), false)
  }
}

/// How many eigenvalues lie below a number.
public struct InertiaCount<T: Scalar>: Codable, Equatable, Sendable {
  /// σ.
  public let shift: T
  /// At least and at most as many.
  public let below: ClosedRange<Int>
  /// Eigenvalues within this of σ may have been counted on either side: ‖E‖₂ at most.
  public let errorBound: T
  /// The distance from σ to the nearest eigenvalue: at most this, by inverse iteration; nil where
  /// the count comes from factorizations on both sides.
  public let nearest: T?
  /// The probability, over a random vector, that the interval is too narrow.
  public let doubt: Double

  public var isCertain: Bool { below.count == 1 }
}

/// ‖A‖_∞.
@specialized(where T == Float)
@specialized(where T == Double)
func largestRowSum<T: Scalar>(_ a: Span<T>, order: Int) -> T {
  var largest: T = 0
  for i in 0..<order {
    var (s, t, u, v): (T, T, T, T) = (0, 0, 0, 0)
    var at = i * order
    let end = at + order
    while at + 4 <= end {
      s += a[unchecked: at].magnitude
      t += a[unchecked: at + 1].magnitude
      u += a[unchecked: at + 2].magnitude
      v += a[unchecked: at + 3].magnitude
      at += 4
    }
    while at < end {
      s += a[at].magnitude
      at += 1
    }
    largest = max(largest, (s + t) + (u + v))
  }
  return largest
}

/// Copies the triangle j < i to the other one, by tiles.
@specialized(where T == Float)
@specialized(where T == Double)
private func restoreTriangle<T: Scalar>(_ matrix: consuming MutableSpan<T>, order: Int) {
  precondition(matrix.count == order * order)
  let tile = 16
  for top in stride(from: 0, to: order, by: tile) {
    for left in stride(from: top, to: order, by: tile) {
      for i in top..<min(top + tile, order) {
        for j in max(left, i + 1)..<max(i + 1, min(left + tile, order)) {
          matrix[unchecked: i * order + j] = matrix[unchecked: j * order + i]
        }
      }
    }
  }
}
