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
  /// How many eigenvalues of A lie below, at and above the shift.
  public let inertia: Inertia

  /// - Throws: `LinearAlgebraError` where the matrix is not square, finite and exactly symmetric.
  public init(_ matrix: consuming Matrix<T>, shift: T = 0) throws(LinearAlgebraError) {
    try matrix.requireSymmetric()
    let order = matrix.rows
    guard order <= LAPACKLimits.order else { throw .tooLarge(order: order) }
    var elements = matrix.elements
    matrix = Matrix(rows: 0, columns: 0)
    for i in 0..<order { elements[i * order + i] -= shift }
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
    return x
  }
}
