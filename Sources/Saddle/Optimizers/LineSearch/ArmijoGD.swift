import RealModule

/// Gradient descent with Armijo's backtracking.
///
///     α ← η_t; while f(θ − α·g) > f(θ) − c·α·‖g‖²: α ← ρ·α
///     θ ← θ − α·g                    (Armijo 1966; Nocedal, Wright 2006, algorithm 3.1)
///
/// c = 1e-4 and ρ = ½ are Nocedal's and Wright's. Every step begins at η_t again. A trial whose
/// value is not finite is too far. Where no α down to 10⁻³⁰·η_t lowers the value enough, θ stays.
/// State: the step count. Invariances: translation, permutation and rotation of coordinates.
public struct ArmijoGD<Element: Scalar>: Optimizer {
  /// The first α that is tried.
  public let learningRate: LearningRate<Element>
  /// c in (0, 1).
  public let decrease: Element
  /// ρ in (0, 1).
  public let backtracking: Element

  public typealias State = StepCount

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 1, decrease: Element = 1e-4,
    backtracking: Element = 0.5
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.require("decrease", decrease, "in (0, 1)") { $0 > 0 && $0 < 1 }
    try OptimizerError.require("backtracking", backtracking, "in (0, 1)") { $0 > 0 && $0 < 1 }
    self.learningRate = learningRate
    self.decrease = decrease
    self.backtracking = backtracking
  }

  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    let base = try model.base(at: parameters.span)
    var step = learningRate.rate(at: state.step)
    state.step += 1
    let descent = base.gradient.dot(base.gradient)
    guard descent > 0 else { return base.value }
    for _ in 0..<cuts {
      let trial = base.point.adding(-step, times: base.gradient)
      let value = model.value(at: trial.span)
      // NaN fails the comparison, and −∞ is no value to trust.
      if value.isFinite && value <= base.value - decrease * step * descent {
        copy(trial.span, into: &parameters)
        break
      }
      step *= backtracking
    }
    return base.value
  }

  /// Trials until η is 10⁻³⁰ of what it was, where no step is left in either precision; 10,000
  /// where ρ is so near 1 that it would take more.
  private var cuts: Int {
    let needed = (70 / -Double.log(Double(backtracking))).rounded(.up)
    return Int(min(max(needed, 2), 10_000))
  }
}

extension ArmijoGD: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "armijoGD", title: "Gradient descent with Armijo backtracking",
      source: "Armijo 1966; Nocedal, Wright 2006, algorithm 3.1", family: .lineSearch,
      hyperparameters: [
        .learningRate(1), Hyperparameter("decrease", default: 1e-4, "c in (0, 1)"),
        Hyperparameter("backtracking", default: 0.5, "ρ in (0, 1)"),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), decrease: settings.value("decrease"),
      backtracking: settings.value("backtracking"))
  }
}
