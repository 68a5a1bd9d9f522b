/// Prodigy: Adam whose rate is an estimate d of the distance from the start to a minimum.
///
///     m ← β₁·m + (1 − β₁)·d·g
///     v ← β₂·v + (1 − β₂)·d²·g²
///     r ← √β₂·r + η_t·d²·gᵀ(θ₀ − θ)
///     s ← √β₂·s + η_t·d²·g
///     d⁺ = max(d, c·r/‖s‖₁)
///     θ ← θ − η_t·d·(m/(√v + d⁺·ε) + λ·θ),  d ← d⁺        (Mishchenko, Defazio 2023, algorithm 4)
///
/// The form and the defaults are those of the authors' package (prodigyopt 1.1.2): η = 1, β₁ = 0.9,
/// β₂ = 0.999, ε = 1e-8, λ = 0, d₀ = 1e-6, c = 1 (`distanceFactor`), no limit of d's growth
/// (`growthRate` = 0 here, ∞ there). With a limit, d grows by at most that factor a step, towards
/// the largest estimate so far, once it has left d₀. The paper has d in the place of d⁺ beside ε.
/// Where s = 0, before the first gradient that is not zero, nothing moves, not by decay either.
/// Moments are not corrected for their bias; the package's options for that, for a β₃ other than √β₂
/// and for warm-ups are left out. ε = 0, which the package refuses, is taken here.
///
/// m, v, r and s are kept over d, d², d² and d² of the last step, whence none over- or underflows.
/// θ₀ − θ is kept as the sum of the moves, so that first moves of 1e-6 count in full where θ rounds
/// them; what moves θ besides, a wrapper's decay, say, is not in it.
///
/// State: those, d, the largest estimate and the step count. Invariances: permutation of
/// coordinates; translation with λ = 0; the gradient's scale with ε = 0; not rotation.
public struct Prodigy<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>
  /// β₁ in [0, 1).
  public let beta1: Element
  /// β₂ in [0, 1).
  public let beta2: Element
  /// ε ≥ 0.
  public let epsilon: Element
  /// λ ≥ 0.
  public let weightDecay: Element
  /// d₀ > 0.
  public let initialDistance: Element
  /// c > 0.
  public let distanceFactor: Element
  /// How much d may grow in a step: 1 or more, or 0 where there is no limit.
  public let growthRate: Element

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// d of the next step.
    public internal(set) var distance: Double
    /// The largest estimate so far, d₀ or more.
    public internal(set) var largestDistance: Double
    /// d of the last step, in whose units the rest is.
    public internal(set) var unit: Double
    /// r/d².
    public internal(set) var inner: Double = 0
    /// m/d, P elements.
    public internal(set) var mean: [Element]
    /// v/d², P elements, none negative.
    public internal(set) var square: [Element]
    /// s/d², P elements.
    public internal(set) var sum: [Element]
    /// θ₀ − θ, P elements.
    public internal(set) var displacement: [Element]
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 1, beta1: Element = 0.9, beta2: Element = 0.999,
    epsilon: Element = 1e-8, weightDecay: Element = 0, initialDistance: Element = 1e-6,
    distanceFactor: Element = 1, growthRate: Element = 0
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireMoments(beta1: beta1, beta2: beta2, epsilon: epsilon)
    try OptimizerError.requireNotNegative("weightDecay", weightDecay)
    try OptimizerError.requirePositive("initialDistance", initialDistance)
    try OptimizerError.requirePositive("distanceFactor", distanceFactor)
    try OptimizerError.require("growthRate", growthRate, "finite and 1 or more, or 0 for no limit") {
      ($0 >= 1 || $0 == 0) && $0.isFinite
    }
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.initialDistance = initialDistance
    self.distanceFactor = distanceFactor
    self.growthRate = growthRate
  }

  public func initialState(dimension: Int) -> State {
    let (d, zero) = (Double(initialDistance), [Element](repeating: 0, count: dimension))
    return State(
      distance: d, largestDistance: d, unit: d, mean: zero, square: zero, sum: zero,
      displacement: zero)
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && state.inner.isFinite && state.largestDistance.isFinite
      // d does not fall.
      && 0 < state.unit && state.unit <= state.distance
      && state.distance <= state.largestDistance
      && state.mean.areFinite(count: dimension) && state.square.areNotNegative(count: dimension)
      && state.sum.areFinite(count: dimension)
      && state.displacement.areFinite(count: dimension)
  }

  public var largestGradient: Element { .largestSquarable }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rate = learningRate.rate(at: state.step)
    state.step += 1
    let d = state.distance
    let (kept, keptSum) = (state.unit / d, Double(beta2).squareRoot())
    let (inner, norm) = gather(
      gradient.span, moved: state.displacement, mean: &state.mean, square: &state.square,
      sum: &state.sum, beta1: (Element(kept) * beta1, 1 - beta1),
      beta2: (Element(kept * kept) * beta2, 1 - beta2),
      weight: (Element(kept * kept * keptSum), rate))
    state.inner = keptSum * (kept * kept) * state.inner + Double(rate) * inner
    state.unit = d
    guard norm > 0 else { return }
    grow(&state, estimate: Double(distanceFactor) * (state.inner / norm))
    move(
      &parameters, displacement: &state.displacement, mean: state.mean, square: state.square,
      rate: Element(Double(rate) * d), weightDecay: weightDecay,
      epsilon: Element(state.distance / d) * epsilon)
  }

  /// d⁺ by the estimate; one that is not finite says nothing.
  private func grow(_ state: inout State, estimate: Double) {
    guard estimate.isFinite else { return }
    if state.distance == Double(initialDistance) {
      state.distance = max(state.distance, estimate)
    }
    state.largestDistance = max(state.largestDistance, estimate)
    state.distance =
      growthRate > 0
      ? min(state.largestDistance, state.distance * Double(growthRate)) : state.largestDistance
  }
}

