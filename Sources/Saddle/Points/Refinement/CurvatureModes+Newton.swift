// Newton steps from which the modes of little curvature are left out, in a Krylov space of the
// gradient. Where the space is invariant, as it is when its dimension reaches P, its modes are all
// the eigenvectors that the gradient has a part in.

extension CurvatureModes where T == Double {
  /// The Hessian's in a Krylov space of the gradient (P elements), 300 at most.
  ///
  /// - Throws: `CriticalPointError.krylov`.
  init(
    of hessian: some LinearOperator<Double>, aroundGradient gradient: [Double]
  ) throws(CriticalPointError) {
    do throws(KrylovError) {
      try self.init(of: hessian, from: gradient, count: 300)
    } catch {
      throw .krylov(error)
    }
  }

  /// p = −Σ v·(vᵀg)/λ over the modes with |λ| > cut, and ‖Hp‖² in their space, which is −gᵀHp.
  func newtonStep(
    against gradient: [Double], above cut: Double
  ) -> (step: [Double], gain: Double) {
    var gain = 0.0
    var weights = components(of: gradient)
    for (k, value) in values.enumerated() {
      guard value.magnitude > cut else {
        weights[k] = 0
        continue
      }
      gain += weights[k] * weights[k]
      weights[k] = -weights[k] / value
    }
    return (combination(weights), gain)
  }
}
