/// Sign descent: every coordinate moves by η.
///
///     θ ← θ − η_t·sign(g),  sign 0 = 0                     (Bernstein et al. 2018, algorithm 1)
///
/// The default η = 0.01 is ours; the paper scales it with the problem. State: the step count.
/// Invariances: translation and permutation of coordinates, and the gradient's scale, in each
/// coordinate apart; not rotation. PyTorch has no such rule.
public struct SignDescent<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>

  public typealias State = StepCount

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(learningRate: LearningRate<Element> = 0.01) throws(OptimizerError) {
    try learningRate.validate()
    self.learningRate = learningRate
  }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rate = learningRate.rate(at: state.step)
    forEachPiece(&parameters, along: gradient.span) { stepBySign(&$0, along: $1, rate: rate) }
    state.step += 1
  }
}

/// 1, −1 or 0.
@inline(__always)
func sign<T: Scalar>(_ x: T) -> T { (x > 0 ? 1 : 0) - (x < 0 ? 1 : 0) }

@specialized(where T == Float)
@specialized(where T == Double)
private func stepBySign<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>, rate: T
) {
  precondition(parameters.count == gradient.count)
  for i in gradient.indices { parameters[unchecked: i] -= rate * sign(gradient[unchecked: i]) }
}

extension SignDescent: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "signDescent", title: "Sign descent", source: "Bernstein et al. 2018, algorithm 1",
      family: .firstOrder, hyperparameters: [.learningRate(0.01)])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(learningRate: settings.learningRate())
  }
}
