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
  private let factors: [T]
  private let pivots: [Int32]
  /// How many eigenvalues of A lie below, at and above the shift.
  public let inertia: Inertia

  /// - Throws: `LinearAlgebraError` where the matrix is not square, finite and exactly symmetric.
  public init(_ matrix: consuming Matrix<T>, shift: T = 0) throws(LinearAlgebraError) {
    try matrix.requireSymmetric()
    let order = matrix.rows
    guard order <= LAPACKLimits.order else { throw .tooLarge(order: order) }
    var factors = matrix.elements
    matrix = Matrix(rows: 0, columns: 0)
    for i in 0..<order { factors[i * order + i] -= shift }
    var pivots = [Int32](repeating: 0, count: order)
    if order > 0 {
      var size: T = 0
      _ = T.sytrf(Int32(order), &factors, &pivots, &size, -1)
      var work = [T](repeating: 0, count: max(1, Int(size.nextUp.rounded(.up))))
      // A positive info is an exactly singular D: the factorization is complete all the same.
      let info = T.sytrf(Int32(order), &factors, &pivots, &work, Int32(work.count))
      guard info >= 0 else { throw .noConvergence(routine: "sytrf", info: Int(info)) }
    }
    self.order = order
    self.factors = factors
    self.pivots = pivots
    inertia = Self.inertia(factors, pivots, order: order)
  }

  /// Solves (A − σI)·x = b.
  ///
  /// - Throws: `.singular` where D has a zero on its diagonal.
  public func solve(_ b: [T]) throws(LinearAlgebraError) -> [T] {
    precondition(b.count == order, "\(b.count) elements for a system of order \(order)")
    for i in 0..<order where pivots[i] > 0 && factors[i * order + i] == 0 {
      throw .singular(pivot: i)
    }
    var x = b
    guard order > 0 else { return x }
    let info = T.sytrs(Int32(order), 1, factors, pivots, &x)
    guard info == 0 else { throw .noConvergence(routine: "sytrs", info: Int(info)) }
    return x
  }

  /// D's blocks are 1 × 1 where the pivot is positive, else 2 × 2.
  private static func inertia(_ factors: [T], _ pivots: [Int32], order: Int) -> Inertia {
    var (negative, zero, positive) = (0, 0, 0)
    func count(_ value: T) {
      if value < 0 { negative += 1 } else if value > 0 { positive += 1 } else { zero += 1 }
    }
    var i = 0
    while i < order {
      if pivots[i] > 0 {
        count(factors[i * order + i])
        i += 1
      } else {
        // Bunch–Kaufman takes a 2 × 2 pivot only where its determinant is negative: one
        // eigenvalue of each sign (Bunch, Kaufman 1977, §4).
        negative += 1
        positive += 1
        i += 2
      }
    }
    return Inertia(negative: negative, zero: zero, positive: positive)
  }
}
