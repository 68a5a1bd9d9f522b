/// Lion: the sign of a mean, with decoupled weight decay.
///
///     u = sign(β₁·m + (1 − β₁)·g),  sign 0 = 0
///     θ ← (1 − η_t·λ)·θ − η_t·u
///     m ← β₂·m + (1 − β₂)·g                                (Chen et al. 2023, algorithm 2)
///
/// Defaults: β₁ = 0.9, β₂ = 0.99 of the paper, η = 1e-4 and λ = 0 of the authors' code
/// (google/automl). State: m and the step count. Invariances: permutation of coordinates and the
/// gradient's scale; translation with λ = 0; not rotation. PyTorch has no such rule.
public struct Lion<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>
  /// β₁ in [0, 1), of the step.
  public let beta1: Element
  /// β₂ in [0, 1), of the memory.
  public let beta2: Element
  /// λ ≥ 0.
  public let weightDecay: Element

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// m, P elements.
    public internal(set) var mean: [Element]
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 1e-4, beta1: Element = 0.9, beta2: Element = 0.99,
    weightDecay: Element = 0
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireDecay("beta1", beta1)
    try OptimizerError.requireDecay("beta2", beta2)
    try OptimizerError.requireNotNegative("weightDecay", weightDecay)
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.weightDecay = weightDecay
  }

  public func initialState(dimension: Int) -> State {
    State(mean: [Element](repeating: 0, count: dimension))
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && state.mean.areFinite(count: dimension)
  }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rate = learningRate.rate(at: state.step)
    state.step += 1
    var means = state.mean.mutableSpan
    forEachPiece(&parameters, &means, along: gradient.span) {
      stepBySignOfMean(
        &$0, along: $2, means: &$1, beta1: beta1, beta2: beta2,
        shrinkage: 1 - rate * weightDecay, rate: rate)
    }
  }
}

/// In one pass over memory, which is what a step of a large network costs.
@specialized(where T == Float)
@specialized(where T == Double)
private func stepBySignOfMean<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>, means: inout MutableSpan<T>,
  beta1: T, beta2: T, shrinkage: T, rate: T
) {
  precondition(parameters.count == gradient.count && means.count == gradient.count)
  for i in gradient.indices {
    let g = gradient[unchecked: i]
    let m = means[unchecked: i]
    parameters[unchecked: i] =
      shrinkage * parameters[unchecked: i] - rate * sign(beta1 * m + (1 - beta1) * g)
    means[unchecked: i] = beta2 * m + (1 - beta2) * g
  }
}

extension Lion: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "lion", title: "Lion", source: "Chen et al. 2023, algorithm 2", family: .firstOrder,
      hyperparameters: [.learningRate(1e-4), .beta1(0.9), .beta2(0.99), .weightDecay(0)])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), beta1: settings.value("beta1"),
      beta2: settings.value("beta2"), weightDecay: settings.value("weightDecay"))
  }
}
