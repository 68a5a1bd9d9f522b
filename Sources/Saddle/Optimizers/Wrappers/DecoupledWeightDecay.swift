/// A first-order optimizer with weight decay apart from the gradient.
///
///     θ ← (1 − η_t·λ)·θ, then the wrapped step with the gradient at the θ before
///                                                    (Loshchilov, Hutter 2019, eq. 2)
///
/// η_t is the wrapped optimizer's rate, and λ PyTorch's, multiplied by it. Around `Adam` it is
/// `AdamW`. State: the wrapped optimizer's and a step count of its own. Invariances: the wrapped
/// optimizer's but translation.
public struct DecoupledWeightDecay<Base: ScheduledOptimizer>: ScheduledOptimizer {
  public typealias Element = Base.Element

  public let base: Base
  /// λ ≥ 0.
  public let weightDecay: Element

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    public internal(set) var base: Base.State
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` where λ < 0: `decoupledWeightDecay`.
  public init(_ base: Base, weightDecay: Element) throws(OptimizerError) {
    try OptimizerError.requireNotNegative("decoupledWeightDecay", weightDecay)
    self.base = base
    self.weightDecay = weightDecay
  }

  public var learningRate: LearningRate<Element> { base.learningRate }
  public var largestGradient: Element { base.largestGradient }

  public func initialState(dimension: Int) -> State {
    State(base: base.initialState(dimension: dimension))
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && base.accepts(state.base, dimension: dimension)
  }

  public func interventions(in state: State) -> Int? { base.interventions(in: state.base) }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    scale(&parameters, by: 1 - learningRate.rate(at: state.step) * weightDecay)
    state.step += 1
    base.update(&parameters, along: &gradient, state: &state.base)
  }
}

/// `x ← a·x`.
@specialized(where T == Float)
@specialized(where T == Double)
func scale<T: Scalar>(_ x: inout MutableSpan<T>, by factor: T) {
  for i in x.indices { x[unchecked: i] *= factor }
}
