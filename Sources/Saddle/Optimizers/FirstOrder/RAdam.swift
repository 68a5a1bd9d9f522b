/// Adam that waits for its second moment to mean something, and is momentum until then.
///
///     m ← β₁·m + (1 − β₁)·g
///     v ← β₂·v + (1 − β₂)·g²
///     ρ∞ = 2/(1 − β₂) − 1,  ρ_t = ρ∞ − 2t·β₂ᵗ/(1 − β₂ᵗ)
///     ρ_t > 5:  θ ← θ − η_t·r_t·m̂·√(1 − β₂ᵗ)/(√v + ε),
///               r_t² = (ρ_t − 4)(ρ_t − 2)ρ∞/((ρ∞ − 4)(ρ∞ − 2)ρ_t)
///     else:     θ ← θ − η_t·m̂,  m̂ = m/(1 − β₁ᵗ)        (Liu et al. 2020, algorithm 2)
///
/// The paper switches at ρ_t > 4 and has no ε; 5 and ε, beside √v and not √v̂, are PyTorch's.
/// Defaults: those of `Adam`. State: m, v and the step count. Invariances: translation and
/// permutation of coordinates; not the gradient's scale, since the first steps are plain; not
/// rotation. Where √v + ε = 0, which is possible with ε = 0 alone, the coordinate stays.
public struct RAdam<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>
  /// β₁ in [0, 1).
  public let beta1: Element
  /// β₂ in [0, 1).
  public let beta2: Element
  /// ε ≥ 0.
  public let epsilon: Element

  public typealias State = Moments<Element>

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 0.001, beta1: Element = 0.9, beta2: Element = 0.999,
    epsilon: Element = 1e-8
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireMoments(beta1: beta1, beta2: beta2, epsilon: epsilon)
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  public var largestGradient: Element { .largestSquarable }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    var rate = learningRate.rate(at: state.step)
    state.step += 1
    rate /= biasCorrection(beta1, step: state.step)
    if let rectification = rectification(at: state.step) {
      let root = biasCorrection(beta2, step: state.step).squareRoot()
      stepByMoments(
        &parameters, along: gradient.span, mean: &state.mean, square: &state.square,
        beta1: beta1, beta2: beta2, rate: rate * rectification * root, rootScale: 1,
        epsilon: epsilon)
    } else {
      // √v·0 + 1: by the mean alone.
      stepByMoments(
        &parameters, along: gradient.span, mean: &state.mean, square: &state.square,
        beta1: beta1, beta2: beta2, rate: rate, rootScale: 0, epsilon: 1)
    }
  }

  /// r_t, or nil where ρ_t ≤ 5.
  private func rectification(at step: Int) -> Element? {
    // In double precision: ρ∞ is some thousands, ρ_t some units, and the switch at 5 can be near.
    let decay = Double(beta2)
    let length = 2 / (1 - decay) - 1
    let remaining = biasCorrection(decay, step: step)
    let now = length - 2 * Double(step) * (1 - remaining) / remaining
    guard now > 5 else { return nil }
    let ratio = (now - 4) * (now - 2) * length / ((length - 4) * (length - 2) * now)
    return Element(ratio.squareRoot())
  }
}

extension RAdam: MomentRule {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "radam", title: "RAdam", source: "Liu et al. 2020, algorithm 2", family: .firstOrder,
      hyperparameters: [.learningRate(0.001), .beta1(0.9), .beta2(0.999), .epsilon(1e-8)])
  }
}
