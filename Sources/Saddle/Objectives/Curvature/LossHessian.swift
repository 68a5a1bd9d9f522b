/// The loss's own Hessian, ∂²L/∂θ²: Bₙ = ∂²ℓ/∂z², and the network's second derivatives.
struct LossHessian: CurvatureMatrix {
  var title: String { "Hessian" }
  var hasSecondDerivatives: Bool { true }
  var isPositiveSemidefinite: Bool { false }
}
