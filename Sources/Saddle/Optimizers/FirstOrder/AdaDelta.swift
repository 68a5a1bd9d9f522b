/// AdaDelta: the root mean square of the past steps over that of the gradients as the rate.
///
///     v ← ρ·v + (1 − ρ)·g²
///     Δ = √(u + ε)/√(v + ε)·g
///     u ← ρ·u + (1 − ρ)·Δ²
///     θ ← θ − η_t·Δ                                        (Zeiler 2012, algorithm 1)
///
/// The paper has η = 1 and tries ρ = 0.95, ε = 1e-6 (§4.1); defaults are PyTorch's η = 1, ρ = 0.9,
/// ε = 1e-6. ε > 0, since with ε = 0 no step is ever taken. State: v, u and the step count.
/// Invariances: translation and permutation of coordinates; neither the gradient's scale, by ε, nor
/// rotation. PyTorch's rule is the same.
public struct AdaDelta<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>
  /// ρ in [0, 1).
  public let decay: Element
  /// ε > 0.
  public let epsilon: Element

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// v, P elements, none negative.
    public internal(set) var square: [Element]
    /// u, P elements, none negative.
    public internal(set) var squaredStep: [Element]
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 1, decay: Element = 0.9, epsilon: Element = 1e-6
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireDecay("decay", decay)
    try OptimizerError.requirePositive("epsilon", epsilon)
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
  }

  public func initialState(dimension: Int) -> State {
    let zeros = [Element](repeating: 0, count: dimension)
    return State(square: zeros, squaredStep: zeros)
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && state.square.areNotNegative(count: dimension)
      && state.squaredStep.areNotNegative(count: dimension)
  }

  public var largestGradient: Element { .largestSquarable }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rate = learningRate.rate(at: state.step)
    state.step += 1
    stepByUnits(
      &parameters, along: gradient.span, square: &state.square, squaredStep: &state.squaredStep,
      decay: decay, rate: rate, epsilon: epsilon)
  }
}

/// In one pass over memory, which is what a step of a large network costs.
@specialized(where T == Float)
@specialized(where T == Double)
private func stepByUnits<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>,
  square: inout [T], squaredStep: inout [T], decay: T, rate: T, epsilon: T
) {
  precondition(
    parameters.count == gradient.count && square.count == gradient.count
      && squaredStep.count == gradient.count)
  var squares = square.mutableSpan
  var steps = squaredStep.mutableSpan
  for i in gradient.indices {
    let g = gradient[unchecked: i]
    let v = decay * squares[unchecked: i] + (1 - decay) * (g * g)
    let u = steps[unchecked: i]
    // Two roots, since the quotient of the squares may underflow.
    let step = T.root(u + epsilon) / T.root(v + epsilon) * g
    squares[unchecked: i] = v
    steps[unchecked: i] = decay * u + (1 - decay) * (step * step)
    parameters[unchecked: i] -= rate * step
  }
}

extension AdaDelta: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "adadelta", title: "AdaDelta", source: "Zeiler 2012, algorithm 1",
      family: .firstOrder,
      hyperparameters: [
        .learningRate(1), Hyperparameter("decay", alias: "rho", default: 0.9, "ρ in [0, 1)"),
        Hyperparameter("epsilon", alias: "eps", default: 1e-6, "ε > 0"),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), decay: settings.value("decay"),
      epsilon: settings.value("epsilon"))
  }
}
