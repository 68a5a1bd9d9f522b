import RealModule

/// Adam with Nesterov's momentum on a warm-up schedule.
///
///     μ_t = β₁·(1 − ½·0.96^(t·ψ)),  Π_t = μ₁·…·μ_t
///     m ← β₁·m + (1 − β₁)·g
///     v ← β₂·v + (1 − β₂)·g²
///     θ ← θ − η_t·((1 − μ_t)·g/(1 − Π_t) + μ_{t+1}·m/(1 − Π_{t+1}))/(√v̂ + ε),
///     v̂ = v/(1 − β₂ᵗ)                                    (Dozat 2016, algorithm 2)
///
/// The form and the defaults are PyTorch's: η = 0.002, β₁ = 0.9, β₂ = 0.999, ε = 1e-8, ψ = 0.004
/// (`momentumDecay`). In the paper m decays by μ_t as well. State: m, v, the step count and Π_t.
/// Invariances: translation and permutation of coordinates; with ε = 0 also the gradient's scale,
/// in each coordinate apart; not rotation.
public struct NAdam<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>
  /// β₁ in [0, 1).
  public let beta1: Element
  /// β₂ in [0, 1).
  public let beta2: Element
  /// ε ≥ 0.
  public let epsilon: Element
  /// ψ ≥ 0.
  public let momentumDecay: Element

  public struct State: Codable, Equatable, Sendable {
    /// m, v and the step count.
    public internal(set) var moments: Moments<Element>
    /// Π_t, the product of μ₁ to μ_t.
    public internal(set) var momentumProduct: Element = 1
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 0.002, beta1: Element = 0.9, beta2: Element = 0.999,
    epsilon: Element = 1e-8, momentumDecay: Element = 0.004
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireMoments(beta1: beta1, beta2: beta2, epsilon: epsilon)
    try OptimizerError.requireNotNegative("momentumDecay", momentumDecay)
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.momentumDecay = momentumDecay
  }

  public func initialState(dimension: Int) -> State {
    State(moments: Moments(dimension: dimension))
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    state.moments.isValid(dimension: dimension)
      && (0...1).contains(state.momentumProduct)
      // A product of numbers below 1, once there is one; at 1 the next step would divide by zero.
      && (state.momentumProduct < 1 || state.moments.step == 0)
  }

  public var largestGradient: Element { .largestSquarable }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rate = learningRate.rate(at: state.moments.step)
    state.moments.step += 1
    let step = state.moments.step
    let (now, next) = (momentum(at: step), momentum(at: step + 1))
    state.momentumProduct *= now
    stepWithLookAhead(
      &parameters, along: gradient.span, mean: &state.moments.mean,
      square: &state.moments.square, beta1: beta1, beta2: beta2,
      gradientRate: rate * (1 - now) / (1 - state.momentumProduct),
      meanRate: rate * next / (1 - state.momentumProduct * next),
      rootScale: 1 / biasCorrection(beta2, step: step).squareRoot(), epsilon: epsilon)
  }

  /// μ_t.
  private func momentum(at step: Int) -> Element {
    beta1 * (1 - Element.pow(0.96, Element(step) * momentumDecay) / 2)
  }
}

/// In one pass over memory, which is what a step of a large network costs.
@specialized(where T == Float)
@specialized(where T == Double)
private func stepWithLookAhead<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>,
  mean: inout [T], square: inout [T],
  beta1: T, beta2: T, gradientRate: T, meanRate: T, rootScale: T, epsilon: T
) {
  precondition(
    parameters.count == gradient.count && mean.count == gradient.count
      && square.count == gradient.count)
  var means = mean.mutableSpan
  var squares = square.mutableSpan
  for i in gradient.indices {
    let g = gradient[unchecked: i]
    let m = beta1 * means[unchecked: i] + (1 - beta1) * g
    let v = beta2 * squares[unchecked: i] + (1 - beta2) * (g * g)
    means[unchecked: i] = m
    squares[unchecked: i] = v
    parameters[unchecked: i] -= quotient(
      gradientRate * g + meanRate * m, over: T.root(v) * rootScale + epsilon)
  }
}

extension NAdam: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "nadam", title: "NAdam", source: "Dozat 2016, algorithm 2", family: .firstOrder,
      hyperparameters: [
        .learningRate(0.002), .beta1(0.9), .beta2(0.999), .epsilon(1e-8),
        Hyperparameter(
          "momentumDecay", alias: "momentum_decay", default: 0.004, "ψ ≥ 0 of the momentum schedule"
        ),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), beta1: settings.value("beta1"),
      beta2: settings.value("beta2"), epsilon: settings.value("epsilon"),
      momentumDecay: settings.value("momentumDecay"))
  }
}
