/// Nesterov's accelerated gradient, in PyTorch's form: parameters stand at the look-ahead point.
///
///     v ← μ·v + g
///     θ ← θ − η_t·(g + μ·v)                                (Sutskever et al. 2013, eq. 3–4)
///
/// At a constant rate it is Nesterov's (1983) two-sequence form after a change of variables.
/// State: v and the step count. Invariances: translation, permutation and rotation of coordinates.
public struct Nesterov<Element: Scalar>: MomentumRule {
  public let learningRate: LearningRate<Element>
  /// μ in [0, 1).
  public let momentum: Element

  public typealias State = Velocity<Element>

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element>, momentum: Element = 0.9
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireDecay("momentum", momentum)
    self.learningRate = learningRate
    self.momentum = momentum
  }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rate = learningRate.rate(at: state.step)
    state.step += 1
    var velocity = state.velocity.mutableSpan
    forEachPiece(&parameters, &velocity, along: gradient.span) {
      lookAhead(&$0, along: $2, velocity: &$1, rate, momentum)
    }
  }
}

/// In one pass over memory, which is what a step of a large network costs.
@specialized(where T == Float)
@specialized(where T == Double)
private func lookAhead<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>, velocity: inout MutableSpan<T>,
  _ rate: T, _ momentum: T
) {
  precondition(parameters.count == gradient.count && velocity.count == gradient.count)
  // Without bounds checks, which would keep the loop from being vectorized.
  for i in gradient.indices {
    let g = gradient[unchecked: i]
    let v = momentum * velocity[unchecked: i] + g
    velocity[unchecked: i] = v
    parameters[unchecked: i] -= rate * (g + momentum * v)
  }
}

extension Nesterov {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "nesterov", title: "Nesterov momentum",
      source: "Nesterov 1983; Sutskever et al. 2013, eq. 3–4", family: .firstOrder,
      hyperparameters: [.learningRate(0.05), .momentum])
  }
}
