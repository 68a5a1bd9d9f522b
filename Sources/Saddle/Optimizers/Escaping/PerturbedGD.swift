/// Perturbed gradient descent: where the gradient is small, and was not perturbed for a while, a
/// random step inside a ball comes on top.
///
///     if ‖g_t‖ ≤ g_thres and t − t_noise > t_thres: t_noise ← t, θ ← θ + ξ, ξ uniform in B₀(r)
///     θ ← θ − η_t·g_t                                                         (Jin et al. 2017)
///
/// The first perturbation may come at once, t_noise = −t_thres − 1 at the start, as in the paper.
/// Two things differ from it. g_t is taken before the perturbation, not again after it: one
/// gradient per step, whose difference is at most η·ℓ·r. And the paper's end, "return where f fell
/// by less than f_thres within t_thres steps of a perturbation", is no rule of a step: who runs it
/// decides when to end; until then a minimum is perturbed every t_thres + 1 steps, by at most r.
/// The paper derives r, g_thres and t_thres from the constants of f and the accuracy that is asked
/// for; g_thres = 1e-3, r = 1e-3 and t_thres = 100 are ours.
///
/// State: the noise's generator, t_noise, the step count and the perturbations'. Invariances: translation; permutation
/// and rotation of coordinates in distribution only.
public struct PerturbedGD<Element: Scalar>: FirstOrderOptimizer {
  public let learningRate: LearningRate<Element>
  /// r ≥ 0.
  public let radius: Element
  /// g_thres ≥ 0.
  public let gradientThreshold: Element
  /// t_thres ≥ 0.
  public let interval: Int
  /// Seeds the noise.
  public let seed: UInt64

  public struct State: Codable, Equatable, Sendable {
    /// Steps taken.
    public internal(set) var step = 0
    /// t_noise, the step of the last perturbation; nil before the first.
    public internal(set) var perturbed: Int?
    /// Perturbations of a radius above 0; nil in a memory from before they were counted.
    public internal(set) var interventions: Int? = 0
    public internal(set) var noise: RandomStream
  }

  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  public init(
    learningRate: LearningRate<Element>, radius: Element = 1e-3,
    gradientThreshold: Element = 1e-3, interval: Int = 100, seed: UInt64 = 1
  ) throws(OptimizerError) {
    try learningRate.validate()
    try OptimizerError.requireNotNegative("radius", radius)
    try OptimizerError.requireNotNegative("gradientThreshold", gradientThreshold)
    try OptimizerError.require("interval", Double(interval), "0 or more") { $0 >= 0 }
    self.learningRate = learningRate
    self.radius = radius
    self.gradientThreshold = gradientThreshold
    self.interval = interval
    self.seed = seed
  }

  public var largestGradient: Element { .largestWithNorm }

  public func initialState(dimension: Int) -> State {
    State(noise: RandomStream(seed: seed, name: "noise"))
  }

  public func accepts(_ state: State, dimension: Int) -> Bool {
    isStepCount(state.step) && isInterventionCount(state.interventions, of: state.step)
      && state.perturbed.map { (0..<state.step).contains($0) } ?? true
  }

  public func interventions(in state: State) -> Int? { state.interventions }

  public func update(
    _ parameters: inout MutableSpan<Element>, along gradient: inout MutableSpan<Element>,
    state: inout State
  ) {
    let rested = state.perturbed.map { state.step - $0 > interval } ?? true
    if rested, euclideanNorm(gradient.span) <= gradientThreshold {
      state.perturbed = state.step
      let point = state.noise.pointInBall(parameters.count, Element.self)
      axpy(radius, point.span, into: &parameters)
      if radius > 0 { state.interventions? += 1 }
    }
    axpy(-learningRate.rate(at: state.step), gradient.span, into: &parameters)
    state.step += 1
  }
}

extension PerturbedGD: CatalogedOptimizer {
  public static var entry: CatalogEntry {
    CatalogEntry(
      name: "perturbedGD", title: "Perturbed gradient descent", source: "Jin et al. 2017",
      family: .firstOrder,
      hyperparameters: [
        .learningRate(0.05), Hyperparameter("radius", default: 1e-3, "r ≥ 0"),
        Hyperparameter("gradientThreshold", default: 1e-3, "g_thres ≥ 0"),
        Hyperparameter("interval", default: 100, "t_thres ≥ 0, steps"),
      ])
  }

  public init(_ settings: OptimizerSettings) throws(OptimizerError) {
    try self.init(
      learningRate: settings.learningRate(), radius: settings.value("radius"),
      gradientThreshold: settings.value("gradientThreshold"),
      interval: settings.count("interval"), seed: settings.seed)
  }
}
