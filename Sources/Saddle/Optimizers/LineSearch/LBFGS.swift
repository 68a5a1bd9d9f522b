/// L-BFGS: a quasi-Newton step from the last m curvature pairs s = Δθ, y = Δg.
///
///     d = −H·g by the two-loop recursion, H₀ = (sᵀy/yᵀy)·I of the last pair;  θ ← θ + α·d
///                            (Nocedal 1980; Liu, Nocedal 1989; Nocedal, Wright 2006, alg. 7.4–7.5)
///
/// α satisfies the strong Wolfe conditions with c₁ = 1e-4 and c₂ = 0.9; the search begins at 1, the
/// first at 1/‖g‖, a step of length 1. A pair is kept only where sᵀy > ε·‖s‖‖y‖, ε the rounding
/// unit. Both gradients of a pair are the same mini-batch's. Where no lower value is found, θ stays
/// and the pairs are dropped, so that the next step begins anew along −g. m = 10.
///
/// State: the pairs and the step count.
/// Invariances: translation, permutation and rotation of coordinates; c·f, by the first step too.
public struct LBFGS<Element: Scalar>: Optimizer {
  /// m, the number of pairs that are kept; at least 1.
  public let memory: Int
  public let lineSearch: WolfeSearch<Element>

  /// s = Δθ and y = Δg of one step, P elements each.
  public struct Pair: Codable, Equatable, Sendable {
    public let displacement: [Element]
    public let change: [Element]
  }

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// The oldest first, at most m.
    public internal(set) var pairs: [Pair] = []
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    memory: Int = 10, decrease: Element = 1e-4, curvature: Element = 0.9
  ) throws(OptimizerError) {
    try OptimizerError.require("memory", Double(memory), "1 or more") { $0 >= 1 }
    self.memory = memory
    lineSearch = try WolfeSearch(decrease: decrease, curvature: curvature)
  }

  public func initialState(dimension: Int) -> State { State() }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && state.pairs.count <= memory
      && state.pairs.allSatisfy {
        $0.displacement.areFinite(count: dimension) && $0.change.areFinite(count: dimension)
          && isCurved($0)
      }
  }

  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    let base = try model.base(at: parameters.span)
    state.step += 1
    var direction = quasiNewton(base.gradient, state.pairs)
    var start = base.along(direction)
    if !(start.slope < 0) || !start.isFinite {
      state.pairs = []
      direction = base.gradient.scaled(by: -1)
      start = base.along(direction)
    }
    guard start.slope < 0 else { return base.value }
    let found = lineSearch.search(
      on: &model, from: start, along: direction,
      first: state.pairs.isEmpty ? base.unitStep : 1)
    guard let found else {
      state.pairs = []
      return base.value
    }
    let pair = Pair(
      displacement: found.point.adding(-1, times: base.point),
      change: found.gradient.adding(-1, times: base.gradient))
    if isCurved(pair) {
      if state.pairs.count == memory { state.pairs.removeFirst() }
      state.pairs.append(pair)
    }
    copy(found.point.span, into: &parameters)
    return base.value
  }

  private func isCurved(_ pair: Pair) -> Bool {
    let product = pair.displacement.dot(pair.change)
    return product > Element.ulpOfOne * pair.displacement.norm * pair.change.norm
      && (1 / product).isFinite
  }

  /// −H·g, the two-loop recursion.
  private func quasiNewton(_ gradient: [Element], _ pairs: [Pair]) -> [Element] {
    var q = gradient.scaled(by: -1)
    var weights = [Element](repeating: 0, count: pairs.count)
    for i in pairs.indices.reversed() {
      let pair = pairs[i]
      weights[i] = pair.displacement.dot(q) / pair.displacement.dot(pair.change)
      q = q.adding(-weights[i], times: pair.change)
    }
    if let last = pairs.last {
      q = q.scaled(by: last.displacement.dot(last.change) / last.change.dot(last.change))
    }
    for (pair, weight) in zip(pairs, weights) {
      let correction = pair.change.dot(q) / pair.displacement.dot(pair.change)
      q = q.adding(weight - correction, times: pair.displacement)
    }
    return q
  }
}

extension LBFGS: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "lbfgs", title: "L-BFGS",
      source: "Liu, Nocedal 1989; Nocedal, Wright 2006, algorithms 7.4 and 7.5",
      family: .lineSearch,
      hyperparameters: [
        Hyperparameter(
          "memory", alias: "history_size", default: 10, "m, the curvature pairs that are kept"),
        Hyperparameter("decrease", default: 1e-4, "c₁ in (0, c₂)"),
        Hyperparameter("curvature", default: 0.9, "c₂ in (c₁, 1)"),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try settings.requireConstantSchedule()
    try self.init(
      memory: settings.count("memory"), decrease: settings.value("decrease"),
      curvature: settings.value("curvature"))
  }
}
