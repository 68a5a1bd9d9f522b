/// The singular values of a square matrix, descending, and its left singular vectors.
struct SingularVectors: Equatable, Sendable {
  let values: [Double]
  /// Row k belongs to `values[k]`; orthonormal.
  let vectors: Matrix<Double>

  /// - Parameter matrix: square and finite.
  /// - Throws: `LinearAlgebraError.noConvergence`, `.tooLarge`.
  init(of matrix: Matrix<Double>) throws(LinearAlgebraError) {
    precondition(matrix.isSquare, "\(matrix.rows) × \(matrix.columns) is not square")
    let order = matrix.rows
    guard order <= LAPACKLimits.eigensystemOrder else { throw .tooLarge(order: order) }
    // LAPACK reads columns, and leaves the vectors as columns.
    var storage = matrix.transpose.elements
    var values = [Double](repeating: 0, count: order)
    var size = 0.0
    var info = Double.gesvd(Int32(order), &storage, &values, &size, -1)
    if info == 0, order > 0 {
      var work = [Double](repeating: 0, count: max(1, Int(size)))
      info = Double.gesvd(Int32(order), &storage, &values, &work, Int32(work.count))
    }
    guard info == 0 else { throw .noConvergence(routine: "gesvd", info: Int(info)) }
    self.values = values
    vectors = Matrix(rows: order, columns: order, elements: storage)
  }
}
