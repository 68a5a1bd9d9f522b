/// Adam by the gradient's deviation from its mean, in place of its size.
///
///     m ← β₁·m + (1 − β₁)·g
///     s ← β₂·s + (1 − β₂)·(g − m)² + ε
///     θ ← θ − η_t·m̂/(√ŝ + ε),  m̂ = m/(1 − β₁ᵗ),  ŝ = s/(1 − β₂ᵗ)
///                                                    (Zhuang et al. 2020, algorithm 2)
///
/// ε twice, as in the paper: in s, where it adds up to ε/(1 − β₂), and beside the root. Defaults:
/// those of `Adam`, but ε = 1e-16 as in the authors' package (adabelief-pytorch 0.2). State: m, s
/// (as `square`) and the step count. Invariances: translation and permutation of coordinates; with
/// ε = 0 also the gradient's scale, in each coordinate apart; not rotation. PyTorch has no such
/// rule. Where √ŝ + ε = 0, which is possible with ε = 0 alone, the coordinate stays.
public struct AdaBelief<Element: Scalar>: ScheduledOptimizer {
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
    epsilon: Element = 1e-16
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
    stepByDeviation(
      &parameters, along: gradient.span, mean: &state.mean, square: &state.square,
      beta1: beta1, beta2: beta2, rate: rate / biasCorrection(beta1, step: state.step),
      rootScale: 1 / biasCorrection(beta2, step: state.step).squareRoot(), epsilon: epsilon)
  }
}

/// In one pass over memory, which is what a step of a large network costs.
@specialized(where T == Float)
@specialized(where T == Double)
private func stepByDeviation<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>,
  mean: inout [T], square: inout [T],
  beta1: T, beta2: T, rate: T, rootScale: T, epsilon: T
) {
  precondition(
    parameters.count == gradient.count && mean.count == gradient.count
      && square.count == gradient.count)
  var means = mean.mutableSpan
  var squares = square.mutableSpan
  for i in gradient.indices {
    let g = gradient[unchecked: i]
    let m = beta1 * means[unchecked: i] + (1 - beta1) * g
    let deviation = g - m
    let s = beta2 * squares[unchecked: i] + (1 - beta2) * (deviation * deviation) + epsilon
    means[unchecked: i] = m
    squares[unchecked: i] = s
    parameters[unchecked: i] -=
      rate * quotient(m, over: T.root(s) * rootScale + epsilon)
  }
}

extension AdaBelief: MomentRule {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "adabelief", title: "AdaBelief", source: "Zhuang et al. 2020, algorithm 2",
      family: .firstOrder,
      hyperparameters: [.learningRate(0.001), .beta1(0.9), .beta2(0.999), .epsilon(1e-16)])
  }
}
