/// Refines a point to a critical point of any index, not only to a minimum.
///
/// - `newtonMINRES`: p = −H⁺g by MINRES, then the first α in 1, ½, ¼, … with
///   ‖g(θ + αp)‖² ≤ ‖g‖² − 2cα‖Hp‖², c = 1e-4 (Newton–MR: Roosta et al. 2018; Frye et al. 2021).
///   MINRES makes p a descent direction of ½‖g‖² whatever H's signs are: gᵀHp = −‖Hp‖². The
///   residual that is asked for falls with ‖g‖, for quadratic convergence where H is regular.
/// - `gradientNorm`: L-BFGS on ½‖g‖², whose gradient Hg is exact. Slower, and robust far away.
///
/// Both go downhill in ‖g‖, and can end where it has a minimum that is not zero: `gradientFlat`.
public struct CriticalPointSearch: Codable, Equatable, Sendable {
  public enum Method: String, CaseIterable, Codable, Sendable {
    case newtonMINRES, gradientNorm
  }

  /// How a search ended.
  public enum Ending: Codable, Equatable, Sendable {
    /// ‖g‖ ≤ gradientTolerance.
    case converged
    /// ‖g‖ stopped falling where the Hessian sends the gradient to zero, with Frye's r.
    case gradientFlat(residual: Double)
    case budgetSpent
    /// ‖g‖ stopped falling: at the rounding error of the gradient, say.
    case stalled
  }

  public let method: Method
  /// ‖g‖ at which the point counts as critical.
  public let gradientTolerance: Double
  /// The most steps.
  public let budget: Int
  /// The least relative residual that MINRES is asked for in a Newton step.
  public let stepTolerance: Double
  /// The most MINRES steps of one Newton step; nil for 4·P, but not above 4000.
  public let innerBudget: Int?
  /// τ of `GradientFlatness`.
  public let flatTolerance: Double
  /// Draws the probes of ‖H‖_F where P is large.
  public let seed: UInt64

  /// - Throws: `CriticalPointError.invalidSetting` naming what is out of range.
  public init(
    method: Method = .newtonMINRES, gradientTolerance: Double = 1e-10, budget: Int = 500,
    stepTolerance: Double = 1e-6, innerBudget: Int? = nil,
    flatTolerance: Double = GradientFlatness.standardTolerance, seed: UInt64 = 0
  ) throws(CriticalPointError) {
    try CriticalPointError.require(
      "gradientTolerance", gradientTolerance, "finite and not negative"
    ) { $0 >= 0 && $0.isFinite }
    try CriticalPointError.require("budget", Double(budget), "1 or more") { $0 >= 1 }
    try CriticalPointError.require("stepTolerance", stepTolerance, "in (0, 1)") {
      $0 > 0 && $0 < 1
    }
    try CriticalPointError.require("innerBudget", Double(innerBudget ?? 1), "1 or more") {
      $0 >= 1
    }
    try CriticalPointError.require("flatTolerance", flatTolerance, "in (0, 1)") {
      $0 > 0 && $0 < 1
    }
    self.method = method
    self.gradientTolerance = gradientTolerance
    self.budget = budget
    self.stepTolerance = stepTolerance
    self.innerBudget = innerBudget
    self.flatTolerance = flatTolerance
    self.seed = seed
  }

  /// A step that lowers ‖g‖ by less than this part of it …
  static let leastDecrease = 1e-12
  /// … is forgiven so often in a row.
  static let patience = 10

  func innerBudget(dimension: Int) -> Int { innerBudget ?? min(4 * max(dimension, 1), 4000) }
}

extension CriticalPointSearch {
  /// One step of a search.
  public struct Step: Codable, Equatable, Sendable {
    /// ‖g‖ before the step.
    public let gradientNorm: Double
    /// ‖Δθ‖.
    public let length: Double
    /// MINRES steps, or gradients of ½‖g‖² that the line search took.
    public let innerIterations: Int
    /// Frye's r of MINRES' step, with ‖H‖_F from below, hence an upper bound; nil for
    /// `gradientNorm`.
    public let residual: Double?
  }

  /// Everything that a search needs to go on: a checkpoint is its encoding.
  public struct State: Codable, Equatable, Sendable {
    public let method: Method
    /// θ, P elements.
    public internal(set) var point: [Double]
    /// L(θ).
    public internal(set) var value: Double
    /// ∇L(θ).
    public internal(set) var gradient: [Double]
    public internal(set) var trajectory: [Step] = []
    /// nil while the search goes on.
    public internal(set) var ending: Ending?
    public internal(set) var flatness: GradientFlatness?
    /// The largest ‖Hq‖, ‖q‖ = 1, so far.
    var curvature = CurvatureScale()
    /// Steps in a row that hardly lowered ‖g‖.
    var idleSteps = 0
    /// Of `gradientNorm`: its pairs and its unit of length.
    var quasiNewton: LBFGS<Double>.State?
    var unit = 1.0

