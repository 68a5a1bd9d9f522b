/// A claim with the protocol it was decided by, and what came of it.
public struct ClaimFinding: Codable, Equatable, Sendable {
  public let plan: ClaimProtocol
  public let verdict: Verdict
  /// The statistic over all runs and its 95 % interval; nil where no run bears on it.
  public let estimate: Estimate?
  /// What else the runs say, in words.
  public let evidence: String

  public struct Estimate: Codable, Equatable, Sendable {
    public let value, lower, upper: Double
    /// Seeds.
    public let units: Int
    /// Of the test that the statistic lies on neither side of the region's ends, and the same adjusted
    /// for the number of claims (Holm 1979).
    public let pValue, adjusted: Double
    /// In deviations between seeds, inside the region; negative outside.
    public let effect: Double
  }

  /// The level of intervals, and one less that of Holm's tests.
  public static let level = 0.95
  /// Fewer seeds decide nothing.
  public static let leastUnits = 10

  public static let rule =
    "By the statistic's 95 % interval over seeds and optimizers: reproduced where all of it lies in the "
    + "region, not reproduced where none of it does, if that stands beside all other claims' (Holm, "
    + "5 %) and rests on ten seeds or more; else undecided"

  /// Decides claims together.
  ///
  /// - Parameter measured: each with its estimate, nil where no run bears on it, and what else is to
  ///   be said.
  static func decide(
    _ measured: [(plan: ClaimProtocol, estimate: (any LevelledEstimate)?, evidence: String)]
  ) -> [ClaimFinding] {
    let pValues = measured.map { $0.estimate?.pValue($0.plan.region) ?? 1 }
    return zip(measured, zip(pValues, holmAdjusted(pValues))).map { item, p in
      guard let estimate = item.estimate else {
        return ClaimFinding(
          plan: item.plan, verdict: .undecided, estimate: nil,
          evidence: item.evidence.isEmpty ? "no run bears on it" : item.evidence)
      }
      let (plan, region) = (item.plan, item.plan.region)
      let interval = estimate.interval(level: level)
      let isSlice = estimate.units < leastUnits
      let stands = p.1 <= 1 - level && !isSlice
      return ClaimFinding(
        plan: plan, verdict: stands ? estimate.verdict(region, level: level) : .undecided,
        estimate: Estimate(
          value: estimate.value, lower: interval.lowerBound, upper: interval.upperBound,
          units: estimate.units, pValue: p.0, adjusted: p.1, effect: estimate.effect(region)),
        evidence: item.evidence
          + (isSlice ? "; a slice: \(estimate.units) seeds of \(leastUnits)" : ""))
    }
  }
}

extension ClaimFinding {
  /// "0.02 (0 … 0.31, 10 seeds), reproduced where above 0.5".
  public var summary: String {
    guard let estimate else { return evidence }
    return "\(short(estimate.value)) (\(short(estimate.lower)) … \(short(estimate.upper)), "
      + "\(estimate.units) seeds), reproduced where \(plan.region); p = \(short(estimate.adjusted)), "
      + "effect \(short(estimate.effect)); \(evidence)"
  }

  /// A table of findings in Markdown, line by line.
  public static func markdown(_ findings: [ClaimFinding]) -> [String] {
    ["| claim | prediction | verdict | statistic |", "|---|---|---|---|"]
      + findings.map { finding in
        "| \(finding.plan.id) \(finding.plan.statement) | \(finding.plan.prediction) | "
          + "**\(finding.verdict.rawValue)** | \(finding.summary.replacing("|", with: "\\|")) |"
      }
  }
}
