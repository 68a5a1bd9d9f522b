/// What the evidence says of a claim.
public enum Verdict: String, Codable, CaseIterable, Sendable {
  case reproduced
  case notReproduced = "not reproduced"
  case undecided

  /// Whether the claim holds; nil where that is undecided.
  var holds: Bool? {
    switch self {
    case .reproduced: true
    case .notReproduced: false
    case .undecided: nil
    }
  }

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
  /// Which no run can change.
  public let rule: String
  /// In words.
  public let evidence: String

  public init(verdict: Verdict, rule: String, evidence: String) {
    self.verdict = verdict
    self.rule = rule
    self.evidence = evidence
  }
}
