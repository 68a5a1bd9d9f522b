/// Normalized gradient descent: every step has length η.
///
///     θ ← θ − η_t·g/‖g‖                                    (Levy 2016, algorithm 1)
///
/// A zero gradient moves nothing. The default η = 0.01 is ours; the paper's follows from the
/// objective's constants. What leaves saddle points is the normalization itself, which acts in every
/// step with a gradient. State: the step count, and the count of steps with a gradient. Invariances:
/// translation, permutation and rotation of coordinates, and the gradient's scale. PyTorch has no
/// such rule.
public struct NormalizedGD<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>

  public typealias State = InterventionCount

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(learningRate: LearningRate<Element> = 0.01) throws(OptimizerError) {
    try learningRate.validate()
    self.learningRate = learningRate
  }

  public var largestGradient: Element { .largestWithNorm }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rate = learningRate.rate(at: state.step)
    state.step += 1
    let norm = euclideanNorm(gradient.span)
    stepByDirection(&parameters, along: gradient.span, norm: norm, rate: rate)
    if norm > 0 { state.interventions? += 1 }
  }
}

/// θ ← θ − η·g/‖g‖, and θ as it is where the norm is 0.
@specialized(where T == Float)
@specialized(where T == Double)
func stepByDirection<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>, norm: T, rate: T
) {
  precondition(parameters.count == gradient.count)
  // Divided first: η/‖g‖ overflows where the norm is subnormal.
  for i in gradient.indices {
    parameters[unchecked: i] -= rate * quotient(gradient[unchecked: i], over: norm)
  }
}

extension NormalizedGD: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "normalizedGD", title: "Normalized GD", source: "Levy 2016, algorithm 1",
      family: .firstOrder, hyperparameters: [.learningRate(0.01)])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(learningRate: settings.learningRate())
  }
}
