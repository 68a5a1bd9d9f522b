/// A claim with the protocol it was decided by, and what came of it.
public struct ClaimFinding: Codable, Equatable, Sendable {
  public let plan: ClaimProtocol
  public let verdict: Verdict
  /// The statistic over all runs and its 95 % interval; nil where no run bears on it.
  public let estimate: RuledEstimate?
  /// What else the runs say, in words.
  public let evidence: String

  /// Decides claims together.
  ///
  /// - Parameter measured: each with its estimate, nil where no run bears on it, and what else is to
  ///   be said.
  static func decide(
    _ measured: [(plan: ClaimProtocol, estimate: (any LevelledEstimate)?, evidence: String)]
  ) -> [ClaimFinding] {
    let rulings = JointRuling.all(of: measured.map { ($0.estimate, $0.plan.region) })
    return zip(measured, rulings).map { item, ruling in
      ClaimFinding(
        plan: item.plan, verdict: ruling.verdict, estimate: ruling.estimate,
        evidence: (item.evidence.isEmpty ? "no run bears on it" : item.evidence) + ruling.remark)
    }
  }
}

extension ClaimFinding {
  /// "0.02 (0 … 0.31, 10 seeds), reproduced where above 0.5".
  public var summary: String {
    estimate.map { "\($0.inWords(plan.region)); \(evidence)" } ?? evidence
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
