/// Sharpness-aware minimization: the gradient is taken where the loss is worst nearby.
///
///     e = ρ·g/‖g‖, and the wrapped step from θ along ∇f(θ + e)
///                                                    (Foret et al. 2021, eq. 2–3, algorithm 1)
///
/// Two evaluations a step on the same mini-batch; one where g = 0, since e is then 0. ρ = 0.05 is
/// the paper's. State: the wrapped optimizer's. Invariances: the wrapped optimizer's.
public struct SharpnessAware<Base: FirstOrderOptimizer>: Optimizer {
  public typealias Element = Base.Element
  public typealias State = Base.State

  public let base: Base
  /// ρ > 0.
  public let radius: Element

  /// - Throws: `OptimizerError.invalidHyperparameter` unless ρ > 0: `sharpnessRadius`.
  public init(_ base: Base, radius: Element = 0.05) throws(OptimizerError) {
    try OptimizerError.requirePositive("sharpnessRadius", radius)
    self.base = base
    self.radius = radius
  }

  public func initialState(dimension: Int) -> State { base.initialState(dimension: dimension) }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    base.accepts(state, dimension: dimension)
  }

  public func interventions(in state: State) -> Int? { base.interventions(in: state) }

  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    let value = try model.finiteEvaluation(
      at: parameters.span, largestGradient: .largestWithNorm)
    let norm = euclideanNorm(model.gradient.span)
    if norm > 0 {
      var worst = Array(copying: parameters.span)
      var span = worst.mutableSpan
      // Uphill.
      stepByDirection(&span, along: model.gradient.span, norm: norm, rate: -radius)
      _ = try model.finiteEvaluation(at: worst.span, largestGradient: base.largestGradient)
    }
    base.update(&parameters, alongGradientOf: &model, state: &state)
    return value
  }
}
