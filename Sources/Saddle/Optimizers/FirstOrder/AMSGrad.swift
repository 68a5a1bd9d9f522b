/// Adam whose second moment never falls.
///
///     m ← β₁·m + (1 − β₁)·g
///     v ← β₂·v + (1 − β₂)·g²
///     w ← max(w, v)
///     θ ← θ − η_t·m̂/(√ŵ + ε),  m̂ = m/(1 − β₁ᵗ),  ŵ = w/(1 − β₂ᵗ)
///                                                    (Reddi et al. 2018, algorithm 2)
///
/// The bias corrections and ε are PyTorch's; the paper has neither. While v does not fall it is
/// `Adam` bit for bit. Defaults: those of `Adam`. State: m, v, w and the step count. Invariances:
/// translation and permutation of coordinates; with ε = 0 also the gradient's scale, in each
/// coordinate apart; not rotation. PyTorch's rule, `Adam(amsgrad=True)`, is the same.
public struct AMSGrad<Element: Scalar>: ScheduledOptimizer {
  public let learningRate: LearningRate<Element>
  /// β₁ in [0, 1).
  public let beta1: Element
  /// β₂ in [0, 1).
  public let beta2: Element
  /// ε ≥ 0.
  public let epsilon: Element

  public struct State: Codable, Equatable, Sendable {
    /// m, v and the step count.
    public internal(set) var moments: Moments<Element>
    /// w, P elements.
    public internal(set) var largestSquare: [Element]
  }

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

  public func initialState(dimension: Int) -> State {
    let moments = Moments<Element>(dimension: dimension)
    return State(moments: moments, largestSquare: moments.square)
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    state.moments.isValid(dimension: dimension)
      && state.largestSquare.areNotNegative(count: dimension)
  }

  public var largestGradient: Element { .largestSquarable }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rate = learningRate.rate(at: state.moments.step)
    state.moments.step += 1
    let step = state.moments.step
    stepByLargest(
      &parameters, along: gradient.span, mean: &state.moments.mean,
      square: &state.moments.square, largest: &state.largestSquare, beta1: beta1, beta2: beta2,
      rate: rate / biasCorrection(beta1, step: step),
      rootScale: 1 / biasCorrection(beta2, step: step).squareRoot(), epsilon: epsilon)
  }
}

/// In one pass over memory, which is what a step of a large network costs.
@specialized(where T == Float)
@specialized(where T == Double)
private func stepByLargest<T: Scalar>(
  _ parameters: inout MutableSpan<T>, along gradient: Span<T>,
  mean: inout [T], square: inout [T], largest: inout [T],
  beta1: T, beta2: T, rate: T, rootScale: T, epsilon: T
) {
  precondition(
    parameters.count == gradient.count && mean.count == gradient.count
      && square.count == gradient.count && largest.count == gradient.count)
  var means = mean.mutableSpan
  var squares = square.mutableSpan
  var maxima = largest.mutableSpan
  for i in gradient.indices {
    let g = gradient[unchecked: i]
    let m = beta1 * means[unchecked: i] + (1 - beta1) * g
    let v = beta2 * squares[unchecked: i] + (1 - beta2) * (g * g)
    let old = maxima[unchecked: i]
    let w = v > old ? v : old
    means[unchecked: i] = m
    squares[unchecked: i] = v
    maxima[unchecked: i] = w
    parameters[unchecked: i] -=
      rate * quotient(m, over: T.root(w) * rootScale + epsilon)
  }
}

extension AMSGrad: MomentRule {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "amsgrad", title: "AMSGrad", source: "Reddi et al. 2018, algorithm 2",
      family: .firstOrder,
      hyperparameters: [.learningRate(0.001), .beta1(0.9), .beta2(0.999), .epsilon(1e-8)])
  }
}
