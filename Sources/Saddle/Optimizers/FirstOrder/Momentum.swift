/// Heavy-ball momentum, in PyTorch's scaling: η outside the velocity.
///
///     v ← μ·v + g
///     θ ← θ − η_t·v                                        (Polyak 1964)
///
/// μ = 0.9 is the field's custom (Sutskever et al. 2013). State: v and the step count.
/// Invariances: translation, permutation and rotation of coordinates. With μ = 0 it is `SGD`.
public struct Momentum<Element: Scalar>: MomentumRule {
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
      roll(&$0, along: $2, velocity: &$1, rate, momentum)
    }
  }
}

/// In one pass over memory, which is what a step of a large network costs.
@specialized(where T == Float)
@specialized(where T == Double)
private func roll<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>, velocity: inout MutableSpan<T>,
  _ rate: T, _ momentum: T
) {
  precondition(parameters.count == gradient.count && velocity.count == gradient.count)
  // Without bounds checks, which would keep the loop from being vectorized.
  for i in gradient.indices {
    let v = momentum * velocity[unchecked: i] + gradient[unchecked: i]
    velocity[unchecked: i] = v
    parameters[unchecked: i] -= rate * v
  }
}

extension Momentum {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "momentum", title: "Heavy-ball momentum", source: "Polyak 1964", family: .firstOrder,
      hyperparameters: [.learningRate(0.05), .momentum])
  }
}
