/// Saddle-free Newton in the Krylov space of the gradient, for many parameters.
///
///     θ ← θ − η_t·Σ uₖ·(uₖᵀg)/(|ρₖ| + α)                    (Dauphin et al. 2014, algorithm 1)
///
/// uₖ and ρₖ are Ritz vectors and values of H from k Lanczos steps that start at g: one
/// Hessian-vector product each, no matrix. Where k reaches the number of distinct eigenvalues that
/// g has a share of, it is `SaddleFreeNewton`. Curvature in directions orthogonal to g and all Hʲg
/// is not seen: no part of g lies there, so no part of the step would. α = 0.1 as there, k = 32;
/// their search for α at every step is left out.
///
/// State: the step count, and in how many steps θ moved along a Ritz vector of negative curvature.
/// Invariances: translation, permutation and rotation of coordinates; c·f with α = 0.
public struct KrylovSaddleFreeNewton<Element: Scalar>: Optimizer {
  public let learningRate: LearningRate<Element>
  /// α ≥ 0.
  public let damping: Element
  /// k ≥ 1.
  public let krylovDimension: Int

  public typealias State = InterventionCount

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 1, damping: Element = 0.1, krylovDimension: Int = 32
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireNotNegative("damping", damping)
    try OptimizerError.requireKrylovDimension(krylovDimension)
    self.learningRate = learningRate
    self.damping = damping
    self.krylovDimension = krylovDimension
  }

  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    let value = try model.finiteEvaluation(
      at: parameters.span, largestGradient: .largestSquarable)
    let gradient = model.gradient
    let modes = try model.modes(at: parameters.span, from: gradient, count: krylovDimension)
    let rate = learningRate.rate(at: state.step)
    state.step += 1
    let hasActed = modes.takeSaddleFreeStep(
      &parameters, along: gradient, damping: damping, rate: rate)
    if hasActed { state.interventions? += 1 }
    return value
  }
}

extension KrylovSaddleFreeNewton: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "krylovSaddleFreeNewton", title: "Saddle-free Newton in a Krylov space",
      source: "Dauphin et al. 2014, algorithm 1", family: .secondOrder,
      hyperparameters: [
        .learningRate(1), Hyperparameter("damping", default: 0.1, "α ≥ 0"),
        .krylovDimension,
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), damping: settings.value("damping"),
      krylovDimension: settings.count("krylovDimension"))
  }
}

extension Hyperparameter {
  static var krylovDimension: Hyperparameter {
    Hyperparameter("krylovDimension", default: 32, "k ≥ 1, Lanczos steps")
  }
}

extension OptimizerError {
  static func requireKrylovDimension(_ count: Int) throws(OptimizerError) {
    try require("krylovDimension", Double(count), "1 or more") { $0 >= 1 }
  }
}
