/// A descent of L itself, not of ‖∇L‖, with all samples, to where the gradient is rounding: what
/// training would have come to. Where it ends, a certificate can be tried.
public struct Descent: Sendable {
  public enum Ending: String, Codable, Sendable {
    /// ‖∇L‖ came to the tolerance and fell no further.
    case converged
    /// The loss is as low as the arithmetic tells, and ‖∇L‖ above the tolerance.
    case stalled
    case budgetSpent
  }

  /// What a descent did, in figures.
  public struct Report: Codable, Equatable, Sendable {
    public let ending: Ending
    public let steps: Int
    public let startingLoss: Double
    public let loss: Double
    public let startingGradientNorm: Double
    public let gradientNorm: Double
    /// ‖Δθ‖.
    public let displacement: Double
    /// ‖Δθ‖/‖θ‖ with the θ that it started from; nil where that is zero.
    public let relativeDisplacement: Double?
  }

  /// Where it ended, P elements.
  public let point: [Double]
  public let report: Report

  /// ‖∇L‖ at which a descent may end.
  public static let gradientTolerance = 1e-12
  public static let budget = 2000
  /// Steps without a lower loss or a smaller gradient that end the descent: within the tolerance, and
  /// above it, where the trust region first has to shrink.
  private static let patience = (within: 3, above: 60)

  /// Steps of `TrustRegionNewton` on the whole objective. Below the tolerance it goes on as long as
  /// the gradient falls, since a certificate needs it as small as the arithmetic makes it; the point
  /// of the least gradient since then is the end.
  ///
  /// - Parameters:
  ///   - θ: P parameters.
  ///   - progress: told the steps so far, the loss and ‖∇L‖.
  /// - Throws: `CriticalPointError.wrongDimension`, `.pointNotFinite`, `.invalidSetting`;
  ///   `OptimizerError.notFinite` where the loss or its gradient is not finite.
  public init(
    of objective: some Objective<Double>, from θ: [Double],
    tolerance: Double = Descent.gradientTolerance, budget: Int = Descent.budget,
    progress: (Int, Double, Double) -> Void = { _, _, _ in }
  ) throws {
    guard θ.count == objective.dimension else {
      throw CriticalPointError.wrongDimension(point: θ.count, objective: objective.dimension)
    }
    if let at = firstNotFinite(θ) { throw CriticalPointError.pointNotFinite(coordinate: at) }
    try CriticalPointError.require("tolerance", tolerance, "positive") { $0 > 0 }
    try CriticalPointError.require("budget", Double(budget), "0 or more") { $0 >= 0 }
    let found =
      objective.dimension <= Refinement.assembledLimit
      ? try Self.descend(AssembledObjective(objective), θ, tolerance, budget, progress)
      : try Self.descend(objective, θ, tolerance, budget, progress)
    point = found.point
    let (start, end) = (objective.evaluate(at: θ), objective.evaluate(at: found.point))
    let moved = found.point.adding(-1, times: θ).norm
    report = Report(
      ending: found.ending, steps: found.steps, startingLoss: start.loss, loss: end.loss,
      startingGradientNorm: start.gradientNorm, gradientNorm: end.gradientNorm,
      displacement: moved, relativeDisplacement: θ.norm > 0 ? moved / θ.norm : nil)
  }

  private static func descend<Function: Objective<Double>>(
    _ objective: Function, _ θ: [Double], _ tolerance: Double, _ budget: Int,
    _ progress: (Int, Double, Double) -> Void
  ) throws -> (point: [Double], steps: Int, ending: Ending) {
    // Conjugate gradients may need more products than there are parameters, in rounding.
    let rule = try TrustRegionNewton<Double>(iterations: max(100, 2 * θ.count))
    var model = ObjectiveModel(objective)
    var state = rule.initialState(dimension: θ.count)
    var (point, best) = (θ, θ)
    var (least, lowest, waited, steps) = (Double.infinity, Double.greatestFiniteMagnitude, 0, 0)
    while true {
      let before = point
      let value = try rule.step(&point, on: &model, state: &state)
      // The gradient that the step saw, at the point before it.
      let norm = model.gradient.norm
      progress(steps, value, norm)
      let isLower = value < lowest - 10 * Double.ulpOfOne * lowest.magnitude
      waited = norm < 0.9 * least || isLower && least > tolerance ? 0 : waited + 1
      lowest = min(lowest, value)
      if norm < least { (least, best) = (norm, before) }
      let isWithin = least <= tolerance
      if waited >= (isWithin ? patience.within : patience.above) || norm == 0 {
        return (isWithin ? best : before, steps, isWithin ? .converged : .stalled)
      }
      guard steps < budget else {
        return (isWithin ? best : before, steps, isWithin ? .converged : .budgetSpent)
      }
      steps += 1
    }
  }
}
