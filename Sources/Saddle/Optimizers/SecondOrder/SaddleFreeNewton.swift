/// Saddle-free Newton: each eigenvector's share of the gradient over the size of its curvature.
///
///     θ ← θ − η_t·Σ vₖ·(vₖᵀg)/(|λₖ| + α),  H = Σ λₖ·vₖvₖᵀ            (Dauphin et al. 2014)
///
/// On a quadratic a mode shrinks by 1 − η·λ/(|λ| + α): with η = 1 and α = 0 positive curvature is
/// gone after one step and a negative one's distance doubles. α = 0.1: Dauphin et al. choose it by
/// a search at every step; none is published as a default. With α = 0 a mode with
/// |λ| ≤ P·ε·max|λ|, ε the rounding unit, does not move.
///
/// It works with the Hessian's eigensystem, P³ operations, and takes at most 4096 parameters.
/// State: the step count, and in how many steps θ moved along negative curvature. Invariances:
/// translation, permutation and rotation of coordinates; c·f with α = 0.
public struct SaddleFreeNewton<Element: Scalar>: Optimizer {
  public let learningRate: LearningRate<Element>
  /// α ≥ 0.
  public let damping: Element
  /// The largest P.
  public static var limit: Int { 4096 }

  public typealias State = InterventionCount

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 1, damping: Element = 0.1
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireNotNegative("damping", damping)
    self.learningRate = learningRate
    self.damping = damping
  }

  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    try OptimizerError.requireAtMost(Self.limit, parameters.count, Self.entry.name)
    let value = try model.finiteEvaluation(
      at: parameters.span, largestGradient: .largestSquarable)
    let gradient = model.gradient
    let modes = try model.modes(at: parameters.span)
    let rate = learningRate.rate(at: state.step)
    state.step += 1
    let hasActed = modes.takeSaddleFreeStep(
      &parameters, along: gradient, damping: damping, rate: rate)
    if hasActed { state.interventions? += 1 }
    return value
  }
}

extension SaddleFreeNewton: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "saddleFreeNewton", title: "Saddle-free Newton", source: "Dauphin et al. 2014",
      family: .secondOrder,
      hyperparameters: [.learningRate(1), Hyperparameter("damping", default: 0.1, "α ≥ 0")])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), damping: settings.value("damping"))
  }
}
