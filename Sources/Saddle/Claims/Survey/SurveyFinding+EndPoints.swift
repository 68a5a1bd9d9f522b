extension SurveyFinding {
  static let settingRule =
    "a setting (data, network, optimizer) is decided by its seeds: what more than half of all "
    + "seeds would say, by the sign test at 5 %; the claim is reproduced if it is in all settings, "
    + "not reproduced if it is not in one, else undecided"

  /// A claim about points, applied to each run of every setting.
  ///
  /// - Parameters:
  ///   - point: which point of a run; a run without it bears on nothing.
  ///   - evidence: a setting's figures in words.
  init(
    _ claim: PointClaim, of settings: [SettingRuns], statement: String? = nil, remark: String = "",
    at point: (EndPoint) -> PointRecord?, _ evidence: ([PointRecord]) -> String
  ) {
    let cases = settings.compactMap { runs -> Case? in
      let ends = runs.runs.compactMap(\.end)
      let records = ends.compactMap { end in point(end).map { ($0, end.startingLoss) } }
      guard !records.isEmpty else { return nil }
      return Case(
        name: "\(runs.setting.panel.name), \(runs.setting.optimizer)",
        verdict: runs.majority(records.map { claim.decide($0, $1).verdict }),
        evidence: evidence(records.map(\.0)), runs: runs.runs.count)
    }
    self.init(
      claim.id, statement ?? claim.statement, claim.citation,
      rule: "a run: " + claim.rule + "; " + Self.settingRule, cases, of: "settings",
      remark: remark)
  }

  static func endPoints(_ panels: [Survey.Panel]) -> [SurveyFinding] {
    let settings = panels.flatMap(\.settings)
    let ends = settings.flatMap(\.runs).compactMap(\.end)
    let points = ends.map(\.point)
    return [
      SurveyFinding(
        .negativeCurvature, of: settings,
        remark: indexInWords(points) + "; " + criticalInWords(points), at: \.point, indexInWords),
      SurveyFinding(
        .saddle, of: settings, statement: "Refined to a critical point, the end is a saddle point.",
        remark: refinedInWords(ends.compactMap(\.refined?.point)), at: \.refined?.point,
        refinedInWords),
      SurveyFinding(
        .degenerate, of: settings, remark: "emergent zeros " + zerosInWords(points), at: \.point,
        zerosInWords),
      SurveyFinding(.lowLoss, of: settings, at: \.point) { records in
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

  /// Claim by claim, an optimizer a case over all panels.
  static func families(_ panels: [Survey.Panel]) -> [SurveyFinding] {
    func cases(_ includes: (String) -> Bool, ofEscaping: Bool = false) -> [Case] {
      var order: [String] = []
      for runs in panels.flatMap(\.settings) {
        let name = runs.setting.optimizer
        if includes(name), !order.contains(name) { order.append(name) }
      }
      return order.map { name in
        let settings = panels.flatMap(\.settings).filter { $0.setting.optimizer == name }
        func verdicts(_ claim: PointClaim) -> [Verdict] {
          settings.map { runs in
            Significance.majority(
              runs.runs.compactMap(\.end).map { end in
                let verdict = claim.decide(end.point, end.startingLoss).verdict
                return ofEscaping ? end.escaping(verdict) : verdict
              })
          }
        }
        let curvature = overall(verdicts(.negativeCurvature))
        let zeros = overall(verdicts(.degenerate))
        let ends = settings.flatMap(\.runs).compactMap(\.end)
        let points = ends.map(\.point)
        return Case(
          name: name, verdict: overall([curvature, zeros]),
          evidence: "negative curvature \(curvature.rawValue), degeneracy \(zeros.rawValue); index "
            + range(points.compactMap { $0.index(at: PointLimits.strictZero) }, percent)
            + " at 1e-6, emergent zeros "
            + range(points.compactMap { $0.emergentShare(at: PointLimits.strictZero) }, percent)
            + (ofEscaping ? "; " + EscapeRecord.summary(ends) : ""),
          runs: settings.reduce(0) { $0 + $1.runs.count })
      }
    }
    let rule =
      "an optimizer: reproduced if both claims, negative curvature and most eigenvalues about zero, "
      + "are in all its settings; not reproduced if one is surely otherwise in one"
    let idle = EscapeRecord.idle(panels)
    return [
      SurveyFinding(
        "every-optimizer", "Every optimizer ends at degenerate points of negative curvature.",
        PointClaim.paper, rule: rule, cases { name in !idle.contains { $0.optimizer == name } },
        of: "optimizers",
        remark: idle.map {
          "\($0.optimizer) is not counted: its runs are \($0.other)'s, bit for bit, and "
            + EscapeRecord.summary($0.ends)
        }.joined(separator: "; ")),
      SurveyFinding(
        "escaping-optimizers",
        "Methods made to escape saddles end at degenerate points of negative curvature too.",
        PointClaim.paper,
        rule: rule + "; a run whose mechanism never acted, or whose record does not tell, is "
          + "undecided",
        cases(escapingOptimizers.contains, ofEscaping: true), of: "optimizers"),
    ]
  }
}

extension SettingRuns {
  /// What most of the runs say. A run that diverged has no end point: it speaks for neither side.
  func majority(_ verdicts: [Verdict]) -> Verdict {
    let diverged = runs.count { $0.end == nil }
    return Significance.majority(verdicts + [Verdict](repeating: .undecided, count: diverged))
  }
}
