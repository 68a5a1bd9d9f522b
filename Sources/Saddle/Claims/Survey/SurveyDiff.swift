import RealModule

/// What differs between the runs of two stores: figures setting by setting, verdicts claim by claim.
public struct SurveyDiff: Codable, Equatable, Sendable {
  public let figures: [FigureChange]
  public let findings: [FindingChange]
  /// Settings that only one of both has.
  public let onlyBefore: [String]
  public let onlyAfter: [String]

  public struct FindingChange: Codable, Equatable, Sendable {
    public let id: String
    public let statement: String
    public let before: Verdict
    public let after: Verdict
    public let evidenceBefore: String
    public let evidenceAfter: String
  }

  /// The family-wise level at which a difference counts.
  public static let level = 0.01

  /// Whether a figure surely changed, or a verdict did.
  public var isChanged: Bool {
    figures.contains { $0.outcome == .changed } || findings.contains { $0.before != $0.after }
  }

  public init(_ before: [RunResult], _ after: [RunResult]) {
    let (one, other) = (SettingRuns.all(of: before), SettingRuns.all(of: after))
    let later = Dictionary(uniqueKeysWithValues: other.map { ($0.setting, $0) })
    let earlier = Set(one.map(\.setting))
    onlyBefore = one.filter { later[$0.setting] == nil }.map(\.name)
    onlyAfter = other.filter { !earlier.contains($0.setting) }.map(\.name)
    figures = FigureChange.decided(
      one.flatMap { runs in
        later[runs.setting].map { FigureComparison.all(from: runs, to: $0) } ?? []
      })
    let verdicts = Dictionary(
      uniqueKeysWithValues: Survey(after).findings.map { ($0.id, $0) })
    findings = Survey(before).findings.compactMap { finding in
      verdicts[finding.id].map {
        FindingChange(
          id: finding.id, statement: finding.statement, before: finding.verdict,
          after: $0.verdict, evidenceBefore: finding.evidence, evidenceAfter: $0.evidence)
      }
    }
  }
}

extension SettingRuns {
  /// "MNIST, first 5000 of train, 14 × 14: 10 tanh, adam,learningRate=0.01, batch 64".
  public var name: String {
    let experiment = setting.experiment
    let plan = experiment.plan
    return "\(setting.panel.name), \(experiment.optimizer.map { "\($0)" } ?? ""), "
      + "batch \(plan?.batchSize ?? 0), \(plan?.epochs ?? 0) epochs"
      + (plan.map { $0.initializationScale == 1 ? "" : ", weights × \(short($0.initializationScale))" }
        ?? "")
  }
}

/// How a figure of one setting moved from one store to another.
public struct FigureChange: Codable, Equatable, Sendable {
  public enum Outcome: String, Codable, Sendable {
    /// The 95 % interval of the difference lies within the margin.
    case same
    /// The difference is beyond the margin and beyond chance.
    case changed
    case undecided
  }

  public let setting: String
  public let figure: String
  /// Seeds compared with themselves; 0 where both stores have other seeds.
  public let pairs: Int
  public let before: Double
  public let after: Double
  /// Mean difference: of logarithms where the margin is relative. Its 95 % interval by Student's t.
  public let difference: Double
  public let lower: Double
  public let upper: Double
  /// What counts as no difference.
  public let margin: Double
  /// Two-sided, and by Holm's rule over all figures compared.
  public let pValue: Double
  public let adjusted: Double
  public let outcome: Outcome

  static func decided(_ comparisons: [FigureComparison]) -> [FigureChange] {
    let adjusted = holmAdjusted(comparisons.map(\.pValue))
    return zip(comparisons, adjusted).map { item, p in
      let outcome: Outcome
      if item.difference.magnitude > item.margin, p < SurveyDiff.level {
        outcome = .changed
      } else {
        outcome = max(-item.lower, item.upper) <= item.margin ? .same : .undecided
      }
      return FigureChange(
        setting: item.setting, figure: item.figure.name, pairs: item.pairs, before: item.before,
        after: item.after, difference: item.difference, lower: item.lower, upper: item.upper,
        margin: item.margin, pValue: item.pValue, adjusted: p, outcome: outcome)
    }
  }
}
