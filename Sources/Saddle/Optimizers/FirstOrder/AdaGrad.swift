/// AdaGrad: each coordinate's rate falls with the gradients it has seen.
///
///     v ← v + g²
///     θ ← θ − η_t·g/(√v + ε)                               (Duchi et al. 2011, eq. 1, diagonal)
///
/// Defaults: PyTorch's η = 0.01, ε = 1e-10; the paper leaves η open and adds δ as ε stands here.
/// State: v and the step count. Invariances: translation and permutation of coordinates; with ε = 0
/// also the gradient's scale, in each coordinate apart; not rotation. PyTorch's rule is the same
/// with its `lr_decay` and `initial_accumulator_value` at their default, 0. Where √v + ε = 0, which
/// is possible with ε = 0 alone, the coordinate stays.
public struct AdaGrad<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>
  /// ε ≥ 0.
  public let epsilon: Element

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// v, P elements, none negative.
    public internal(set) var sumOfSquares: [Element]
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 0.01, epsilon: Element = 1e-10
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireNotNegative("epsilon", epsilon)
    self.learningRate = learningRate
    self.epsilon = epsilon
  }

  public func initialState(dimension: Int) -> State {
    State(sumOfSquares: [Element](repeating: 0, count: dimension))
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && state.sumOfSquares.areNotNegative(count: dimension)
  }

  public var largestGradient: Element { .largestSquarable }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rate = learningRate.rate(at: state.step)
    state.step += 1
    var sums = state.sumOfSquares.mutableSpan
    forEachPiece(&parameters, &sums, along: gradient.span) {
      stepBySums(&$0, along: $2, sums: &$1, rate: rate, epsilon: epsilon)
    }
  }
}

/// In one pass over memory, which is what a step of a large network costs.
@specialized(where T == Float)
@specialized(where T == Double)
private func stepBySums<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>, sums: inout MutableSpan<T>,
  rate: T, epsilon: T
) {
  precondition(parameters.count == gradient.count && sums.count == gradient.count)
  for i in gradient.indices {
    let g = gradient[unchecked: i]
    let v = sums[unchecked: i] + g * g
    sums[unchecked: i] = v
    parameters[unchecked: i] -= rate * quotient(g, over: T.root(v) + epsilon)
  }
}

extension AdaGrad: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "adagrad", title: "AdaGrad", source: "Duchi et al. 2011, eq. 1, diagonal",
      family: .firstOrder, hyperparameters: [.learningRate(0.01), .epsilon(1e-10)])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(learningRate: settings.learningRate(), epsilon: settings.value("epsilon"))
  }
}
