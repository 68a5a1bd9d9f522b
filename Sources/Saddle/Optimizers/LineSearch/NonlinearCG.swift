/// Nonlinear conjugate gradients, Polak–Ribière with β cut at zero.
///
///     β = max(0, g·(g − g₋)/‖g₋‖²),  d ← −g + β·d,  θ ← θ + α·d
///                                    (Polak, Ribière 1969; Nocedal, Wright 2006, eq. 5.44–5.45)
///
/// α satisfies the strong Wolfe conditions with c₁ = 1e-4 and c₂ = 0.1 (their §3.1); the search
/// begins at 1/‖g‖, later where the first-order change equals the last step's (their §3.5). It
/// restarts along −g after P steps (Fletcher, Reeves 1964), where d does not descend, and where no
/// lower value was found; θ then stays. On mini-batches g₋ is the last batch's at the point that it
/// led to.
///
/// State: g₋, d, α·d·g of the last step, steps since the restart, and the step count.
/// Invariances: translation, permutation and rotation of coordinates.
public struct NonlinearCG<Element: Scalar>: Optimizer {
  public let lineSearch: WolfeSearch<Element>

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// Steps along conjugate directions since −g; 0 where the next direction is −g.
    public internal(set) var cycle = 0
    /// g₋, P elements.
    public internal(set) var gradient: [Element]
    /// d, P elements.
    public internal(set) var direction: [Element]
    /// α·d·g of the last step, negative once there is one.
    public internal(set) var change: Element = 0
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(decrease: Element = 1e-4, curvature: Element = 0.1) throws(OptimizerError) {
    lineSearch = try WolfeSearch(decrease: decrease, curvature: curvature)
  }

  public func initialState(dimension: Int) -> State {
    let zeros = [Element](repeating: 0, count: dimension)
    return State(gradient: zeros, direction: zeros)
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && state.cycle >= 0 && state.cycle <= state.step
      && state.change.isFinite && state.gradient.areFinite(count: dimension)
      && state.direction.areFinite(count: dimension)
  }

  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    let base = try model.base(at: parameters.span)
    state.step += 1
    let steepest = base.gradient.scaled(by: -1)
    var direction = conjugate(base.gradient, state) ?? steepest
    var start = base.along(direction)
    if state.cycle >= base.point.count || !(start.slope < 0) || !start.isFinite {
      direction = steepest
      start = base.along(direction)
      state.cycle = 0
    }
    guard start.slope < 0 else { return base.value }
    let scaled = state.cycle > 0 ? state.change / start.slope : 0
    let found = lineSearch.search(
      on: &model, from: start, along: direction,
      first: scaled > 0 && scaled.isFinite ? scaled : base.unitStep)
    guard let found else {
      state.cycle = 0
      return base.value
    }
    state.cycle += 1
    state.gradient = base.gradient
    state.direction = direction
    state.change = found.step * start.slope
    copy(found.point.span, into: &parameters)
    return base.value
  }

  /// −g + β·d; nil where a cycle begins.
  private func conjugate(_ gradient: [Element], _ state: State) -> [Element]? {
    let square = state.gradient.dot(state.gradient)
    guard state.cycle > 0, square > 0 else { return nil }
    let beta = max(0, gradient.dot(gradient.adding(-1, times: state.gradient)) / square)
    return gradient.scaled(by: -1).adding(beta, times: state.direction)
  }
}

extension NonlinearCG: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "nonlinearCG", title: "Nonlinear conjugate gradients (Polak–Ribière+)",
      source: "Polak, Ribière 1969; Nocedal, Wright 2006, eq. 5.44–5.45", family: .lineSearch,
      hyperparameters: [
        Hyperparameter("decrease", default: 1e-4, "c₁ in (0, c₂)"),
        Hyperparameter("curvature", default: 0.1, "c₂ in (c₁, 1)"),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try settings.requireConstantSchedule()
    try self.init(decrease: settings.value("decrease"), curvature: settings.value("curvature"))
  }
}
