/// Gradient descent, plain, with heavy-ball momentum, or with Nesterov's.
///
///     v ← μ·v + g
///     θ ← θ − η·v             heavy ball (Polyak 1964; PyTorch's scaling: η outside the velocity)
///     θ ← θ − η·(g + μ·v)     Nesterov (Sutskever et al. 2013, in PyTorch's form)
///
/// With μ = 0 it is stochastic gradient descent and has no memory but its step count.
/// Invariances: translation, permutation and rotation of coordinates.
public struct SGD<Element: Scalar>: FirstOrderOptimizer {
  /// η > 0.
  public let learningRate: Element
  /// μ in [0, 1).
  public let momentum: Element
  public let isNesterov: Bool

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// v, empty without momentum.
    public internal(set) var velocity: [Element]
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: Element, momentum: Element = 0, nesterov: Bool = false
  ) throws(OptimizerError) {
    try OptimizerError.require("learning rate", learningRate, "positive and finite") {
      $0 > 0 && $0.isFinite
    }
    try OptimizerError.require("momentum", momentum, "in [0, 1)") { $0 >= 0 && $0 < 1 }
    guard !nesterov || momentum > 0 else {
      throw .invalidHyperparameter(
        name: "momentum", value: "\(momentum)", expected: "positive for Nesterov's form")
    }
    self.learningRate = learningRate
    self.momentum = momentum
    isNesterov = nesterov
  }

  public func initialState(dimension: Int) -> State {
    State(velocity: [Element](repeating: 0, count: momentum == 0 ? 0 : dimension))
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    state.step >= 0 && state.velocity.count == (momentum == 0 ? 0 : dimension)
      && allFinite(state.velocity.span)
  }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: Span<Element>, state: inout State
  ) {
    state.step += 1
    guard momentum != 0 else {
      axpy(-learningRate, gradient, into: &parameters)
      return
    }
    var velocity = state.velocity.mutableSpan
    descend(
      &parameters, along: gradient, velocity: &velocity, learningRate: learningRate,
      momentum: momentum, isNesterov: isNesterov)
  }
}

/// Both forms in one pass over memory, which is what a step of a large network costs.
@specialized(where T == Float)
@specialized(where T == Double)
private func descend<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>, velocity: inout MutableSpan<T>,
  learningRate: T, momentum: T, isNesterov: Bool
) {
  precondition(parameters.count == gradient.count && velocity.count == gradient.count)
  // Without bounds checks, which would keep the loops from being vectorized.
  if isNesterov {
    for i in gradient.indices {
      let (g, v) = (gradient[unchecked: i], velocity[unchecked: i])
      velocity[unchecked: i] = momentum * v + g
      parameters[unchecked: i] -= learningRate * (g + momentum * (momentum * v + g))
    }
  } else {
    for i in gradient.indices {
      let v = momentum * velocity[unchecked: i] + gradient[unchecked: i]
      velocity[unchecked: i] = v
      parameters[unchecked: i] -= learningRate * v
    }
  }
}
