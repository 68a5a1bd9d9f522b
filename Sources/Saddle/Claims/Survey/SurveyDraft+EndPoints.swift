extension SurveyDraft {
  /// A claim about points, applied to each run of every setting. A run that diverged has no end point:
  /// it speaks for neither side.
  ///
  /// - Parameters:
  ///   - point: which point of a run; a run that ended without it bears on nothing.
  ///   - evidence: a setting's figures in words.
  init(
    _ claim: PointClaim, _ theme: SurveyFinding.Theme, of settings: [SettingRuns],
    statement: String? = nil, remark: String = "", at point: (EndPoint) -> PointRecord?,
    _ evidence: ([PointRecord]) -> String
  ) {
    self.init(
      claim.id, theme, statement ?? claim.statement, claim.citation, rule: "a run: " + claim.rule,
      of: settings, remark: remark,
      decide: { end in point(end).map { claim.decide($0, end.startingLoss).verdict } }
    ) { ends in evidence(ends.compactMap(point)) }
  }

  /// A claim about runs, by what each says.
  ///
  /// - Parameters:
  ///   - decide: nil where a run bears on nothing.
  ///   - evidence: the figures of a setting's runs that bear on it, in words.
  init(
    _ id: String, _ theme: SurveyFinding.Theme, _ statement: String, _ citation: String,
    rule: String, of settings: [SettingRuns], remark: String = "",
    decide: (EndPoint) -> Verdict?, _ evidence: ([EndPoint]) -> String
  ) {
    var (runs, cases): ([(run: RunResult, holds: Bool?)], [SurveyFinding.Case]) = ([], [])
    for setting in settings {
      let ends = setting.runs.compactMap { run in
        run.end.flatMap { end in decide(end).map { (run: run, end: end, verdict: $0) } }
      }
      guard !ends.isEmpty else { continue }
      let diverged = setting.runs.filter { $0.end == nil }
      let words = ends.map(\.verdict.holds) + diverged.map { _ in nil }
      runs += zip(ends.map(\.run) + diverged, words).map { ($0, $1) }
      let figures = evidence(ends.map(\.end))
      cases.append(
        SurveyFinding.Case(
          name: setting.shortName,
          evidence: Self.count(words) + " of \(words.count)" + (figures.isEmpty ? "" : "; " + figures),
          runs: words.count))
    }
    self.init(
      id, theme, statement, citation, rule: rule, runs: runs, cases: cases, of: "settings",
      remark: remark)
  }

  static func endPoints(_ panels: [Survey.Panel]) -> [SurveyDraft] {
    let settings = panels.flatMap(\.settings)
    let ends = settings.flatMap(\.runs).compactMap(\.end)
    let points = ends.map(\.point)
    return [
      SurveyDraft(
        .negativeCurvature, .kind, of: settings,
        remark: indexInWords(points) + "; " + criticalInWords(points), at: \.point, indexInWords),
      SurveyDraft(
        .saddle, .kind, of: settings, statement: "Refined to a critical point, the end is a saddle point.",
        remark: refinedInWords(ends.compactMap(\.refined?.point)), at: \.refined?.point,
        refinedInWords),
      SurveyDraft(
        .degenerate, .degeneracy, of: settings, remark: "emergent zeros " + zerosInWords(points), at: \.point,
        zerosInWords),
      SurveyDraft(.lowLoss, .kind, of: settings, at: \.point) { records in
        "training loss \(range(records.map(\.evaluation.loss))), accuracy "
          + range(records.compactMap(\.evaluation.accuracy), percent)
      },
    ]
  }

  private static func indexInWords(_ points: [PointRecord]) -> String {
    "index " + range(points.compactMap { $0.index(at: PointLimits.strictZero) }, percent)
      + " at 1e-6, ‖∇L‖ " + range(points.map(\.evaluation.gradientNorm))
  }

  private static func zerosInWords(_ points: [PointRecord]) -> String {
    [PointLimits.strictZero, PointLimits.looseZero].map { tolerance in
      range(points.compactMap { $0.emergentShare(at: tolerance) }, percent)
        + " at \(short(tolerance))"
    }.joined(separator: ", ")
  }

  /// How many are critical, of those of which it was measured.
  private static func criticalInWords(_ points: [PointRecord]) -> String {
    let measured = points.compactMap(\.criticality)
    guard !measured.isEmpty else {
      return "Newton's step was not measured at any of \(points.count) ends"
    }
    return "\(measured.count { $0.isCritical }) of \(measured.count) ends whose Newton step was "
      + "measured are critical points"
  }

  private static func refinedInWords(_ points: [PointRecord]) -> String {
    guard !points.isEmpty else { return "" }
    let measured = points.compactMap(\.criticality)
    let steps = measured.filter { $0.lengthScale > 0 }.map { $0.newtonStep / $0.lengthScale }
    return "of \(points.count) refined \(measured.count { $0.isCritical }) are critical points and "
      + "\(measured.count { $0.isGradientFlat }) gradient-flat; ‖∇L‖ "
      + range(points.map(\.evaluation.gradientNorm)) + ", Newton's step \(range(steps)) of ‖θ‖, loss "
      + range(points.map(\.evaluation.loss))
  }

  /// What holds for every optimizer, and for those that are made to escape.
  static func families(_ panels: [Survey.Panel]) -> [SurveyDraft] {
    let settings = panels.flatMap(\.settings)
    func draft(
      _ id: String, _ statement: String, rule: String, remark: String = "", ofEscaping: Bool = false,
      _ includes: (String) -> Bool
    ) -> SurveyDraft {
      func says(_ end: EndPoint) -> Bool? {
        let words = [PointClaim.negativeCurvature, .degenerate].map {
          $0.decide(end.point, end.startingLoss).verdict.holds
        }
        // Of both, one that is surely otherwise decides.
        let both = words.contains(false) ? false : words.contains(nil) ? nil : true
        return ofEscaping && (end.interventions ?? 0) == 0 ? nil : both
      }
      let used = settings.filter { includes($0.setting.optimizer) }
      var order: [String] = []
      for runs in used where !order.contains(runs.setting.optimizer) {
        order.append(runs.setting.optimizer)
      }
      var units: [String: [Bool?]] = [:]
      let cases = order.map { name in
        let runs = used.filter { $0.setting.optimizer == name }.flatMap(\.runs)
        let words = runs.map { ($0, $0.end.flatMap(says)) }
        for (unit, members) in Dictionary(grouping: words, by: { $0.0.unit }) {
          units[unit, default: []].append(SeedVotes.majority(members.map(\.1)))
        }
        let ends = runs.compactMap(\.end)
        let points = ends.map(\.point)
        return SurveyFinding.Case(
          name: name,
          evidence: count(words.map(\.1)) + " of \(words.count); index "
            + range(points.compactMap { $0.index(at: PointLimits.strictZero) }, percent)
            + " at 1e-6, emergent zeros "
            + range(points.compactMap { $0.emergentShare(at: PointLimits.strictZero) }, percent)
            + (ofEscaping ? "; " + EscapeRecord.summary(ends) : ""),
          runs: words.count)
      }
      // A claim of all optimizers falls, of a seed, with one that is surely otherwise.
      let words = units.values.map { words -> [Bool?] in
        [words.contains(false) ? false : words.contains(nil) ? nil : true]
      }
      return SurveyDraft(
        id, .kind, statement, PointClaim.paper, rule: rule, votes: SeedVotes(units: words),
        evidence: "\(cases.reduce(0) { $0 + $1.runs }) runs of \(cases.count) optimizers",
        cases: cases, remark: remark)
    }
    let rule =
      "a run: both claims, negative curvature and most eigenvalues about zero; an optimizer, of one "
      + "seed: what more than half of its runs say; a seed: whether it holds of every optimizer"
    let idle = EscapeRecord.idle(panels)
    return [
      draft(
        "every-optimizer", "Every optimizer ends at degenerate points of negative curvature.",
        rule: rule,
        remark: idle.map {
          "\($0.optimizer) is not counted: its runs are \($0.other)'s, bit for bit, and "
            + EscapeRecord.summary($0.ends)
        }.joined(separator: "; ")
      ) { name in !idle.contains { $0.optimizer == name } },
      draft(
        "escaping-optimizers",
        "Methods made to escape saddles end at degenerate points of negative curvature too.",
        rule: rule + "; a run whose mechanism never acted, or whose record does not tell, is "
          + "undecided",
        ofEscaping: true, escapingOptimizers.contains),
    ]
  }
}

extension SettingRuns {
  /// "MNIST, first 5000 of train, 14 × 14: 10 tanh, adam".
  var shortName: String { "\(setting.panel.name), \(setting.optimizer)" }
}
