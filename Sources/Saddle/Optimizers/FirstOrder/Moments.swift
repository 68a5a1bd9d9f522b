/// Exponential averages of gradients and of their squares: the memory of Adam and its kin.
public struct Moments<Element: Scalar>: OptimizerMemory {
  /// Steps taken.
  public internal(set) var step = 0
  /// m, P elements.
  public internal(set) var mean: [Element]
  /// v, P elements, none negative.
  public internal(set) var square: [Element]

  public init(dimension: Int) {
    mean = [Element](repeating: 0, count: dimension)
    square = mean
  }

  public func isValid(dimension: Int) -> Bool {
    isStepCount(step) && mean.areFinite(count: dimension)
      && square.areNotNegative(count: dimension)
  }
}

/// A rule of Adam's kin: a rate, two averages' coefficients, and ε.
public protocol MomentRule: CatalogedOptimizer {
  init(
    learningRate: LearningRate<Element>, beta1: Element, beta2: Element, epsilon: Element
  ) throws(OptimizerError)
}

extension MomentRule {
  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), beta1: settings.value("beta1"),
      beta2: settings.value("beta2"), epsilon: settings.value("epsilon"))
  }
}

extension OptimizerError {
  /// The ranges that Adam and its kin share: β₁ and β₂ in [0, 1), ε ≥ 0.
  static func requireMoments<T: Scalar>(
    beta1: T, beta2: T, epsilon: T
  ) throws(OptimizerError) {
    try requireDecay("beta1", beta1)
    try requireDecay("beta2", beta2)
    try requireNotNegative("epsilon", epsilon)
  }
}
