/// Schedule-free AdamW: gradients between the point that walks, z, and the mean of its places, x.
///
///     u = g(y)/(√v̂ + ε) + λ·y,  v ← β₂·v + (1 − β₂)·g²,  v̂ = v/(1 − β₂ᵗ)
///     z ← z − γ_t·u,  γ_t = η_t·min(1, t/T)
///     x ← (1 − c)·x + c·z,  c = γ_t²/Σ_{k ≤ t} γ_k²
///     y ← (1 − β₁)·z + β₁·x                                (Defazio et al. 2024, algorithm 1)
///
/// The parameters are y, where gradients are taken, as in the authors' package in training mode;
/// `average(of:state:)` is x, the point to evaluate and to keep, which the package's `eval()` sets.
/// The form and the defaults are the package's (schedulefree 1.4.1, `AdamWScheduleFree`): η = 0.0025,
/// β₁ = 0.9, β₂ = 0.999, ε = 1e-8, λ = 0, T = `warmUp` = 0, its weights' powers 2 of γ and 0 of t,
/// and in c the largest γ so far in the place of γ_t. In the paper γ_t has a factor √(1 − β₂ᵗ) and v
/// no correction, so that ε and λ differ in size, and so does c in the first steps.
///
/// Kept are not x and z but e = x − z, from which y + (1 − β₁)·e is x and y − β₁·e is z: an empty
/// memory is the same wherever a run starts. State: e, v, the step count, the largest γ and
/// Σγ_k²/γ². Invariances: permutation of coordinates; translation with λ = 0; the gradient's scale
/// with ε = 0; not rotation. With β₁ = 0 it is `AdamW`, and x its mean place.
public struct ScheduleFreeAdamW<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>
  /// β₁ in [0, 1): how near y is to x.
  public let beta1: Element
  /// β₂ in [0, 1).
  public let beta2: Element
  /// ε ≥ 0.
  public let epsilon: Element
  /// λ ≥ 0.
  public let weightDecay: Element
  /// T ≥ 0, in steps.
  public let warmUp: Int

  public struct State: OptimizerMemory {
    /// Steps taken.
    public internal(set) var step = 0
    /// x − z, P elements.
    public internal(set) var gap: [Element]
    /// v, P elements, none negative.
    public internal(set) var square: [Element]
    /// max γ_k.
    public internal(set) var largestRate: Double = 0
    /// Σ max_{i ≤ k} γ_i² in units of the last: in `Float` a long run's sum would stand still.
    public internal(set) var weight: Double = 0

    public init(dimension: Int) {
      gap = [Element](repeating: 0, count: dimension)
      square = gap
    }

    public func isValid(dimension: Int) -> Bool {
      isStepCount(step) && gap.areFinite(count: dimension)
        && square.areNotNegative(count: dimension)
        && largestRate >= 0 && largestRate.isFinite
        // The last step's own weight is 1, and none before it was larger.
        && weight >= (step == 0 ? 0 : 1) && weight <= Double(step)
    }
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 0.0025, beta1: Element = 0.9, beta2: Element = 0.999,
    epsilon: Element = 1e-8, weightDecay: Element = 0, warmUp: Int = 0
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireMoments(beta1: beta1, beta2: beta2, epsilon: epsilon)
    try OptimizerError.requireNotNegative("weightDecay", weightDecay)
    try OptimizerError.requireStepCount("warmUp", warmUp)
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.warmUp = warmUp
  }

  public var largestGradient: Element { .largestSquarable }

  /// x, the mean of the places of z, at the parameters y that belong to a state.
  public func average(of parameters: [Element], state: State) -> [Element] {
    parameters.adding(1 - beta1, times: state.gap)
  }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    var rate = learningRate.rate(at: state.step)
    state.step += 1
    if state.step < warmUp { rate *= Element(state.step) / Element(warmUp) }
    let largest = max(state.largestRate, Double(rate))
    let growth = largest > 0 ? state.largestRate / largest : 1
    state.largestRate = largest
    state.weight = state.weight * (growth * growth) + 1
    stepTowardsAverage(
      &parameters, along: gradient.span, gap: &state.gap, square: &state.square, beta1: beta1,
      beta2: beta2, rate: rate, share: Element(1 / state.weight), weightDecay: weightDecay,
      rootScale: 1 / biasCorrection(beta2, step: state.step).squareRoot(), epsilon: epsilon)
  }
}

/// In one pass over memory. With q = e + γu, the distance of x from the new z:
///
///     y ← y − (β₁·c·q + (1 − β₁)·γ·u),  e ← (1 − c)·q
@specialized(where T == Float)
@specialized(where T == Double)
private func stepTowardsAverage<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>, gap: inout [T],
  square: inout [T], beta1: T, beta2: T, rate: T, share: T, weightDecay: T, rootScale: T,
  epsilon: T
) {
  precondition(
    parameters.count == gradient.count && gap.count == gradient.count
      && square.count == gradient.count)
  var gaps = gap.mutableSpan
  var squares = square.mutableSpan
  for i in gradient.indices {
    let g = gradient[unchecked: i]
    let y = parameters[unchecked: i]
    let v = beta2 * squares[unchecked: i] + (1 - beta2) * (g * g)
    squares[unchecked: i] = v
    let u = quotient(g, over: T.root(v) * rootScale + epsilon) + weightDecay * y
    let q = gaps[unchecked: i] + rate * u
    gaps[unchecked: i] = (1 - share) * q
    parameters[unchecked: i] = y - (beta1 * share * q + (1 - beta1) * rate * u)
  }
}

extension ScheduleFreeAdamW: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "scheduleFreeAdamW", title: "Schedule-free AdamW",
      source: "Defazio et al. 2024, algorithm 1", family: .firstOrder,
      hyperparameters: [
        .learningRate(0.0025), .beta1(0.9), .beta2(0.999), .epsilon(1e-8), .weightDecay(0),
        Hyperparameter(
          "warmUp", alias: "warmup_steps", default: 0, "steps in which η rises linearly"),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), beta1: settings.value("beta1"),
      beta2: settings.value("beta2"), epsilon: settings.value("epsilon"),
      weightDecay: settings.value("weightDecay"), warmUp: settings.count("warmUp"))
  }
}
