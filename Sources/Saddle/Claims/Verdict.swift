/// What the evidence says of a claim.
public enum Verdict: String, Codable, CaseIterable, Sendable {
  case reproduced
  case notReproduced = "not reproduced"
  case undecided

  /// The same in words for a law: that it holds, or fails.
  public var ofLaw: String {
    switch self {
    case .reproduced: "holds"
    case .notReproduced: "fails"
    case .undecided: "undecided"
    }
  }
}

/// A verdict, the rule it was reached by, and the figures the rule was applied to.
public struct Ruling: Codable, Equatable, Sendable {
  public let verdict: Verdict
  /// Fixed before the run.
  public let rule: String
  /// In words.
  public let evidence: String

  public init(verdict: Verdict, rule: String, evidence: String) {
    self.verdict = verdict
    self.rule = rule
    self.evidence = evidence
  }
}

/// The limits that the rules use. They were fixed before any run; no run may move them.
public enum ClaimLimits {
  /// "Most" eigenvalues: more than this share.
  public static let most = 0.5
  /// The tolerances between which "about zero" is taken to lie.
  public static let strictZero = 1e-6
  public static let looseZero = 1e-3
  /// A point is critical where Newton's step is at most this part of ‖θ‖ (`Criticality.isCritical`).
  public static let criticalStep = 1e-3
  /// A loss is low where it is at most this share of the loss that training started from.
  public static let lowLoss = 0.1
  /// The greatest eigenvalues of the Hessian and the Gauss–Newton matrix agree within this.
  public static let leadingDeviation = 0.1
  /// The distribution functions of their other eigenvalues differ by at least this.
  public static let bulkDistance = 0.1
}
