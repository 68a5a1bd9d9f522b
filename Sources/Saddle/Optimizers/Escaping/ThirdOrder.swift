/// Cubic-regularized Newton that leaves degenerate saddles by the third derivative T.
///
///     where ‖g‖ > ε_g or λ₁(H) < −ε_H: `CubicNewton`'s step
///     else, with S the eigenvectors of H with λ ≤ ε_H, and u in S of norm 1 with
///       T(u, u, u) ≤ −ε_T: θ ← θ + t·u, t = r, r/2, r/4, … until f falls by |T(u, u, u)|·t³/12
///     else `CubicNewton`'s step                                            (Anandkumar, Ge 2016)
///
/// Half of what the third-order model foretells, |T|·t³/6, is asked for. The paper's t is fixed by
/// the Lipschitz constant of T, which is not known; and its test of u compares with ‖T‖_F on S,
/// which costs P Hessians: here the best of several random u is taken. A point where ‖g‖, −λ₁ and
/// |T| on S are all small is a local minimum up to third order, and x⁴ − y⁴ is one to it: beyond,
/// telling is NP-hard (as they show). ε_g = ε_T = 1e-3 and ε_H = 0.03 ≈ √ε_g, r = 1: ours.
///
/// P³ operations for the eigensystem of H: at most 300 parameters.
/// State: M, the generator of directions, and the step count. Invariances: translation; permutation
/// and rotation of coordinates in distribution only.
public struct ThirdOrder<Element: Scalar>: Optimizer {
  /// M₀ > 0 of the cubic steps.
  public let regularization: Element
  /// ε_g ≥ 0.
  public let gradientThreshold: Element
  /// ε_H ≥ 0.
  public let curvatureThreshold: Element
  /// ε_T > 0.
  public let thirdThreshold: Element
  /// r > 0, the first t that is tried.
  public let radius: Element
  /// Seeds the directions.
  public let seed: UInt64
  /// The largest P.
  public static var limit: Int { 300 }

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// Third-order moves; the cubic steps are `CubicNewton`'s and not among them; nil in a memory from before they were counted.
    public internal(set) var interventions: Int? = 0
    /// M.
    public internal(set) var regularization: Element
    public internal(set) var noise: RandomStream
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    regularization: Element = 1, gradientThreshold: Element = 1e-3,
    curvatureThreshold: Element = 0.03, thirdThreshold: Element = 1e-3, radius: Element = 1,
    seed: UInt64 = 1
  ) throws(OptimizerError) {
    try OptimizerError.requirePositive("regularization", regularization)
    try OptimizerError.requireNotNegative("gradientThreshold", gradientThreshold)
    try OptimizerError.requireNotNegative("curvatureThreshold", curvatureThreshold)
    try OptimizerError.requirePositive("thirdThreshold", thirdThreshold)
    try OptimizerError.requirePositive("radius", radius)
    self.regularization = regularization
    self.gradientThreshold = gradientThreshold
    self.curvatureThreshold = curvatureThreshold
    self.thirdThreshold = thirdThreshold
    self.radius = radius
    self.seed = seed
  }

  public func initialState(dimension: Int) -> State {
    State(regularization: regularization, noise: RandomStream(seed: seed, name: "noise"))
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && isInterventionCount(state.interventions, of: state.step)
      && state.regularization > 0 && state.regularization.isFinite
  }

  public func interventions(in state: State) -> Int? { state.interventions }

  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    try OptimizerError.requireAtMost(Self.limit, parameters.count, Self.entry.name)
    let value = try model.finiteEvaluation(
      at: parameters.span, largestGradient: .largestSquarable)
    let gradient = model.gradient
    let modes = try model.modes(at: parameters.span)
    var next = state
    next.step += 1
    let escape =
      gradient.norm <= gradientThreshold
      ? try lowerPoint(from: parameters.span, value, modes, on: &model, &next.noise) : nil
    if let escape {
      copy(escape.span, into: &parameters)
      next.interventions? += 1
    } else {
      modes.takeCubicStep(
        &parameters, on: &model, value: value, gradient: gradient,
        regularization: &next.regularization)
    }
    state = next
    return value
  }

  /// A lower point along a direction of negative third derivative; nil where there is negative
  /// curvature, or none is found.
  private func lowerPoint<Model: LocalModel<Element>>(
    from parameters: Span<Element>, _ value: Element, _ modes: CurvatureModes<Element>,
    on model: inout Model, _ noise: inout RandomStream
  ) throws(OptimizerError) -> [Element]? {
    let flat = modes.values.count { $0 <= curvatureThreshold }
    guard let least = modes.values.first, least >= -curvatureThreshold, flat > 0 else {
      return nil
    }
    let space = CurvatureModes(
      values: Array(modes.values.prefix(flat)),
      vectors: Matrix(
        rows: flat, columns: modes.vectors.columns,
        elements: Array(modes.vectors.elements.prefix(flat * modes.vectors.columns))))
    let center = Array(copying: parameters)
    let found: (direction: [Element], derivative: Element)
    do throws(KrylovError) {
      found = try ThirdDerivative(at: center).descent(in: space, on: model, using: &noise)
    } catch {
      throw .krylov(error)
    }
    guard found.derivative <= -thirdThreshold else { return nil }
    var length = radius
    for _ in 0..<50 {
      let point = center.adding(length, times: found.direction)
      let fallen = model.value(at: point.span)
      let wanted = -found.derivative * length * length * length / 12
      if fallen.isFinite && fallen < value && fallen <= value - wanted { return point }
      length /= 2
    }
    return nil
  }
}

extension ThirdOrder: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "thirdOrder", title: "Third-order descent", source: "Anandkumar, Ge 2016",
      family: .secondOrder,
      hyperparameters: [
        Hyperparameter("regularization", default: 1, "M₀ > 0"),
        Hyperparameter("gradientThreshold", default: 1e-3, "ε_g ≥ 0"),
        Hyperparameter("curvatureThreshold", default: 0.03, "ε_H ≥ 0"),
        Hyperparameter("thirdThreshold", default: 1e-3, "ε_T > 0"),
        Hyperparameter("radius", default: 1, "r > 0, the first length that is tried"),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try settings.requireConstantSchedule()
    try self.init(
      regularization: settings.value("regularization"),
      gradientThreshold: settings.value("gradientThreshold"),
      curvatureThreshold: settings.value("curvatureThreshold"),
      thirdThreshold: settings.value("thirdThreshold"), radius: settings.value("radius"),
      seed: settings.seed)
  }
}
