/// A claim from the literature, decided over all the runs of a store that bear on it.
public struct SurveyFinding: Codable, Equatable, Sendable {
  /// A short name that stays: "negative-curvature".
  public let id: String
  public let theme: Theme
  public let statement: String
  public let citation: String
  /// How a seed's vote is found, which no run can change.
  public let rule: String
  public let verdict: Verdict
  /// The share of seeds of which it holds; nil where no run bears on it.
  public let estimate: RuledEstimate?
  public let evidence: String
  public let cases: [Case]

  /// What claims are about, in the report's order.
  public enum Theme: String, Codable, CaseIterable, Sendable {
    case kind = "What kind of point training ends at"
    case degeneracy = "How degenerate it is"
    case laws = "Random-matrix laws of the spectrum"
    case outliers = "Eigenvalues that stand apart"
    case factors = "What matters: width, depth, batch, weights, labels, activation"
  }

  /// One setting, panel or series among the runs, in words.
  public struct Case: Codable, Equatable, Sendable {
    public let name: String
    public let evidence: String
    public let runs: Int
  }

  /// The statistic's margin: more than half of all seeds.
  static let region = ClaimRegion(from: 0.5)

  static let seedRule =
    "a seed on one data set says what more than half of its runs do, whatever those would that "
    + "diverged or are undecided; the claim is reproduced where the exact 95 % interval of the share "
    + "of seeds lies above one half, not reproduced where below, if that stands beside all other "
    + "claims' (Holm, 5 %) and rests on ten seeds or more"
}

/// A claim with its seeds' votes, before all are decided together.
struct SurveyDraft {
  let id: String
  let theme: SurveyFinding.Theme
  let statement: String
  let citation: String
  /// How a run's or a seed's word is found.
  let rule: String
  let votes: SeedVotes
  /// What was counted, and what else is to be said.
  let evidence: String
  let cases: [SurveyFinding.Case]

  /// Of runs, each with what it says.
  ///
  /// - Parameters:
  ///   - rule: of one run.
  ///   - remark: what else the reader should know.
  init(
    _ id: String, _ theme: SurveyFinding.Theme, _ statement: String, _ citation: String,
    rule: String, runs: [(run: RunResult, holds: Bool?)], cases: [SurveyFinding.Case],
    of kind: String, remark: String = ""
  ) {
    self.init(
      id, theme, statement, citation, rule: rule, votes: SeedVotes(runs),
      evidence: runs.isEmpty
        ? "" : SurveyDraft.count(runs.map(\.holds)) + " of \(runs.count) runs in \(cases.count) \(kind)",
      cases: cases, remark: remark)
  }

  /// Of seeds, where a run alone says nothing.
  init(
    _ id: String, _ theme: SurveyFinding.Theme, _ statement: String, _ citation: String,
    rule: String, votes: SeedVotes, evidence: String, cases: [SurveyFinding.Case],
    remark: String = ""
  ) {
    self.id = id
    self.theme = theme
    self.statement = statement
    self.citation = citation
    self.rule = rule + "; " + SurveyFinding.seedRule
    self.votes = votes
    self.evidence = [evidence, remark].filter { !$0.isEmpty }.joined(separator: "; ")
    self.cases = cases
  }

  /// "it holds in 3, not in 1, undecided in 2".
  static func count(_ words: [Bool?]) -> String {
    func part(_ words: String, _ count: Int) -> String? { count > 0 ? "\(words) \(count)" : nil }
    return [
      part("it holds in", words.count { $0 == true }), part("not in", words.count { $0 == false }),
      part("undecided in", words.count { $0 == nil }),
    ].compactMap { $0 }.joined(separator: ", ")
  }

  /// Decides all together.
  static func decide(_ drafts: [SurveyDraft]) -> [SurveyFinding] {
    let rulings = JointRuling.all(of: drafts.map { ($0.votes.estimate, SurveyFinding.region) })
    return zip(drafts, rulings).map { draft, ruling in
      let figure = ruling.estimate.map { estimate in
        let words = count(draft.votes.votes)
        return "\(words) of \(estimate.units) seeds, a share of \(short(estimate.lower)) … "
          + "\(short(estimate.upper)), p = \(short(estimate.adjusted))"
      }
      return SurveyFinding(
        id: draft.id, theme: draft.theme, statement: draft.statement, citation: draft.citation,
        rule: draft.rule, verdict: ruling.verdict, estimate: ruling.estimate,
        evidence: figure.map { $0 + "; " + draft.evidence + ruling.remark }
          ?? "no runs that bear on it",
        cases: draft.cases)
    }
  }
}

/// What a store's runs say of the claims.
public struct Survey: Sendable {
  public let settings: [SettingRuns]
  public let findings: [SurveyFinding]

  public init(_ results: [RunResult]) {
    settings = SettingRuns.all(of: results)
    let panels = Panel.all(of: settings)
    findings = SurveyDraft.decide(
      SurveyDraft.endPoints(panels) + SurveyDraft.families(panels)
        + SurveyDraft.laws(settings, panels) + SurveyDraft.structure(settings, panels)
        + SurveyDraft.factors(settings))
  }

  /// The settings of one data set and network, where enough optimizers were compared.
  public struct Panel: Sendable {
    /// Fewer optimizers make no comparison.
    public static let leastOptimizers = 4

    public let key: RunSetting.Panel
    public let settings: [SettingRuns]

    static func all(of settings: [SettingRuns]) -> [Panel] {
      var order: [RunSetting.Panel] = []
      var members: [RunSetting.Panel: [SettingRuns]] = [:]
      for runs in settings {
        let key = runs.setting.panel
        if members[key] == nil { order.append(key) }
        members[key, default: []].append(runs)
      }
      return order.map { Panel(key: $0, settings: members[$0] ?? []) }
        .filter { Set($0.settings.map(\.setting.optimizer)).count >= leastOptimizers }
    }
  }

  public var panels: [Panel] { Panel.all(of: settings) }

  /// The runs that the findings rest on and that are few enough to keep in full: the first finished
  /// one of a panel's settings, for the optimizers that are named; of each level of a series; and of
  /// each setting that was refined, followed or compared with Gauss–Newton. In the settings' order.
  public func cited(optimizers: Set<String>) -> [RunResult] {
    func isFollowed(_ run: RunResult) -> Bool {
      guard let end = run.end else { return false }
      return end.refined != nil || end.point.gaussNewton != nil || end.along != nil
    }
    var exemplary = panels.flatMap(\.settings).filter {
      optimizers.contains($0.setting.optimizer)
    }
    exemplary += FactorSeries.all(of: settings).flatMap { $0.levels.map(\.runs) }
    exemplary += settings.filter { $0.runs.contains(where: isFollowed) }
    let keys = Set(exemplary.compactMap { $0.runs.first { $0.end != nil }?.key })
    return settings.flatMap(\.runs).filter { keys.contains($0.key) }
  }
}
