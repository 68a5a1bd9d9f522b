/// Trust-region Newton with Steihaug's conjugate gradients.
///
///     s ≈ argmin gᵀs + ½sᵀHs over ‖s‖ ≤ Δ,  r = (f(θ) − f(θ + s)) / (−gᵀs − ½sᵀHs)
///     Δ ← Δ/4 where r < ¼;  Δ ← min(2Δ, Δmax) where r > ¾ and ‖s‖ = Δ;  θ ← θ + s where r > 1e-4
///                                       (Steihaug 1983; Nocedal, Wright 2006, alg. 4.1 and 7.2)
///
/// The conjugate gradients end at ‖Hs + g‖ ≤ min(½, √‖g‖)·‖g‖ (their eq. 7.3 with superlinear
/// convergence), after `iterations` products, or on the boundary along negative curvature. f never
/// grows on the batch that the step sees, but for 10 roundings. One trial per step: a refused one
/// leaves θ and shrinks Δ. At a critical point, a strict saddle too, θ stays. Δ₀ = 1 and Δmax = 100
/// are usual; the sources leave them open.
///
/// State: Δ and the step count. Invariances: translation, permutation and rotation of coordinates.
public struct TrustRegionNewton<Element: Scalar>: Optimizer {
  /// Δ₀ > 0.
  public let radius: Element
  /// Δmax ≥ Δ₀.
  public let maximumRadius: Element
  /// Hessian-vector products per step at most, at least 1.
  public let iterations: Int

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// Δ.
    public internal(set) var radius: Element
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    radius: Element = 1, maximumRadius: Element = 100, iterations: Int = 100
  ) throws(OptimizerError) {
    try OptimizerError.requirePositive("radius", radius)
    try OptimizerError.require(
      "maximumRadius", maximumRadius, "finite and not below radius = \(radius)"
    ) { $0 >= radius && $0.isFinite }
    try OptimizerError.require("iterations", Double(iterations), "1 or more") { $0 >= 1 }
    self.radius = radius
    self.maximumRadius = maximumRadius
    self.iterations = iterations
  }

  public func initialState(dimension: Int) -> State { State(radius: radius) }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && state.radius > 0 && state.radius <= maximumRadius
  }

  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    let value = try model.finiteEvaluation(
      at: parameters.span, largestGradient: .largestSquarable)
    let gradient = model.gradient
    let size = gradient.norm
    let found: TrustedStep<Element>
    do throws(KrylovError) {
      found = try steihaug(
        model.linearized(at: parameters.span), gradient: gradient, radius: state.radius,
        tolerance: min(0.5, size.squareRoot()) * size, budget: iterations)
    } catch {
      throw .krylov(error)
    }
    state.step += 1
    guard found.predicted > 0 else { return value }
    let trial = Array(copying: parameters.span).adding(1, times: found.step)
    let ratio = agreement(
      from: value, to: model.value(at: trial.span), predicted: found.predicted)
    if ratio > 1e-4 { copy(trial.span, into: &parameters) }
    if ratio < 0.25 { state.radius = max(state.radius / 4, .leastNormalMagnitude) }
    if ratio > 0.75 && found.isOnBoundary {
      state.radius = min(2 * state.radius, maximumRadius)
    }
    return value
  }
}

extension TrustRegionNewton: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "trustRegionNewton", title: "Trust-region Newton (Steihaug)",
      source: "Steihaug 1983; Nocedal, Wright 2006, algorithms 4.1 and 7.2",
      family: .secondOrder,
      hyperparameters: [
        Hyperparameter("radius", default: 1, "Δ₀ > 0"),
        Hyperparameter("maximumRadius", default: 100, "Δmax ≥ Δ₀"),
        Hyperparameter("iterations", default: 100, "products per step at most"),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try settings.requireConstantSchedule()
    try self.init(
      radius: settings.value("radius"), maximumRadius: settings.value("maximumRadius"),
      iterations: settings.count("iterations"))
  }
}
