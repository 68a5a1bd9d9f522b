/// The numbers of negative, zero and positive eigenvalues of a symmetric matrix.
public struct Inertia: Codable, Equatable, Sendable {
  public let negative: Int
  public let zero: Int
  public let positive: Int

  public init(negative: Int, zero: Int, positive: Int) {
    self.negative = negative
    self.zero = zero
    self.positive = positive
  }
}

/// The Bunch–Kaufman factorization A − σI = L·D·Lᵀ of a symmetric matrix (LAPACK `sytrf`).
///
/// By Sylvester's law of inertia the blocks of D count the eigenvalues below and above σ, without
/// an eigensolver and at the speed of GEMM.
public struct SymmetricFactorization<T: Scalar>: Sendable {
  public let order: Int
  private let elements: [T]
  private let factors: BunchKaufman<T>
  /// What the matrix was multiplied by: a power of two.
  private let scale: T
  /// How many eigenvalues of A lie below, at and above the shift.
  public let inertia: Inertia

  /// - Throws: `LinearAlgebraError` where the matrix is not square, finite and exactly symmetric.
  public init(_ matrix: consuming Matrix<T>, shift: T = 0) throws(LinearAlgebraError) {
    try matrix.requireSymmetric()
    let order = matrix.rows
    guard order <= LAPACKLimits.order else { throw .tooLarge(order: order) }
    var elements = matrix.elements
    matrix = Matrix(rows: 0, columns: 0)
    scale = safeScale(max(largestMagnitude(elements.span), shift.magnitude))
    if scale != 1 { for at in elements.indices { elements[at] *= scale } }
    for i in 0..<order { elements[i * order + i] -= scale * shift }
    var factors = BunchKaufman<T>(order: order)
    try factors.factorize(&elements)
    self.order = order
    self.elements = elements
    self.factors = factors
    inertia = factors.inertia(elements)
  }

  /// Solves (A − σI)·x = b.
  ///
  /// - Throws: `.singular` where D has a zero on its diagonal.
  public func solve(_ b: [T]) throws(LinearAlgebraError) -> [T] {
    precondition(b.count == order, "\(b.count) elements for a system of order \(order)")
    if let pivot = factors.firstZero(elements) { throw .singular(pivot: pivot) }
    var x = b
    try factors.solve(elements, &x)
    if scale != 1 { for i in x.indices { x[i] *= scale } }
    return x
  }
}

/// A power of two that takes numbers of this magnitude to where neither their squares nor their
/// reciprocals overflow or vanish, as algorithms make them of pivots; 1 where they are there.
func safeScale<T: Scalar>(_ magnitude: T) -> T {
  guard magnitude > 0, magnitude.isFinite else { return 1 }
  let limit = T.greatestFiniteMagnitude.exponent / 4
  guard magnitude.exponent.magnitude > limit.magnitude else { return 1 }
  // The scale itself must be a number: of the least subnormal ones it leads half of the way.
  let exponent = min(max(-magnitude.exponent, -limit * 4 + 2), limit * 4 - 2)
  return T(sign: .plus, exponent: exponent, significand: 1)
}
