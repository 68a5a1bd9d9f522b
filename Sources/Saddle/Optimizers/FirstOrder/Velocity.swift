/// A velocity, the memory of momentum in both forms.
public struct Velocity<Element: Scalar>: OptimizerMemory {
  /// Steps taken.
  public internal(set) var step = 0
  /// v, P elements.
  public internal(set) var velocity: [Element]

  public init(dimension: Int) { velocity = [Element](repeating: 0, count: dimension) }

  public func isValid(dimension: Int) -> Bool {
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

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(learningRate: settings.learningRate(), momentum: settings.value("momentum"))
  }
}

extension Hyperparameter {
  static var momentum: Hyperparameter {
    Hyperparameter("momentum", default: 0.9, "μ in [0, 1)")
  }
}
