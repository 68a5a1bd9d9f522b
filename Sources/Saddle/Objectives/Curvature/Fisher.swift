/// Fisher's information of the model whose negative log-likelihood is the loss: for softmax and for a
/// normal distribution Bₙ = E[(∂ℓ/∂z)(∂ℓ/∂z)ᵀ] = ∂²ℓ/∂z² (Martens 2020, §9.2).
struct Fisher: CurvatureMatrix {
  var title: String { "Fisher" }
}