/// The three averages with a gradient more, and gᵀ(θ₀ − θ) and ‖s‖₁ in double precision; each pair
/// is what is kept of an average and what the gradient counts in it.
@specialized(where T == Float)
@specialized(where T == Double)
private func gather<T: Scalar>(
  _ gradient: Span<T>, moved: [T], mean: inout [T], square: inout [T], sum: inout [T],
  beta1: (T, T), beta2: (T, T), weight: (T, T)
) -> (inner: Double, norm: Double) {
  precondition(
    moved.count == gradient.count && mean.count == gradient.count
      && square.count == gradient.count && sum.count == gradient.count)
  let moves = moved.span
  var means = mean.mutableSpan
  var squares = square.mutableSpan
  var sums = sum.mutableSpan
  var (inner, norm) = (0.0, 0.0)
  for i in gradient.indices {
    let g = gradient[unchecked: i]
    means[unchecked: i] = beta1.0 * means[unchecked: i] + beta1.1 * g
    squares[unchecked: i] = beta2.0 * squares[unchecked: i] + beta2.1 * (g * g)
    let s = weight.0 * sums[unchecked: i] + weight.1 * g
    sums[unchecked: i] = s
    inner += Double(g) * Double(moves[unchecked: i])
    norm += Double(s.magnitude)
  }
  return (inner, norm)
}

/// θ ← θ − η·(m/(√v + ε) + λ·θ), and the same off θ₀ − θ: apart from `gather`, since ε waits for d⁺.
@specialized(where T == Float)
@specialized(where T == Double)
private func move<T: Scalar>(
  _ parameters: inout MutableSpan<T>, displacement: inout [T], mean: [T], square: [T], rate: T,
  weightDecay: T, epsilon: T
) {
  precondition(parameters.count == displacement.count && mean.count == displacement.count)
  var moved = displacement.mutableSpan
  let (means, squares) = (mean.span, square.span)
  for i in moved.indices {
    let u = quotient(means[unchecked: i], over: T.root(squares[unchecked: i]) + epsilon)
    let step = rate * (u + weightDecay * parameters[unchecked: i])
    parameters[unchecked: i] -= step
    moved[unchecked: i] += step
  }
}

extension Prodigy: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "prodigy", title: "Prodigy", source: "Mishchenko, Defazio 2023, algorithm 4",
      family: .firstOrder,
      hyperparameters: [
        .learningRate(1), .beta1(0.9), .beta2(0.999), .epsilon(1e-8), .weightDecay(0),
        Hyperparameter("initialDistance", alias: "d0", default: 1e-6, "d₀ > 0"),
        Hyperparameter("distanceFactor", alias: "d_coef", default: 1, "c > 0, of the estimate"),
        Hyperparameter(
          "growthRate", alias: "growth_rate", default: 0, "1 or more, of d in a step; 0 is no limit"),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), beta1: settings.value("beta1"),
      beta2: settings.value("beta2"), epsilon: settings.value("epsilon"),
      weightDecay: settings.value("weightDecay"),
      initialDistance: settings.value("initialDistance"),
      distanceFactor: settings.value("distanceFactor"), growthRate: settings.value("growthRate"))
  }
}
