import RealModule

/// AdEMAMix: Adam with a second mean gradient, far slower than the first.
///
///     m ← β₁·m + (1 − β₁)·g
///     s ← β₃(t)·s + (1 − β₃(t))·g
///     v ← β₂·v + (1 − β₂)·g²
///     θ ← (1 − η_t·λ)·θ − η_t·(m̂ + α(t)·s)/(√v̂ + ε),  m̂ = m/(1 − β₁ᵗ),  v̂ = v/(1 − β₂ᵗ)
///                                                    (Pagliardini et al. 2024, algorithm 1)
///
/// α(t) = min(α·t/T_α, α) over T_α = `alphaWarmUp` steps, and β₃(t) rises from β₁ to β₃ over
/// `beta3WarmUp` steps so that its half-life is linear in t: both are 0 by default, no warm-up, as
/// in the authors' package (apple/ml-ademamix). The other defaults are the package's too: η = 0.001,
/// β₁ = 0.9, β₂ = 0.999, β₃ = 0.9999, α = 2, ε = 1e-8, λ = 0. The package adds 1e-8 to each β in
/// β₃(t), which is left out here: it would have no value at β₃ > 1 − 1e-8. Where β₁ > β₃ it falls
/// from the one to the other, as in the package; the paper takes β₃ at once.
///
/// State: m, v, s and the step count. Invariances: permutation of coordinates; translation with
/// λ = 0; the gradient's scale with ε = 0; not rotation. With α = 0 it is `AdamW`.
public struct AdEMAMix<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>
  /// β₁ in [0, 1).
  public let beta1: Element
  /// β₂ in [0, 1).
  public let beta2: Element
  /// β₃ in [0, 1).
  public let beta3: Element
  /// α ≥ 0.
  public let alpha: Element
  /// T_α ≥ 0, in steps.
  public let alphaWarmUp: Int
  /// In steps, 0 or more.
  public let beta3WarmUp: Int
  /// ε ≥ 0.
  public let epsilon: Element
  /// λ ≥ 0.
  public let weightDecay: Element

  public struct State: OptimizerMemory {
    /// m, v and the step count.
    public internal(set) var moments: Moments<Element>
    /// s, P elements.
    public internal(set) var slowMean: [Element]

    public init(dimension: Int) {
      moments = Moments(dimension: dimension)
      slowMean = moments.mean
    }

    public func isValid(dimension: Int) -> Bool {
      moments.isValid(dimension: dimension) && slowMean.areFinite(count: dimension)
    }
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 0.001, beta1: Element = 0.9, beta2: Element = 0.999,
    beta3: Element = 0.9999, alpha: Element = 2, alphaWarmUp: Int = 0, beta3WarmUp: Int = 0,
    epsilon: Element = 1e-8, weightDecay: Element = 0
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireMoments(beta1: beta1, beta2: beta2, epsilon: epsilon)
    try OptimizerError.requireDecay("beta3", beta3)
    try OptimizerError.requireNotNegative("alpha", alpha)
    try OptimizerError.requireStepCount("alphaWarmUp", alphaWarmUp)
    try OptimizerError.requireStepCount("beta3WarmUp", beta3WarmUp)
    try OptimizerError.requireNotNegative("weightDecay", weightDecay)
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.beta3 = beta3
    self.alpha = alpha
    self.alphaWarmUp = alphaWarmUp
    self.beta3WarmUp = beta3WarmUp
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var largestGradient: Element { .largestSquarable }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rate = learningRate.rate(at: state.moments.step)
    state.moments.step += 1
    let step = state.moments.step
    let slow = slowDecay(at: step)
    stepByTwoMeans(
      &parameters, along: gradient.span, mean: &state.moments.mean, slow: &state.slowMean,
      square: &state.moments.square, beta1: beta1, beta2: beta2, beta3: slow.decay,
      gain: slow.gain, shrinkage: 1 - rate * weightDecay, rate: rate,
      meanScale: 1 / biasCorrection(beta1, step: step), share: share(at: step),
      rootScale: 1 / biasCorrection(beta2, step: step).squareRoot(), epsilon: epsilon)
  }

  /// α(t).
  private func share(at step: Int) -> Element {
    step < alphaWarmUp ? alpha * (Element(step) / Element(alphaWarmUp)) : alpha
  }

  /// β₃(t) and 1 − β₃(t), of which `Float` would keep three digits only.
  private func slowDecay(at step: Int) -> (decay: Element, gain: Element) {
    guard step < beta3WarmUp else { return (beta3, 1 - beta3) }
    let time = Double(step) / Double(beta3WarmUp)
    // The half-life is −ln 2/ln β, and 0 where β is.
    let inverse = (1 - time) / .log(Double(beta1)) + time / .log(Double(beta3))
    return (Element(.exp(1 / inverse)), Element(-.expMinusOne(1 / inverse)))
  }
}

/// In one pass over memory, which is what a step of a large network costs.
@specialized(where T == Float)
@specialized(where T == Double)
private func stepByTwoMeans<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>, mean: inout [T], slow: inout [T],
  square: inout [T], beta1: T, beta2: T, beta3: T, gain: T, shrinkage: T, rate: T, meanScale: T,
  share: T, rootScale: T, epsilon: T
) {
  precondition(
    parameters.count == gradient.count && mean.count == gradient.count
      && slow.count == gradient.count && square.count == gradient.count)
  var means = mean.mutableSpan
  var slows = slow.mutableSpan
  var squares = square.mutableSpan
  for i in gradient.indices {
    let g = gradient[unchecked: i]
    let m = beta1 * means[unchecked: i] + (1 - beta1) * g
    let s = beta3 * slows[unchecked: i] + gain * g
    let v = beta2 * squares[unchecked: i] + (1 - beta2) * (g * g)
    means[unchecked: i] = m
    slows[unchecked: i] = s
    squares[unchecked: i] = v
    let move = quotient(m * meanScale + share * s, over: T.root(v) * rootScale + epsilon)
    parameters[unchecked: i] = shrinkage * parameters[unchecked: i] - rate * move
  }
}

extension AdEMAMix: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "ademamix", title: "AdEMAMix", source: "Pagliardini et al. 2024, algorithm 1",
      family: .firstOrder,
      hyperparameters: [
        .learningRate(0.001), .beta1(0.9), .beta2(0.999),
        Hyperparameter("beta3", default: 0.9999, "β₃ in [0, 1), of the slow mean"),
        Hyperparameter("alpha", default: 2, "α ≥ 0, the slow mean's share"),
        Hyperparameter(
          "alphaWarmUp", alias: "alpha_warmup", default: 0, "steps in which α rises from 0"),
        Hyperparameter(
          "beta3WarmUp", alias: "beta3_warmup", default: 0, "steps in which β₃ rises from β₁"),
        .epsilon(1e-8), .weightDecay(0),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), beta1: settings.value("beta1"),
      beta2: settings.value("beta2"), beta3: settings.value("beta3"),
      alpha: settings.value("alpha"), alphaWarmUp: settings.count("alphaWarmUp"),
      beta3WarmUp: settings.count("beta3WarmUp"), epsilon: settings.value("epsilon"),
      weightDecay: settings.value("weightDecay"))
  }
}
