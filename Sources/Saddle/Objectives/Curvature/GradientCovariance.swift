/// The covariance of the samples' gradients: the empirical Fisher less ḡḡᵀ. A penalty shifts all
/// gradients alike, so it is not seen.
struct GradientCovariance: CurvatureMatrix {
  var title: String { "gradient covariance" }
  var seesPenalty: Bool { false }
  var secondMoment: CurvatureKind? { .empiricalFisher }

  func outputs<T: Scalar>(_ samples: OutputSamples<T>) -> OutputCurvature<T> {
    EmpiricalFisher().outputs(samples)
  }

  func rounding(_ samples: OutputRounding) -> OutputCurvatureRounding? {
    EmpiricalFisher().rounding(samples)
  }
}