    public var gradientNorm: Double { gradient.norm }
  }

  /// - Parameter point: θ, P elements.
  /// - Throws: `CriticalPointError.wrongDimension`, `.pointNotFinite`, `.gradientNotFinite`,
  ///   `.krylov`.
  public func initialState<Function: Objective<Double>>(
    at point: [Double], of objective: Function
  ) throws(CriticalPointError) -> State {
    guard point.count == objective.dimension else {
      throw .wrongDimension(point: point.count, objective: objective.dimension)
    }
    if let at = firstNotFinite(point) { throw .pointNotFinite(coordinate: at) }
    let (value, gradient) = objective.gradient(at: point)
    guard value.isFinite, gradient.norm.isFinite else {
      throw .gradientNotFinite(coordinate: firstNotFinite(gradient))
    }
    var state = State(method: method, point: point, value: value, gradient: gradient)
    if method == .gradientNorm { try prepare(&state, on: objective) }
    settle(&state)
    return state
  }

  /// Takes one step, or ends the search.
  ///
  /// - Throws: `CriticalPointError.foreignState`, `.krylov`; the state is then as it was.
  public func advance<Function: Objective<Double>>(
    _ state: inout State, on objective: Function
  ) throws(CriticalPointError) {
    guard state.method == method, state.point.count == objective.dimension,
      state.gradient.count == state.point.count, (state.gradientNorm + state.point.norm).isFinite,
      method == .newtonMINRES || state.quasiNewton != nil
    else { throw .foreignState }
    guard state.ending == nil else { return }
    let before = state.gradientNorm
    var next = state
    if next.trajectory.count >= budget {
      try conclude(&next, .budgetSpent, on: objective)
    } else {
      let moved: Bool
      switch method {
      case .newtonMINRES: moved = try takeNewtonStep(&next, on: objective)
      case .gradientNorm: moved = try takeQuasiNewtonStep(&next, on: objective)
      }
      let isIdle = !(next.gradientNorm < before * (1 - Self.leastDecrease))
      next.idleSteps = isIdle ? next.idleSteps + 1 : 0
      settle(&next)
      if next.ending == nil, !moved || next.idleSteps >= Self.patience {
        try conclude(&next, .stalled, on: objective)
      }
    }
    state = next
  }

  /// Goes on until the search ends. One that spent its budget goes on where this one's is larger.
  public func resume<Function: Objective<Double>>(
    _ state: inout State, on objective: Function
  ) throws(CriticalPointError) -> RefinedPoint {
    if state.trajectory.count < budget, state.hasSpentBudget {
      state.ending = nil
      state.flatness = nil
    }
    while state.ending == nil { try advance(&state, on: objective) }
    return RefinedPoint(
      point: state.point, value: state.value, gradientNorm: state.gradientNorm,
      ending: state.ending ?? .stalled, flatness: state.flatness, trajectory: state.trajectory)
  }

  /// Refines a point, from the beginning to the end.
  ///
  /// - Throws: as `initialState` and `advance`.
  public func refine<Function: Objective<Double>>(
    _ point: [Double], of objective: Function
  ) throws(CriticalPointError) -> RefinedPoint {
    var state = try initialState(at: point, of: objective)
    return try resume(&state, on: objective)
  }

  private func settle(_ state: inout State) {
    if state.gradientNorm <= gradientTolerance { state.ending = .converged }
  }

  /// Ends a search that did not converge: where the gradient is flat, that is why.
  private func conclude<Function: Objective<Double>>(
    _ state: inout State, _ ending: Ending, on objective: Function
  ) throws(CriticalPointError) {
    var generator = RandomStream(seed: seed, name: "probes")
    let flatness = try GradientFlatness(
      of: objective, at: state.point, gradient: state.gradient, scale: state.curvature,
      tolerance: flatTolerance, using: &generator)
    state.flatness = flatness
    state.ending =
      flatness.isFlat ? .gradientFlat(residual: flatness.relativeResidual) : ending
  }
}

extension CriticalPointSearch.State {
  fileprivate var hasSpentBudget: Bool { ending == .budgetSpent }
}

/// Where a search for a critical point ended, and how.
public struct RefinedPoint: Codable, Equatable, Sendable {
  /// θ, P elements.
  public let point: [Double]
  /// L(θ).
  public let value: Double
  /// ‖∇L(θ)‖.
  public let gradientNorm: Double
  public let ending: CriticalPointSearch.Ending
  /// What the gradient-flatness of the end was judged by; nil where the search converged.
  public let flatness: GradientFlatness?
  public let trajectory: [CriticalPointSearch.Step]

  /// What Newton's step at the end is held against: ‖θ‖ or the way that the search has come,
  /// whichever is longer.
  public var lengthScale: Double {
    max(point.norm, trajectory.reduce(0) { $0 + $1.length })
  }

  /// Whether ‖∇L‖ fell to the search's tolerance.
  public var isConverged: Bool { ending == .converged }
}
