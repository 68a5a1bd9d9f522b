import RealModule

/// Sophia-H: a mean gradient over a mean diagonal of the Hessian, clipped in every coordinate.
///
///     m ← β₁·m + (1 − β₁)·g
///     h ← β₂·h + (1 − β₂)·ξ∘Hξ,  every k-th step, the first among them; ξ of random signs
///     θ ← (1 − η_t·λ)·θ − η_t/(1 − β₁ᵗ)·clip(m/(γ·max(h, 0) + ε)),  clip to [−1, 1]
///                                                           (Liu et al. 2023, algorithm 3)
///
/// The form and the defaults are those of the authors' code (Liuhong99/Sophia, `SophiaH`): η = 0.001,
/// β₁ = 0.9, β₂ = 0.99, γ = 10, λ = 0.01, ε = 1e-12; k = 10 is the paper's. The paper does not correct
/// m for its bias, divides by max(γ·h, ε), and has γ = 0.01, β₁ = 0.96. Its estimator ξ∘Hξ
/// (Hutchinson's, algorithm 1) has normal ξ, of variance Σ_{j≠i}Hᵢⱼ² + 2·Hᵢᵢ² in coordinate i; that of
/// signs is less by 2·Hᵢᵢ², and they are exact where H is diagonal. Where γ·max(h, 0) + ε = 0, which
/// is possible with ε = 0 alone, the clipped quotient is m's sign.
///
/// One Hessian-vector product every k steps. State: m, h, the signs' generator and the step count.
/// Invariances: translation with λ = 0; c·f with ε = 0; permutation of coordinates in distribution
/// only, and not rotation.
public struct Sophia<Element: Scalar>: Optimizer {
  public let learningRate: LearningRate<Element>
  /// β₁ in [0, 1).
  public let beta1: Element
  /// β₂ in [0, 1).
  public let beta2: Element
  /// γ ≥ 0.
  public let gamma: Element
  /// ε ≥ 0.
  public let epsilon: Element
  /// λ ≥ 0.
  public let weightDecay: Element
  /// k ≥ 1.
  public let interval: Int
  /// Seeds the signs.
  public let seed: UInt64

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// m, P elements.
    public internal(set) var mean: [Element]
    /// h, P elements.
    public internal(set) var curvature: [Element]
    public internal(set) var probes: RandomStream
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element> = 0.001, beta1: Element = 0.9, beta2: Element = 0.99,
    gamma: Element = 10, epsilon: Element = 1e-12, weightDecay: Element = 0.01,
    interval: Int = 10, seed: UInt64 = 1
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireMoments(beta1: beta1, beta2: beta2, epsilon: epsilon)
    try OptimizerError.requireNotNegative("gamma", gamma)
    try OptimizerError.requireNotNegative("weightDecay", weightDecay)
    try OptimizerError.require("interval", Double(interval), "1 or more") { $0 >= 1 }
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.gamma = gamma
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.interval = interval
    self.seed = seed
  }

  public func initialState(dimension: Int) -> State {
    let zero = [Element](repeating: 0, count: dimension)
    return State(mean: zero, curvature: zero, probes: RandomStream(seed: seed, name: "probes"))
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && state.mean.areFinite(count: dimension)
      && state.curvature.areFinite(count: dimension)
  }

  public func step<Model: LocalModel<Element>>(
    _ parameters: inout MutableSpan<Element>, on model: inout Model, state: inout State
  ) throws(OptimizerError) -> Element {
    let value = try model.finiteEvaluation(at: parameters.span)
    if state.step % interval == 0 {
      var probes = state.probes
      let diagonal = try model.diagonalEstimate(at: parameters.span, using: &probes)
      average(diagonal.span, into: &state.curvature, decay: beta2)
      state.probes = probes
    }
    let rate = learningRate.rate(at: state.step)
    state.step += 1
    stepByClippedRatio(
      &parameters, along: model.gradient.span, mean: &state.mean,
      curvature: state.curvature, beta1: beta1, gamma: gamma, epsilon: epsilon,
      shrinkage: 1 - rate * weightDecay, rate: rate / biasCorrection(beta1, step: state.step))
    return value
  }
}

extension LocalModel {
  /// ξ∘Hξ at θ for random signs ξ, of which the mean is H's diagonal (Hutchinson 1990; Bekas,
  /// Kokiopoulou, Saad 2007).
  ///
  /// - Throws: `OptimizerError.krylov` where the product is not finite.
  func diagonalEstimate(
    at parameters: Span<Element>, using generator: inout RandomStream
  ) throws(OptimizerError) -> [Element] {
    let signs = (0..<parameters.count).map { _ in generator.next() >> 63 == 0 ? Element(1) : -1 }
    var estimate = signs.isEmpty ? signs : linearized(at: parameters).apply(signs)
    for i in estimate.indices { estimate[i] *= signs[i] }
    if let place = estimate.firstIndex(where: { !$0.isFinite }) {
      throw .krylov(.productNotFinite(product: 1, coordinate: place))
    }
    return estimate
  }
}

/// h ← β·h + (1 − β)·x.
@specialized(where T == Float)
@specialized(where T == Double)
private func average<T: Scalar>(_ x: Span<T>, into mean: inout [T], decay: T) {
  precondition(x.count == mean.count, "\(x.count) elements into \(mean.count)")
  var means = mean.mutableSpan
  for i in x.indices {
    means[unchecked: i] = decay * means[unchecked: i] + (1 - decay) * x[unchecked: i]
  }
}

/// In one pass over memory, which is what a step of a large network costs.
@specialized(where T == Float)
@specialized(where T == Double)
private func stepByClippedRatio<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>, mean: inout [T],
  curvature: [T], beta1: T, gamma: T, epsilon: T, shrinkage: T, rate: T
) {
  precondition(
    parameters.count == gradient.count && mean.count == gradient.count
      && curvature.count == gradient.count)
  var means = mean.mutableSpan
  let curvatures = curvature.span
  for i in gradient.indices {
    let m = beta1 * means[unchecked: i] + (1 - beta1) * gradient[unchecked: i]
    means[unchecked: i] = m
    let h = curvatures[unchecked: i]
    let divisor = gamma * (h > 0 ? h : 0) + epsilon
    let move = m.magnitude < divisor ? m / divisor : sign(m)
    parameters[unchecked: i] = shrinkage * parameters[unchecked: i] - rate * move
  }
}

extension Sophia: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "sophia", title: "Sophia-H", source: "Liu et al. 2023, algorithm 3",
      family: .secondOrder,
      hyperparameters: [
        .learningRate(0.001), .beta1(0.9), .beta2(0.99),
        Hyperparameter("gamma", default: 10, "γ ≥ 0, of the curvature in the divisor"),
        .epsilon(1e-12), .weightDecay(0.01),
        Hyperparameter("interval", default: 10, "k ≥ 1, steps from product to product"),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), beta1: settings.value("beta1"),
      beta2: settings.value("beta2"), gamma: settings.value("gamma"),
      epsilon: settings.value("epsilon"), weightDecay: settings.value("weightDecay"),
      interval: settings.count("interval"), seed: settings.seed)
  }
}
