/// A claim from the literature, decided over all the runs of a store that bear on it.
public struct SurveyFinding: Codable, Equatable, Sendable {
  /// A short name that stays: "negative-curvature".
  public let id: String
  public let statement: String
  public let citation: String
  /// How it is decided, fixed before the runs.
  public let rule: String
  public let verdict: Verdict
  public let evidence: String
  public let cases: [Case]

  /// One setting, panel or series that the claim was decided for.
  public struct Case: Codable, Equatable, Sendable {
    public let name: String
    public let verdict: Verdict
    public let evidence: String
    public let runs: Int

    public init(name: String, verdict: Verdict, evidence: String, runs: Int) {
      self.name = name
      self.verdict = verdict
      self.evidence = evidence
      self.runs = runs
    }
  }

  /// - Parameter remark: what else the reader should know, after the count of cases.
  init(
    _ id: String, _ statement: String, _ citation: String, rule: String, _ cases: [Case],
    of kind: String, remark: String = ""
  ) {
    self.id = id
    self.statement = statement
    self.citation = citation
    self.rule = rule
    self.cases = cases
    verdict = Self.overall(cases.map(\.verdict))
    let counts = Verdict.allCases.map { verdict in
      (verdict, cases.filter { $0.verdict == verdict }.count)
    }.filter { $0.1 > 0 }.map { "\($0.0.rawValue) in \($0.1)" }
    evidence =
      cases.isEmpty
      ? "no runs that bear on it"
      : counts.joined(separator: ", ") + " of \(cases.count) \(kind), "
        + "\(cases.reduce(0) { $0 + $1.runs }) runs" + (remark.isEmpty ? "" : "; " + remark)
  }

  /// Claims speak of all cases: they fall with one that is surely otherwise.
  static func overall(_ verdicts: [Verdict]) -> Verdict {
    if verdicts.isEmpty { return .undecided }
    if verdicts.contains(.notReproduced) { return .notReproduced }
    return verdicts.allSatisfy { $0 == .reproduced } ? .reproduced : .undecided
  }
}

/// What a store's runs say of the claims.
public struct Survey: Sendable {
  public let settings: [SettingRuns]
  public let findings: [SurveyFinding]

  public init(_ results: [RunResult]) {
    settings = SettingRuns.all(of: results)
    let panels = Panel.all(of: settings)
    findings =
      SurveyFinding.endPoints(panels) + SurveyFinding.families(panels)
      + SurveyFinding.laws(settings, panels) + SurveyFinding.structure(settings, panels)
      + FactorSeries.findings(settings)
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
