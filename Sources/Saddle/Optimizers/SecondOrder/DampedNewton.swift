/// Newton's method, damped after Levenberg and Marquardt.
///
///     (H + μI)·s = −g,  r = (f(θ) − f(θ + s)) / (−gᵀs − ½sᵀHs)
///     θ ← θ + s where r > 1e-4;  μ ← ν·μ where r < ¼,  μ ← μ/ν where r > ¾
///                          (Marquardt 1963; Goldfeld, Quandt, Trotter 1966; Moré 1978 for ¼ and ¾)
///
/// Before a step μ grows by ν until H + μI is positive definite, as the inertia of its
/// factorization says. One trial per step: a refused one leaves θ and raises μ. ν = 10 is
/// Marquardt's; μ₀ = 1e-3 as is usual for Levenberg–Marquardt.
///
/// With μ₀ = 0 it is Newton's own method, θ ← θ − H⁻¹g, without any test: it lands on the critical
/// point of a quadratic in one step, a saddle too; where H is exactly singular, θ stays.
///
/// It works with the whole Hessian, P³/3 operations per factorization, and takes at most 4096
/// parameters. State: μ and the step count.
/// Invariances: translation, permutation and rotation of coordinates; with μ₀ = 0 every affine
/// change of coordinates, and c·f.
public struct DampedNewton<Element: Scalar>: Optimizer {
  /// μ₀ ≥ 0.
  public let damping: Element
  /// ν > 1.
  public let factor: Element
  /// The largest P.
  public static var limit: Int { 4096 }

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// μ, positive unless it is 0 for good.
    public internal(set) var damping: Element
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(damping: Element = 1e-3, factor: Element = 10) throws(OptimizerError) {
    try OptimizerError.requireNotNegative("damping", damping)
    try OptimizerError.require("factor", factor, "finite and above 1") { $0 > 1 && $0.isFinite }
    self.damping = damping
    self.factor = factor
  }

  public func initialState(dimension: Int) -> State { State(damping: damping) }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && state.damping.isFinite
      && (damping == 0 ? state.damping == 0 : state.damping > 0)
  }

  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    try OptimizerError.requireAtMost(Self.limit, parameters.count, Self.entry.name)
    let value = try model.finiteEvaluation(
      at: parameters.span, largestGradient: .largestSquarable)
    let gradient = model.gradient
    var damping = state.damping
    let factors: SymmetricFactorization<Element>
    do throws(LinearAlgebraError) {
      factors = try factorize(model.linearized(at: parameters.span).assembled(), &damping)
    } catch {
      throw .hessianRefused(error)
    }
    state.step += 1
    state.damping = damping
    // Only Newton's own step has a singular matrix.
    guard let step = try? factors.solve(gradient.scaled(by: -1)) else { return value }
    guard damping > 0 else {
      move(&parameters, by: step)
      return value
    }
    let slope = gradient.dot(step)
    // (H + μI)·s = −g makes it −½gᵀs + ½μ‖s‖².
    let predicted = (damping * step.dot(step) - slope) / 2
    guard predicted > 0 else { return value }
    let trial = Array(copying: parameters.span).adding(1, times: step)
    let ratio = agreement(
      from: value, to: model.value(at: trial.span), predicted: predicted)
    if ratio > 1e-4 { copy(trial.span, into: &parameters) }
    if ratio < 0.25 { state.damping = bounded(damping * factor) }
    if ratio > 0.75 { state.damping = bounded(damping / factor) }
    return value
  }

  /// μ neither becomes 0 nor overflows.
  private func bounded(_ damping: Element) -> Element {
    min(max(damping, .leastNormalMagnitude), Element.greatestFiniteMagnitude.squareRoot())
  }

  /// H + μI, positive definite where μ > 0.
  private func factorize(
    _ hessian: Matrix<Element>, _ damping: inout Element
  ) throws(LinearAlgebraError) -> SymmetricFactorization<Element> {
    var tries = 0
    while true {
      let factors = try SymmetricFactorization(hessian, shift: -damping)
      let isDefinite = factors.inertia.negative == 0 && factors.inertia.zero == 0
      if damping == 0 || isDefinite || tries > 40 { return factors }
      tries += 1
      damping = bounded(damping * factor)
      // Twice the Frobenius norm is enough, however small the factor.
      if tries == 40 { damping = bounded(max(damping, 2 * hessian.elements.norm)) }
    }
  }
}

extension DampedNewton: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "dampedNewton", title: "Damped Newton (Levenberg–Marquardt)",
      source: "Marquardt 1963; Goldfeld, Quandt, Trotter 1966", family: .secondOrder,
      hyperparameters: [
        Hyperparameter("damping", default: 1e-3, "μ₀ ≥ 0; 0 is Newton's own method"),
        Hyperparameter("factor", default: 10, "ν > 1"),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try settings.requireConstantSchedule()
    try self.init(damping: settings.value("damping"), factor: settings.value("factor"))
  }
}
