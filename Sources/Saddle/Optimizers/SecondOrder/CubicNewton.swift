/// Newton's method with cubic regularization.
///
///     s = argmin gᵀs + ½sᵀHs + (M/6)·‖s‖³,  r = (f(θ) − f(θ + s)) / (−gᵀs − ½sᵀHs − (M/6)·‖s‖³)
///     θ ← θ + s where r ≥ 0.1;  M ← M/2 where r > 0.9,  M ← 2M where r < 0.1
///                       (Nesterov, Polyak 2006, eq. 2.3; M adapted as in Cartis, Gould, Toint 2011,
///                        algorithm 2.1, with σ = M/2, η₁ = 0.1, η₂ = 0.9, γ = 2)
///
/// M₀ = 1 (σ₀ there). Up to `exactLimit` parameters the sub-problem is solved exactly, from the
/// Hessian's eigensystem and with the hard case, so that it leaves a strict saddle even from the
/// saddle itself; of the two equal minimizers there, the one whose eigenvector has a positive
/// largest element is taken. Beyond, it is solved exactly in the Krylov space of g of k Lanczos
/// vectors (Cartis et al. 2011, §6), where directions orthogonal to all Hʲg are not seen: from a
/// gradient of exactly 0 that one stays. One trial per step: a refused one leaves θ and raises M.
///
/// State: M and the step count. Invariances: translation, permutation and rotation of coordinates,
/// but for the sign in the hard case.
public struct CubicNewton<Element: Scalar>: Optimizer {
  /// M₀ > 0.
  public let regularization: Element
  /// The largest P whose whole Hessian is taken, at most 4096.
  public let exactLimit: Int
  /// k ≥ 1.
  public let krylovDimension: Int

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// Steps taken that went along negative curvature; nil in a memory from before they were counted.
    public internal(set) var interventions: Int? = 0
    /// M.
    public internal(set) var regularization: Element
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    regularization: Element = 1, exactLimit: Int = 500, krylovDimension: Int = 32
  ) throws(OptimizerError) {
    try OptimizerError.requirePositive("regularization", regularization)
    try OptimizerError.require("exactLimit", Double(exactLimit), "in 0 … 4096") {
      $0 >= 0 && $0 <= 4096
    }
    try OptimizerError.requireKrylovDimension(krylovDimension)
    self.regularization = regularization
    self.exactLimit = exactLimit
    self.krylovDimension = krylovDimension
  }

  public func initialState(dimension: Int) -> State { State(regularization: regularization) }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && isInterventionCount(state.interventions, of: state.step)
      && state.regularization > 0 && state.regularization.isFinite
  }

  public func interventions(in state: State) -> Int? { state.interventions }

  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    let value = try model.finiteEvaluation(
      at: parameters.span, largestGradient: .largestSquarable)
    let gradient = model.gradient
    let modes =
      parameters.count <= exactLimit
      ? try model.modes(at: parameters.span)
      : try model.modes(at: parameters.span, from: gradient, count: krylovDimension)
    state.step += 1
    let hasActed = modes.takeCubicStep(
      &parameters, on: &model, value: value, gradient: gradient,
      regularization: &state.regularization)
    if hasActed { state.interventions? += 1 }
    return value
  }
}

extension CubicNewton: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "cubicNewton", title: "Cubic-regularized Newton, M adapted (ARC)",
      source: "Nesterov, Polyak 2006; Cartis, Gould, Toint 2011", family: .secondOrder,
      hyperparameters: [
        Hyperparameter("regularization", default: 1, "M₀ > 0"),
        Hyperparameter("exactLimit", default: 500, "the largest P with an exact sub-problem"),
        .krylovDimension,
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try settings.requireConstantSchedule()
    try self.init(
      regularization: settings.value("regularization"), exactLimit: settings.count("exactLimit"),
      krylovDimension: settings.count("krylovDimension"))
  }
}
