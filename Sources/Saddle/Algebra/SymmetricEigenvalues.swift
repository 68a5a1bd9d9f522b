/// By which reduction to tridiagonal form eigenvalues alone are found.
public enum TridiagonalReduction: String, Codable, CaseIterable, Sendable {
  /// LAPACK's `syevd`: one stage, half of its work memory-bound.
  case oneStage
  /// Our own, through a band matrix: faster for large orders.
  case twoStage

  /// The faster one: two stages win from an order of about 2000 on, on one thread and on two.
  public static func automatic(order: Int) -> TridiagonalReduction {
    order < 2000 ? .oneStage : .twoStage
  }
}

/// All eigenvalues of a symmetric matrix with their eigenvectors.
public struct Eigensystem<T: Scalar>: Equatable, Sendable {
  /// Ascending.
  public let values: [T]
  /// Row k is the eigenvector of `values[k]`, of norm 1.
  public let vectors: Matrix<T>
}

extension Matrix {
  /// All eigenvalues of a symmetric matrix, ascending, with multiplicity.
  ///
  /// The matrix's storage is used as the workspace: pass it on with `consume` where it is large
  /// and no longer needed, and no second one is made.
  ///
  /// - Throws: `LinearAlgebraError` where the matrix is not square, finite and exactly symmetric.
  public consuming func eigenvalues(
    reduction: TridiagonalReduction? = nil
  ) throws(LinearAlgebraError) -> [T] {
    try requireSymmetric()
    let order = rows
    let reduction = reduction ?? .automatic(order: order)
    var storage = elements
    self = Matrix(rows: 0, columns: 0)
    switch reduction {
    case .oneStage:
      return try solve("syevd", order: order, &storage) { n, a, w, work, lwork, iwork, liwork in
        T.syevd(valuesOnly, n, a, w, work, lwork, iwork, liwork)
      }
    case .twoStage:
      guard order <= LAPACKLimits.order else { throw .tooLarge(order: order) }
      let scale = safeScale(largestMagnitude(storage.span))
      if scale != 1 { for at in storage.indices { storage[at] *= scale } }
      let band = SymmetricBand(reducing: consume storage, order: order)
      let (diagonal, offDiagonal) = band.tridiagonal()
      return try tridiagonalEigenvalues(diagonal: diagonal, offDiagonal: offDiagonal)
        .map { $0 / scale }
    }
  }

  /// All eigenvalues and eigenvectors of a symmetric matrix (LAPACK `syevd`).
  ///
  /// - Throws: `LinearAlgebraError` where the matrix is not square, finite and exactly symmetric.
  public consuming func eigensystem() throws(LinearAlgebraError) -> Eigensystem<T> {
    try requireSymmetric()
    let order = rows
    guard order <= LAPACKLimits.eigensystemOrder else { throw .tooLarge(order: order) }
    var storage = elements
    self = Matrix(rows: 0, columns: 0)
    let values = try solve("syevd", order: order, &storage) {
      n, a, w, work, lwork, iwork, liwork in
      T.syevd(valuesAndVectors, n, a, w, work, lwork, iwork, liwork)
    }
    return Eigensystem(
      values: values, vectors: Matrix(rows: order, columns: order, elements: storage))
  }
}

private typealias Solver<T> = (
  Int32, UnsafeMutablePointer<T>, UnsafeMutablePointer<T>, UnsafeMutablePointer<T>, Int32,
  UnsafeMutablePointer<Int32>, Int32
) -> Int32

/// Below this order LAPACK's eigensolvers take longer on two threads than on one, up to twice as long.
private let shortestForThreads = 512

/// Asks a LAPACK eigensolver for its workspace, then runs it.
private func solve<T: Scalar>(
  _ name: String, order: Int, _ storage: inout [T], _ solver: Solver<T>
) throws(LinearAlgebraError) -> [T] {
  guard order > 0 else { return [] }
  guard order <= LAPACKLimits.order else { throw .tooLarge(order: order) }
  var values = [T](repeating: .nan, count: order)
  func run() -> Int32 {
    storage.withUnsafeMutableBufferPointer { a in
      values.withUnsafeMutableBufferPointer { w in
        guard let a = a.baseAddress, let w = w.baseAddress else { return -1 }
        var size: T = 0
        var integers: Int32 = 0
        let info = solver(Int32(order), a, w, &size, -1, &integers, -1)
        guard info == 0 else { return info }
        // A Float cannot hold every large size exactly: its successor is never too small.
        var work = [T](repeating: 0, count: Int(size.nextUp.rounded(.up)))
        var iwork = [Int32](repeating: 0, count: Int(integers))
        return solver(
          Int32(order), a, w, &work, Int32(work.count), &iwork, Int32(iwork.count))
      }
    }
  }
  let info = order < shortestForThreads ? withoutBLASThreads(run) : run()
  guard info == 0 else { throw .noConvergence(routine: name, info: Int(info)) }
  return values
}
