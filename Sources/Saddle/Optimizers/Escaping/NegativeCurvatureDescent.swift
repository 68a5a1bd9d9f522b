/// Gradient descent that steps along negative curvature where the gradient is small.
///
///     if ‖g‖ > ε_g:  θ ← θ − η_t·g
///     else, with (ρ, v) the least Ritz pair of k Lanczos steps from a random vector,
///       if ρ < −ε_H:  θ ← θ − sign(gᵀv)·(2|ρ|/L₂)·v,  else θ ← θ − η_t·g
///            (Xu, Jin, Yang 2018; Allen-Zhu, Li 2018; Lanczos in place of their NEON iterations)
///
/// The length t = 2|ρ|/L₂ has the least of −½|ρ|·t² + L₂·t³/6, which f falls by at least along v.
/// Both directions fall alike where gᵀv is zero, up to rounding: the seed's stream decides. The
/// papers take ε_H = √(L₂·ε_g), which is what the default, 0.03 for ε_g = 1e-3 and L₂ = 1, is near.
/// A small gradient costs k Hessian-vector products in every step, also at a minimum.
///
/// State: the generator of starts and signs, and the step count. Invariances: translation;
/// permutation and rotation of coordinates in distribution only.
public struct NegativeCurvatureDescent<Element: Scalar>: Optimizer {
  public let learningRate: LearningRate<Element>
  /// ε_g ≥ 0.
  public let gradientThreshold: Element
  /// ε_H ≥ 0.
  public let curvatureThreshold: Element
  /// L₂ > 0, the Lipschitz constant of the Hessian.
  public let hessianLipschitz: Element
  /// k ≥ 1.
  public let krylovDimension: Int
  /// Seeds the starts and the signs.
  public let seed: UInt64

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// Steps along negative curvature; nil in a memory from before they were counted.
    public internal(set) var interventions: Int? = 0
    public internal(set) var noise: RandomStream
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element>, gradientThreshold: Element = 1e-3,
    curvatureThreshold: Element = 0.03, hessianLipschitz: Element = 1, krylovDimension: Int = 32,
    seed: UInt64 = 1
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireNotNegative("gradientThreshold", gradientThreshold)
    try OptimizerError.requireNotNegative("curvatureThreshold", curvatureThreshold)
    try OptimizerError.requirePositive("hessianLipschitz", hessianLipschitz)
    try OptimizerError.requireKrylovDimension(krylovDimension)
    self.learningRate = learningRate
    self.gradientThreshold = gradientThreshold
    self.curvatureThreshold = curvatureThreshold
    self.hessianLipschitz = hessianLipschitz
    self.krylovDimension = krylovDimension
    self.seed = seed
  }

  public func initialState(dimension: Int) -> State {
    State(noise: RandomStream(seed: seed, name: "noise"))
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && isInterventionCount(state.interventions, of: state.step)
  }

  public func interventions(in state: State) -> Int? { state.interventions }

  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    let value = try model.finiteEvaluation(
      at: parameters.span, largestGradient: .largestSquarable)
    let gradient = model.gradient
    var next = state
    let escape =
      gradient.norm <= gradientThreshold
      ? try alongCurvature(gradient, parameters.span, model, &next.noise) : nil
    let hasMoved = move(
      &parameters, by: escape ?? gradient.scaled(by: -learningRate.rate(at: state.step)))
    next.step += 1
    if escape != nil, hasMoved { next.interventions? += 1 }
    state = next
    return value
  }

  /// The step along the most negative curvature; nil where there is none.
  private func alongCurvature<Model: LocalModel<Element>>(
    _ gradient: [Element], _ parameters: Span<Element>, _ model: Model,
    _ noise: inout RandomStream
  ) throws(OptimizerError) -> [Element]? {
    let modes = try model.modes(
      at: parameters, from: noise.unitVector(gradient.count, Element.self), count: krylovDimension)
    guard let least = modes.values.first, least < -curvatureThreshold else { return nil }
    let direction = modes.vectors.row(0)
    let slope = gradient.dot(direction)
    let isOrthogonal =
      slope.magnitude
      <= Element(gradient.count).squareRoot() * Element.ulpOfOne * gradient.norm
    let length = 2 * least.magnitude / hessianLipschitz
    let falls = isOrthogonal ? noise.uniform() < 0.5 : slope < 0
    return direction.scaled(by: falls ? length : -length)
  }
}

extension NegativeCurvatureDescent: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "negativeCurvatureDescent", title: "Negative-curvature descent (NEON-style)",
      source: "Xu, Jin, Yang 2018; Allen-Zhu, Li 2018", family: .secondOrder,
      hyperparameters: [
        .learningRate(0.05), Hyperparameter("gradientThreshold", default: 1e-3, "ε_g ≥ 0"),
        Hyperparameter("curvatureThreshold", default: 0.03, "ε_H ≥ 0"),
        Hyperparameter("hessianLipschitz", default: 1, "L₂ > 0"), .krylovDimension,
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(),
      gradientThreshold: settings.value("gradientThreshold"),
      curvatureThreshold: settings.value("curvatureThreshold"),
      hessianLipschitz: settings.value("hessianLipschitz"),
      krylovDimension: settings.count("krylovDimension"), seed: settings.seed)
  }
}
