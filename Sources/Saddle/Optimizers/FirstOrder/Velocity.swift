/// A velocity, the memory of momentum in both forms.
public struct Velocity<Element: Scalar>: Codable, Equatable, Sendable {
  /// Steps taken.
  public internal(set) var step = 0
  /// v, P elements.
  public internal(set) var velocity: [Element]

  init(dimension: Int) { velocity = [Element](repeating: 0, count: dimension) }

  /// Whether this can be the velocity of P = `dimension` coordinates.
  func isValid(dimension: Int) -> Bool {
    isStepCount(step) && velocity.areFinite(count: dimension)
  }
}

/// A rule with a rate, a momentum and a velocity.
public protocol MomentumRule: ScheduledOptimizer, CatalogedOptimizer
where State == Velocity<Element> {
  /// μ in [0, 1).
  var momentum: Element { get }
  init(learningRate: LearningRate<Element>, momentum: Element) throws(OptimizerError)
}

extension MomentumRule {
  /// No sum of gradients up to here, weighted by powers of μ, overflows.
  public var largestGradient: Element { .greatestFiniteMagnitude / 4 * (1 - momentum) }

  public func initialState(dimension: Int) -> Velocity<Element> { Velocity(dimension: dimension) }

  public func accepts(_ state: Velocity<Element>, dimension: Int) -> Bool {
    state.isValid(dimension: dimension)
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(learningRate: settings.learningRate(), momentum: settings.value("momentum"))
  }
}

extension Hyperparameter {
  static var momentum: Hyperparameter {
    Hyperparameter("momentum", default: 0.9, "μ in [0, 1)")
  }
}
