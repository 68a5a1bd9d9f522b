/// One curvature matrix, (1/N) Σₙ JₙᵀBₙJₙ and, where second derivatives come in, (1/N) Σₙ Σₖ
/// (∂ℓₙ/∂zₖ)·∂²zₙₖ/∂θ²: all that a file has to say of it. Products and assembly know no kinds.
protocol CurvatureMatrix: Sendable {
  var title: String { get }
  /// Whether the network's second derivatives come in.
  var hasSecondDerivatives: Bool { get }
  /// Whether the penalty ½α‖θ‖² adds α·I.
  var seesPenalty: Bool { get }
  /// Whether no eigenvalue is negative, whatever the network and its parameters are. Both losses are
  /// convex in the outputs, and a penalty adds α ≥ 0.
  var isPositiveSemidefinite: Bool { get }
  /// The kind whose matrix less ḡḡᵀ, the square of the mean gradient, it is; nil where nothing is taken
  /// out.
  var secondMoment: CurvatureKind? { get }

  /// The matrices Bₙ of some samples.
  func outputs<T: Scalar>(_ samples: OutputSamples<T>) -> OutputCurvature<T>
  /// The same with bounds of what rounding does to them; nil where none are known.
  func rounding(_ samples: OutputRounding) -> OutputCurvatureRounding?
}

extension CurvatureMatrix {
  var hasSecondDerivatives: Bool { false }
  var seesPenalty: Bool { true }
  var isPositiveSemidefinite: Bool { true }
  var secondMoment: CurvatureKind? { nil }

  /// Bₙ = ∂²ℓ/∂z².
  func outputs<T: Scalar>(_ samples: OutputSamples<T>) -> OutputCurvature<T> {
    OutputCurvature(hessianOf: samples)
  }

  func rounding(_ samples: OutputRounding) -> OutputCurvatureRounding? {
    OutputCurvatureRounding(hessianOf: samples)
  }
}

/// A network's outputs for some samples.
struct OutputSamples<T: Scalar> {
  let loss: Loss
  /// z, one row of `classes` per sample.
  let outputs: [T]
  /// ∂ℓ/∂z·`scale`, as `Loss.evaluate` leaves it.
  let deltas: [T]
  /// 1/N.
  let scale: T
  /// K.
  let classes: Int
  /// The number of the first sample in its data set, which draws depend on.
  let first: Int
}

/// The same with bounds of what rounding did to the loss.
struct OutputRounding {
  let loss: Loss
  let rounding: LossRounding
  /// N.
  let samples: Int
  let classes: Int
}
