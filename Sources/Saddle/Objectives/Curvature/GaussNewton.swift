/// The generalized Gauss–Newton matrix: Bₙ = ∂²ℓ/∂z² (Schraudolph 2002). A penalty is quadratic and
/// belongs to it.
struct GaussNewton: CurvatureMatrix {
  var title: String { "generalized Gauss–Newton" }
}
