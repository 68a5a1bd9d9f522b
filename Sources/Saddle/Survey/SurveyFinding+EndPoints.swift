extension SurveyFinding {
  static let paper = "arXiv 1706.02052"
  static let settingRule =
    "a setting (data, network, optimizer) is decided by its seeds: what more than half of all "
    + "seeds would say, by the sign test at 5 %; the claim is reproduced if it is in all settings, "
    + "not reproduced if it is not in one, else undecided"

  /// One case a setting: what its runs say.
  static func settingCases(
    _ panels: [Survey.Panel], _ verdict: (EndPoint) -> Verdict?,
    _ evidence: ([EndPoint]) -> String
  ) -> [Case] {
    panels.flatMap { panel in
      panel.settings.compactMap { runs -> Case? in
        let ends = runs.runs.compactMap(\.end)
        let verdicts = ends.compactMap(verdict)
        guard !verdicts.isEmpty else { return nil }
        // A run that diverged has no end point: it speaks for neither side.
        let silent = [Verdict](repeating: .undecided, count: runs.runs.count - ends.count)
        return Case(
          name: "\(panel.key.name), \(runs.setting.optimizer)",
          verdict: Significance.majority(verdicts + silent), evidence: evidence(ends),
          runs: runs.runs.count)
      }
    }
  }

  static func endPoints(_ panels: [Survey.Panel]) -> [SurveyFinding] {
    let strict = ClaimLimits.strictZero
    let ends = panels.flatMap(\.settings).flatMap(\.runs).compactMap(\.end)
    let critical = ends.filter { $0.training.gradientNorm <= ClaimLimits.criticalGradientNorm }
    func index(_ ends: [EndPoint]) -> String {
      "index "
        + range(ends.compactMap { $0.share(strict)?.index.value }, percent) + " at 1e-6, ‖∇L‖ "
        + range(ends.map(\.training.gradientNorm))
    }
    func zeros(_ ends: [EndPoint]) -> String {
      [strict, ClaimLimits.looseZero].map { tolerance in
        range(ends.compactMap { $0.emergentShare(at: tolerance) }, percent)
          + " at \(short(tolerance))"
      }.joined(separator: ", ")
    }
    return [
      SurveyFinding(
        "negative-curvature", "Training ends where the Hessian has negative eigenvalues.", paper,
        rule: "a run: reproduced if a direction of negative curvature is certified by a "
          + "Hessian-vector product and by function values; " + settingRule,
        settingCases(panels, \.curvatureVerdict, index), of: "settings",
        remark: index(ends)
          + "; \(critical.count) of \(ends.count) ends are critical points (‖∇L‖ ≤ 1e-5)"),
      SurveyFinding(
        "saddles", "Refined to a critical point, the end is a saddle point.", paper,
        rule: "a run: the end is refined by Newton-MINRES; reproduced if the point is critical "
          + "(‖∇L‖ ≤ 1e-5) with eigenvalues below −1e-6·max|λ|; not if critical without; "
          + settingRule,
        settingCases(panels, { $0.refined?.verdict }) { ends in
          let refined = ends.compactMap(\.refined)
          return "index \(range(refined.map { Double($0.index) })) once refined, ‖∇L‖ "
            + range(refined.map(\.gradientNorm)) + ", loss \(range(refined.map(\.loss))) after "
            + range(ends.map(\.training.loss))
        }, of: "settings"),
      SurveyFinding(
        "degenerate", "Most eigenvalues are about zero.", paper,
        rule: "a run: of the eigenvalues that are no structural zeros, reproduced if more than half "
          + "are about zero at ε = 1e-6, not reproduced if at most half are at 1e-3; "
          + settingRule,
        settingCases(panels, \.degeneracyVerdict, zeros), of: "settings",
        remark: "emergent zeros " + zeros(ends)),
      SurveyFinding(
        "low-loss", "The loss is low where training ends.", paper,
        rule: "a run: reproduced if the training loss is at most a tenth of that at the start; "
          + settingRule,
        settingCases(panels, \.lossVerdict) { ends in
          "training loss \(range(ends.map(\.training.loss))), accuracy "
            + range(ends.compactMap(\.training.accuracy), percent) + "; test loss "
            + range(ends.compactMap { $0.test?.loss }) + ", accuracy "
            + range(ends.compactMap { $0.test?.accuracy }, percent)
        }, of: "settings"),
    ]
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
        func verdicts(_ verdict: (EndPoint) -> Verdict) -> [Verdict] {
          settings.map { runs in
            Significance.majority(
              runs.runs.compactMap(\.end).map { ofEscaping ? $0.escaping(verdict($0)) : verdict($0) })
          }
        }
        let curvature = overall(verdicts(\.curvatureVerdict))
        let zeros = overall(verdicts(\.degeneracyVerdict))
        let ends = settings.flatMap(\.runs).compactMap(\.end)
        return Case(
          name: name, verdict: overall([curvature, zeros]),
          evidence: "negative curvature \(curvature.rawValue), degeneracy \(zeros.rawValue); index "
            + range(ends.compactMap { $0.share(ClaimLimits.strictZero)?.index.value }, percent)
            + " at 1e-6, emergent zeros "
            + range(ends.compactMap { $0.emergentShare(at: ClaimLimits.strictZero) }, percent)
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
        paper, rule: rule, cases { name in !idle.contains { $0.optimizer == name } },
        of: "optimizers",
        remark: idle.map {
          "\($0.optimizer) is not counted: its runs are \($0.other)'s, bit for bit, and "
            + EscapeRecord.summary($0.ends)
        }.joined(separator: "; ")),
      SurveyFinding(
        "escaping-optimizers",
        "Methods made to escape saddles end at degenerate points of negative curvature too.",
        paper,
        rule: rule + "; a run whose mechanism never acted, or whose record does not tell, is "
          + "undecided",
        cases(escapingOptimizers.contains, ofEscaping: true), of: "optimizers"),
    ]
  }
}
