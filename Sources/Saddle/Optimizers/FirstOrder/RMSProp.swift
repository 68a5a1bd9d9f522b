/// RMSProp: the gradient over the root of its mean square, or of its variance.
///
///     v ← α·v + (1 − α)·g²
///     plain:    θ ← θ − η_t·g/(√v + ε)                     (Hinton 2012, lecture 6e)
///     centered: m ← α·m + (1 − α)·g
///               θ ← θ − η_t·g/(√(v − m²) + ε)              (Graves 2013, eq. 38–41)
///
/// ε stands outside the root, as in PyTorch; Graves has it inside, and momentum besides. Defaults:
/// PyTorch's η = 0.01, α = 0.99, ε = 1e-8; Hinton has α = 0.9, Graves 0.95. State: v, m where it is
/// centered, and the step count. Invariances: translation and permutation of coordinates; with
/// ε = 0 also the gradient's scale, in each coordinate apart; not rotation. Where rounding takes
/// v − m² below 0, it is 0 here and NaN in PyTorch. Where the denominator is 0, which is possible
/// with ε = 0 alone, the coordinate stays.
public struct RMSProp<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>
  /// α in [0, 1).
  public let decay: Element
  /// ε ≥ 0.
  public let epsilon: Element
  /// Whether the mean's square is taken off.
  public let centered: Bool

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// v, P elements, none negative.
    public internal(set) var square: [Element]
    /// m, P elements; none at all where it is not centered.
    public internal(set) var mean: [Element]
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 0.01, decay: Element = 0.99, epsilon: Element = 1e-8,
    centered: Bool = false
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireDecay("decay", decay)
    try OptimizerError.requireNotNegative("epsilon", epsilon)
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
    self.centered = centered
  }

  public func initialState(dimension: Int) -> State {
    State(
      square: [Element](repeating: 0, count: dimension),
      mean: [Element](repeating: 0, count: centered ? dimension : 0))
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && state.square.areNotNegative(count: dimension)
      && state.mean.areFinite(count: centered ? dimension : 0)
  }

  public var largestGradient: Element { .largestSquarable }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rate = learningRate.rate(at: state.step)
    state.step += 1
    if centered {
      stepByDeviation(
        &parameters, along: gradient.span, square: &state.square, mean: &state.mean,
        decay: decay, rate: rate, epsilon: epsilon)
    } else {
      var squares = state.square.mutableSpan
      forEachPiece(&parameters, &squares, along: gradient.span) {
        stepBySquare(&$0, along: $2, squares: &$1, decay: decay, rate: rate, epsilon: epsilon)
      }
    }
  }
}

/// In one pass over memory, which is what a step of a large network costs.
@specialized(where T == Float)
@specialized(where T == Double)
private func stepBySquare<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>, squares: inout MutableSpan<T>,
  decay: T, rate: T, epsilon: T
) {
  precondition(parameters.count == gradient.count && squares.count == gradient.count)
  for i in gradient.indices {
    let g = gradient[unchecked: i]
    let v = decay * squares[unchecked: i] + (1 - decay) * (g * g)
    squares[unchecked: i] = v
    parameters[unchecked: i] -= rate * quotient(g, over: T.root(v) + epsilon)
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
private func stepByDeviation<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>,
  square: inout [T], mean: inout [T], decay: T, rate: T, epsilon: T
) {
  precondition(
    parameters.count == gradient.count && square.count == gradient.count
      && mean.count == gradient.count)
  var squares = square.mutableSpan
  var means = mean.mutableSpan
  for i in gradient.indices {
    let g = gradient[unchecked: i]
    let v = decay * squares[unchecked: i] + (1 - decay) * (g * g)
    let m = decay * means[unchecked: i] + (1 - decay) * g
    squares[unchecked: i] = v
    means[unchecked: i] = m
    let variance = v - m * m
    let deviation = T.root(variance > 0 ? variance : 0)
    parameters[unchecked: i] -= rate * quotient(g, over: deviation + epsilon)
  }
}

extension RMSProp: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "rmsprop", title: "RMSProp", source: "Hinton 2012, lecture 6e; Graves 2013, eq. 38–41",
      family: .firstOrder,
      hyperparameters: [
        .learningRate(0.01), Hyperparameter("decay", alias: "alpha", default: 0.99, "α in [0, 1)"),
        .epsilon(1e-8), Hyperparameter("centered", default: 0, "1 takes the mean's square off"),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), decay: settings.value("decay"),
      epsilon: settings.value("epsilon"), centered: settings.flag("centered"))
  }
}
