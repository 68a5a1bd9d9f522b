/// Noisy gradient descent: every gradient gets noise of a fixed length in a random direction.
///
///     θ ← θ − η_t·(g + r·ξ),  ξ uniform on the unit sphere            (Ge et al. 2015, algorithm 1)
///
/// r = 1 is the paper's. State: the noise's generator and the step count. Invariances: translation;
/// permutation and rotation of coordinates in distribution only.
public struct NoisySGD<Element: Scalar>: FirstOrderOptimizer {
  public let learningRate: LearningRate<Element>
  /// r ≥ 0.
  public let radius: Element
  /// Seeds the noise.
  public let seed: UInt64

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// Steps with noise of a length above 0; nil in a memory from before they were counted.
    public internal(set) var interventions: Int? = 0
    public internal(set) var noise: RandomStream
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element>, radius: Element = 1, seed: UInt64 = 1
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireNotNegative("radius", radius)
    self.learningRate = learningRate
    self.radius = radius
    self.seed = seed
  }

  public func initialState(dimension: Int) -> State {
    State(noise: RandomStream(seed: seed, name: "noise"))
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && isInterventionCount(state.interventions, of: state.step)
  }

  public func interventions(in state: State) -> Int? { state.interventions }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let direction = state.noise.unitVector(parameters.count, Element.self)
    axpy(radius, direction.span, into: &gradient)
    axpy(-learningRate.rate(at: state.step), gradient.span, into: &parameters)
    state.step += 1
    if radius > 0 { state.interventions? += 1 }
  }
}

extension NoisySGD: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "noisySGD", title: "Noisy SGD", source: "Ge et al. 2015, algorithm 1",
      family: .firstOrder,
      hyperparameters: [.learningRate(0.05), Hyperparameter("radius", default: 1, "r ≥ 0")])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), radius: settings.value("radius"),
      seed: settings.seed)
  }
}
