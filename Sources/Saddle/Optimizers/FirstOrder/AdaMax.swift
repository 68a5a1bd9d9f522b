/// Adam with the largest recent gradient in place of the root mean square.
///
///     m ← β₁·m + (1 − β₁)·g
///     u ← max(β₂·u, |g| + ε)
///     θ ← θ − η_t·m̂/u,  m̂ = m/(1 − β₁ᵗ)               (Kingma, Ba 2015, algorithm 2)
///
/// ε is PyTorch's; with ε = 0 it is the paper's rule. Defaults: η = 0.002, β₁ = 0.9, β₂ = 0.999 of
/// the paper, ε = 1e-8 of PyTorch. State: m, u and the step count. Invariances: translation and
/// permutation of coordinates; with ε = 0 also the gradient's scale, in each coordinate apart; not
/// rotation. Where u = 0, which is possible with ε = 0 alone, the coordinate stays.
public struct AdaMax<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>
  /// β₁ in [0, 1).
  public let beta1: Element
  /// β₂ in [0, 1).
  public let beta2: Element
  /// ε ≥ 0.
  public let epsilon: Element

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// m, P elements.
    public internal(set) var mean: [Element]
    /// u, P elements, none negative.
    public internal(set) var largest: [Element]
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 0.002, beta1: Element = 0.9, beta2: Element = 0.999,
    epsilon: Element = 1e-8
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireMoments(beta1: beta1, beta2: beta2, epsilon: epsilon)
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  public func initialState(dimension: Int) -> State {
    let zeros = [Element](repeating: 0, count: dimension)
    return State(mean: zeros, largest: zeros)
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && state.mean.areFinite(count: dimension)
      && state.largest.areNotNegative(count: dimension)
  }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rate = learningRate.rate(at: state.step)
    state.step += 1
    stepByMaximum(
      &parameters, along: gradient.span, mean: &state.mean, largest: &state.largest,
      beta1: beta1, beta2: beta2, rate: rate / biasCorrection(beta1, step: state.step),
      epsilon: epsilon)
  }
}

/// In one pass over memory, which is what a step of a large network costs.
@specialized(where T == Float)
@specialized(where T == Double)
private func stepByMaximum<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>,
  mean: inout [T], largest: inout [T], beta1: T, beta2: T, rate: T, epsilon: T
) {
  precondition(
    parameters.count == gradient.count && mean.count == gradient.count
      && largest.count == gradient.count)
  var means = mean.mutableSpan
  var maxima = largest.mutableSpan
  for i in gradient.indices {
    let g = gradient[unchecked: i]
    let m = beta1 * means[unchecked: i] + (1 - beta1) * g
    let faded = beta2 * maxima[unchecked: i]
    let now = g.magnitude + epsilon
    let u = now > faded ? now : faded
    means[unchecked: i] = m
    maxima[unchecked: i] = u
    parameters[unchecked: i] -= rate * quotient(m, over: u)
  }
}

extension AdaMax: MomentRule {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "adamax", title: "AdaMax", source: "Kingma, Ba 2015, algorithm 2",
      family: .firstOrder,
      hyperparameters: [.learningRate(0.002), .beta1(0.9), .beta2(0.999), .epsilon(1e-8)])
  }
}
