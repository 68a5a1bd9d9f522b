/// A published case in which a rule is known to go wrong, or a remedy to go right.
///
/// A rule that does better than it should is not that rule.
public struct PublishedFailure: Sendable {
  public let name: String
  /// θ₀.
  public let start: [Double]
  public let steps: Int
  /// What step t = 1, …, `steps` is taken on.
  public let function: @Sendable (_ step: Int) -> StepFunction
  /// What θ is put to after each step.
  public let projection: @Sendable ([Double]) -> [Double]
  /// Where it stands after each of the last steps, once projected.
  public let ending: [[Double]]
  /// Absolute.
  public let tolerance: Double

  public init(
    name: String, start: [Double], steps: Int,
    function: @escaping @Sendable (Int) -> StepFunction,
    projection: @escaping @Sendable ([Double]) -> [Double] = { $0 }, ending: [[Double]],
    tolerance: Double
  ) {
    precondition(
      !ending.isEmpty && ending.count <= steps, "\(ending.count) last points of \(steps) steps")
    self.name = name
    self.start = start
    self.steps = steps
    self.function = function
    self.projection = projection
    self.ending = ending
    self.tolerance = tolerance
  }

  /// Heavy ball with η = 1/9 and μ = 4/9, tuned for quadratics of curvature 1 to 25, circles for
  /// ever on a strongly convex function of such curvature (Lessard, Recht, Packard 2016, §4.6).
  ///
  /// The cycle {792, −2208, 2592}/1225 attracts: a start at 3.3 is on it to rounding after a
  /// hundred steps. PyTorch's scaling, η outside the velocity, is meant.
  public static let heavyBallCycle: PublishedFailure = {
    let landscape = Landscape.lessard
    // In the order of steps 298, 299 and 300.
    let cycle = [-2208.0, 2592, 792].map { $0 / 1225 }
    return PublishedFailure(
      name: "heavy ball circles on Lessard's function", start: [3.3], steps: 300,
      function: { _ in StepFunction(landscape) }, ending: cycle.map { [$0] }, tolerance: 1e-9)
  }()

  /// Adam with β₁ = 0, β₂ = 1/17 and η_t = ½/√t goes to +1, the worst point (Reddi et al. 2018,
  /// theorem 1). Bias correction changes β₂ᵗ only, and not the end.
  public static let adamDiverges = reddi("Adam ends at the worst point of Reddi et al.", end: 1)

  /// AMSGrad with the same numbers goes to −1, the best.
  public static let amsgradConverges = reddi(
    "AMSGrad ends at the best point of Reddi et al.", end: -1)

  /// Gradient 4 at every third step from the first on, else −1, on [−1, 1], where −1 is best.
  private static func reddi(_ name: String, end: Double) -> PublishedFailure {
    PublishedFailure(
      name: name, start: [0], steps: 1500,
      function: { step in
        let slope = step % 3 == 1 ? 4.0 : -1
        return StepFunction(
          value: { slope * $0[0] }, gradient: { _ in [slope] },
          hessianVectorProduct: { _, _ in [0] })
      },
      // Within the last period's steps, of size ½/√1500, of the end.
      projection: { $0.map { max(-1, min(1, $0)) } },
      ending: [[Double]](repeating: [end], count: 3), tolerance: 0.02)
  }
}
