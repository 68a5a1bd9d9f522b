import RealModule

/// The third derivative T of a model around θ, by central differences of its Hessian-vector
/// products.
struct ThirdDerivative<T: Scalar> {
  /// θ.
  let center: [T]
  /// h = ε^⅓·max(1, ‖θ‖): the error of T(u, u, ·) is of order h² times the fifth derivative, and
  /// ε·‖H‖/h of rounding.
  let step: T

  init(at center: [T]) {
    self.center = center
    step = T.root(T.ulpOfOne, 3) * max(1, center.norm)
  }

  /// T(u, u, ·) = (H(θ + hu) − H(θ − hu))·u/(2h), for a u of norm 1: two products.
  ///
  /// - Throws: `KrylovError.productNotFinite`.
  func twice(along u: [T], on model: some LocalModel<T>) throws(KrylovError) -> [T] {
    func product(from step: T) throws(KrylovError) -> [T] {
      try model.linearized(at: center.adding(step, times: u).span).finiteProduct(u)
    }
    let (forward, backward) = (try product(from: step), try product(from: -step))
    return forward.adding(-1, times: backward).scaled(by: 1 / (2 * step))
  }

  /// A direction of norm 1 in the span of the rows of `space` along which T(u, u, u) is large and
  /// negative, the best of 8 random ones, each improved by 4 power steps u ← T(u, u, ·)/‖·‖ within
  /// the span (De Lathauwer et al. 2000).
  ///
  /// A random direction has |T(u, u, u)| ≥ ‖T‖_F/(B·r^1.5) with constant probability, for a
  /// constant B (Anandkumar, Ge 2016): of 8 one almost surely has.
  ///
  /// - Throws: `KrylovError.productNotFinite`.
  func descent(
    in space: CurvatureModes<T>, on model: some LocalModel<T>,
    using generator: inout RandomStream
  ) throws(KrylovError) -> (direction: [T], derivative: T) {
    var best: (direction: [T], derivative: T) = (center.scaled(by: 0), 0)
    for _ in 0..<8 {
      var inside = generator.unitVector(space.values.count, T.self)
      for _ in 0..<5 {
        let u = space.combination(inside)
        let w = space.components(of: try twice(along: u, on: model))
        let derivative = w.dot(inside)
        if derivative.magnitude > best.derivative.magnitude {
          best = derivative < 0 ? (u, derivative) : (u.scaled(by: -1), -derivative)
        }
        let length = w.norm
        guard length.isNormal else { break }
        inside = w.scaled(by: 1 / length)
      }
    }
    return best
  }
}
