/// Gradient descent, stochastic where the gradient is one of a mini-batch.
///
///     θ ← θ − η_t·g                                        (Robbins, Monro 1951)
///
/// State: the step count. Invariances: translation, permutation and rotation of coordinates.
public struct SGD<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>

  public typealias State = StepCount

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(learningRate: LearningRate<Element>) throws(OptimizerError) {
    try learningRate.validate()
    self.learningRate = learningRate
  }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rate = learningRate.rate(at: state.step)
    forEachPiece(&parameters, along: gradient.span) { axpy(-rate, $1, into: &$0) }
    state.step += 1
  }
}

extension SGD: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "sgd", title: "SGD", source: "Robbins, Monro 1951", family: .firstOrder,
      hyperparameters: [.learningRate(0.05)])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(learningRate: settings.learningRate())
  }
}
