/// Fisher's information of the model whose negative log-likelihood is the loss: for softmax and for a
/// normal distribution Bₙ = E[(∂ℓ/∂z)(∂ℓ/∂z)ᵀ] = ∂²ℓ/∂z² (Martens 2020, §9.2).
struct Fisher: CurvatureMatrix {
  var title: String { "Fisher" }

  func outputs<T: Scalar>(_ samples: OutputSamples<T>) -> OutputCurvature<T> {
    OutputCurvature(hessianOf: samples)
  }

  func rounding(_ samples: OutputRounding) -> OutputCurvatureRounding? {
    OutputCurvatureRounding(hessianOf: samples)
  }
}
