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
    var basis = KrylovBasis<T>(order: order, capacity: min(count, order, 64))
    var (alphas, betas): ([T], [T]) = ([], [])
    var next = start
    var length = start.norm
    var largest: T = 0
    while alphas.count < min(count, order), length.isNormal {
      let q = next.scaled(by: 1 / length)
      if !alphas.isEmpty { betas.append(length) }
      basis.append(q)
      next = try model.finiteProduct(along: q)
      alphas.append(next.dot(q))
      basis.orthogonalize(&next)
      let size = next.norm
      largest = max(largest, alphas.last?.magnitude ?? 0, size)
      // What is left of an invariant space is rounding.
      length = size > 4 * T(order).squareRoot() * T.ulpOfOne * largest ? size : 0
    }
    try self.init(basis: basis, alphas: alphas, betas: betas)
  }

  /// The eigensystem of T, turned back by Q.
  private init(
    basis: KrylovBasis<T>, alphas: [T], betas: [T]
  ) throws(OptimizerError) {
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
      self.init(values: system.values, vectors: basis.combinations(system.vectors))
    } catch {
      throw .hessianRefused(error)
    }
  }
}
