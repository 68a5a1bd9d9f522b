/// Gradient descent with a line search for the strong Wolfe conditions.
///
///     θ ← θ − α·g,  f(θ − αg) ≤ f(θ) − c₁·α·‖g‖²  and  |∇f(θ − αg)·g| ≤ c₂·‖g‖²
///                                  (Wolfe 1969; Nocedal, Wright 2006, algorithms 3.5 and 3.6)
///
/// c₁ = 1e-4 and c₂ = 0.1, Nocedal's and Wright's for conjugate gradients, whose directions are not
/// scaled either. Every search begins at α = η_t. Where no lower value is found, θ stays.
/// State: the step count. Invariances: translation, permutation and rotation of coordinates.
public struct WolfeGD<Element: Scalar>: Optimizer {
  /// The first α that is tried.
  public let learningRate: LearningRate<Element>
  public let lineSearch: WolfeSearch<Element>

  public typealias State = StepCount

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 1, decrease: Element = 1e-4, curvature: Element = 0.1
  ) throws(OptimizerError) {
    try learningRate.validate()
    self.learningRate = learningRate
    lineSearch = try WolfeSearch(decrease: decrease, curvature: curvature)
  }

  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    let base = try model.base(at: parameters.span)
    let rate = learningRate.rate(at: state.step)
    state.step += 1
    let direction = base.gradient.scaled(by: -1)
    let start = base.along(direction)
    guard start.slope < 0 else { return base.value }
    let found = lineSearch.search(on: &model, from: start, along: direction, first: rate)
    if let found { copy(found.point.span, into: &parameters) }
    return base.value
  }
}

extension WolfeGD: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "wolfeGD", title: "Gradient descent with a strong-Wolfe line search",
      source: "Wolfe 1969; Nocedal, Wright 2006, algorithms 3.5 and 3.6", family: .lineSearch,
      hyperparameters: [
        .learningRate(1), Hyperparameter("decrease", default: 1e-4, "c₁ in (0, c₂)"),
        Hyperparameter("curvature", default: 0.1, "c₂ in (c₁, 1)"),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), decrease: settings.value("decrease"),
      curvature: settings.value("curvature"))
  }
}
