/// Adam with weight decay apart from the gradient.
///
///     θ ← (1 − η_t·λ)·θ, then a step of `Adam` with the gradient at the θ before
///                                                    (Loshchilov, Hutter 2019, algorithm 2)
///
/// λ is PyTorch's, multiplied by η: the paper's own λ is η·λ of ours. Defaults: those of `Adam`,
/// and λ = 0.01 as in PyTorch. State: m, v and the step count. Invariances: permutation of
/// coordinates; translation only with λ = 0, where it is `Adam` bit for bit; the gradient's scale
/// with ε = 0; not rotation. PyTorch's rule is the same.
public struct AdamW<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>
  /// β₁ in [0, 1).
  public let beta1: Element
  /// β₂ in [0, 1).
  public let beta2: Element
  /// ε ≥ 0.
  public let epsilon: Element
  /// λ ≥ 0.
  public let weightDecay: Element

  public typealias State = Moments<Element>

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 0.001, beta1: Element = 0.9, beta2: Element = 0.999,
    epsilon: Element = 1e-8, weightDecay: Element = 0.01
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireMoments(beta1: beta1, beta2: beta2, epsilon: epsilon)
    try OptimizerError.requireNotNegative("weightDecay", weightDecay)
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var largestGradient: Element { .largestSquarable }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rate = learningRate.rate(at: state.step)
    state.step += 1
    stepByMoments(
      &parameters, along: gradient.span, mean: &state.mean, square: &state.square,
      beta1: beta1, beta2: beta2, shrinkage: 1 - rate * weightDecay,
      rate: rate / biasCorrection(beta1, step: state.step),
      rootScale: 1 / biasCorrection(beta2, step: state.step).squareRoot(), epsilon: epsilon)
  }
}

extension AdamW: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "adamw", title: "AdamW", source: "Loshchilov, Hutter 2019, algorithm 2",
      family: .firstOrder,
      hyperparameters: [
        .learningRate(0.001), .beta1(0.9), .beta2(0.999), .epsilon(1e-8), .weightDecay(0.01),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), beta1: settings.value("beta1"),
      beta2: settings.value("beta2"), epsilon: settings.value("epsilon"),
      weightDecay: settings.value("weightDecay"))
  }
}
