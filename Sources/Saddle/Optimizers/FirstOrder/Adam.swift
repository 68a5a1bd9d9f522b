/// Adam: steps by the mean gradient over the root of its mean square.
///
///     m ← β₁·m + (1 − β₁)·g
///     v ← β₂·v + (1 − β₂)·g²
///     θ ← θ − η_t·m̂/(√v̂ + ε),  m̂ = m/(1 − β₁ᵗ),  v̂ = v/(1 − β₂ᵗ)
///                                                    (Kingma, Ba 2015, algorithm 1)
///
/// The defaults are the paper's: η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 1e-8. State: m, v and the
/// step count. Invariances: translation and permutation of coordinates; with ε = 0 also the
/// gradient's scale, in each coordinate apart; not rotation. PyTorch's rule is the same. Where
/// √v̂ + ε = 0, which is possible with ε = 0 alone, the coordinate stays.
public struct Adam<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>
  /// β₁ in [0, 1).
  public let beta1: Element
  /// β₂ in [0, 1).
  public let beta2: Element
  /// ε ≥ 0.
  public let epsilon: Element

  public typealias State = Moments<Element>

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 0.001, beta1: Element = 0.9, beta2: Element = 0.999,
    epsilon: Element = 1e-8
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireMoments(beta1: beta1, beta2: beta2, epsilon: epsilon)
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
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
      beta1: beta1, beta2: beta2, rate: rate / biasCorrection(beta1, step: state.step),
      rootScale: 1 / biasCorrection(beta2, step: state.step).squareRoot(), epsilon: epsilon)
  }
}

extension Adam: MomentRule {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "adam", title: "Adam", source: "Kingma, Ba 2015, algorithm 1", family: .firstOrder,
      hyperparameters: [.learningRate(0.001), .beta1(0.9), .beta2(0.999), .epsilon(1e-8)])
  }
}
