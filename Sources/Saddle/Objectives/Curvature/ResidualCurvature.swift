/// Hessian less Gauss–Newton, (1/N) Σₙ Σₖ (∂ℓₙ/∂zₖ)·∂²zₙₖ/∂θ²: Bₙ = 0. The penalty is in what is taken
/// off.
struct ResidualCurvature: CurvatureMatrix {
  var title: String { "Hessian less Gauss–Newton" }
  var hasSecondDerivatives: Bool { true }
  var seesPenalty: Bool { false }
  var isPositiveSemidefinite: Bool { false }

  func outputs<T: Scalar>(_ samples: OutputSamples<T>) -> OutputCurvature<T> { .zero(samples) }

  func rounding(_ samples: OutputRounding) -> OutputCurvatureRounding? { .zero(samples) }
}
