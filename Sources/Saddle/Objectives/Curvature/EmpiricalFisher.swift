/// The mean of gₙgₙᵀ over the samples' own gradients: Bₙ = (∂ℓ/∂z)(∂ℓ/∂z)ᵀ (Kunstner, Balles, Hennig
/// 2019).
struct EmpiricalFisher: CurvatureMatrix {
  var title: String { "empirical Fisher" }

  func outputs<T: Scalar>(_ samples: OutputSamples<T>) -> OutputCurvature<T> {
    OutputCurvature(
      outerProductsOf: samples.deltas.map { $0 / samples.scale }, draws: 1, classes: samples.classes)
  }

  func rounding(_ samples: OutputRounding) -> OutputCurvatureRounding? {
    OutputCurvatureRounding(outerProductsOf: samples)
  }
}
