extension CurvatureModes {
  /// Ritz values and vectors of the Hessian at θ in the Krylov space of `start`, by Lanczos'
  /// recurrence with two passes of Gram–Schmidt (Lanczos 1950; Parlett 1998, §6.8, §13).
  ///
  ///     β_j·q_{j+1} = H·q_j − α_j·q_j − β_{j−1}·q_{j−1},  T = tridiag(β, α, β) = QᵀHQ
  ///
  /// One Hessian-vector product per direction. It ends early where the space is invariant; from a
  /// zero vector it gives none.
  ///
  /// - Parameter count: how many directions at most.
  /// - Throws: `OptimizerError.productNotFinite`.
  init<Model: LocalModel<T>>(
    krylov model: inout Model, at parameters: Span<T>, from start: [T], count: Int
  ) throws(OptimizerError) {
    model.linearize(at: parameters)
    let order = start.count
    var basis: [T] = []
    var (alphas, betas): ([T], [T]) = ([], [])
    var next = start
    var length = start.norm
    var largest: T = 0
    while alphas.count < min(count, order), length.isNormal {
      let q = next.scaled(by: 1 / length)
      if !alphas.isEmpty { betas.append(length) }
      basis += q
      next = try model.finiteProduct(along: q)
      alphas.append(next.dot(q))
      orthogonalize(&next, against: basis)
      let size = next.norm
      largest = max(largest, alphas.last?.magnitude ?? 0, size)
      // What is left of an invariant space is rounding.
      length = size > 4 * T(order).squareRoot() * T.ulpOfOne * largest ? size : 0
    }
    try self.init(basis: basis, order: order, alphas: alphas, betas: betas)
  }

  /// The eigensystem of T, turned back by Q.
  private init(basis: [T], order: Int, alphas: [T], betas: [T]) throws(OptimizerError) {
    let count = alphas.count
    var tridiagonal = Matrix<T>(rows: count, columns: count)
    for j in 0..<count {
      tridiagonal[j, j] = alphas[j]
      guard j + 1 < count else { break }
      tridiagonal[j, j + 1] = betas[j]
      tridiagonal[j + 1, j] = betas[j]
    }
    do throws(LinearAlgebraError) {
      let system = try tridiagonal.eigensystem()
      self.init(
        values: system.values,
        vectors: system.vectors * Matrix(rows: count, columns: order, elements: basis))
    } catch {
      throw .hessianRefused(error)
    }
  }
}

/// v ← (I − QᵀQ)·v for the rows of Q, twice: once leaves up to ε·‖v‖ of them behind (Giraud et al.
/// 2005).
private func orthogonalize<T: Scalar>(_ vector: inout [T], against basis: [T]) {
  let order = vector.count
  let rows = Layout(rows: basis.count / order, columns: order)
  var overlaps = [T](repeating: 0, count: rows.rows)
  for _ in 0..<2 {
    var target = overlaps.mutableSpan
    multiply(
      basis.span, rows, vector.span, Layout(rows: order, columns: 1),
      into: &target, Layout(rows: rows.rows, columns: 1))
    var rest = vector.mutableSpan
    multiply(
      basis.span, rows.transposed, overlaps.span, Layout(rows: rows.rows, columns: 1),
      scaledBy: -1, adding: 1, into: &rest, Layout(rows: order, columns: 1))
  }
}
