/// Ritz values in ascending order, each with its vector's weights in the basis (a row) and the
/// norm of its residual.
package struct RitzPairs<T: Scalar> {
  package let values: [T]
  package let weights: Matrix<T>
  package let residuals: [T]

  /// Of a Krylov decomposition Q·A = H·Q + C·F with orthonormal rows F; residuals are what the
  /// recurrence has them to be, without rounding.
  ///
  /// - Parameters:
  ///   - projected: H, m × m and exactly symmetric.
  ///   - coupling: C, m × b.
  /// - Throws: `KrylovError.projection`.
  init(projected: Matrix<T>, coupling: Matrix<T>) throws(KrylovError) {
    let system: Eigensystem<T>
    do throws(LinearAlgebraError) {
      system = try projected.eigensystem()
    } catch {
      throw .projection(error)
    }
    values = system.values
    weights = system.vectors
    let rest = system.vectors * coupling
    residuals = values.indices.map { rest.row($0).norm }
  }

  func weights(of kept: [Int]) -> Matrix<T> {
    Matrix(rows: kept.count, columns: weights.columns, elements: kept.flatMap(weights.row))
  }
}
