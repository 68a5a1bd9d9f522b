extension WignerAnswer {
  fileprivate var asVerdict: Verdict {
    switch verdict {
    case .holds: .reproduced
    case .fails: .notReproduced
    case .undecided: .undecided
    }
  }
}

extension SurveyFinding {
  /// Wigner's law, and Marchenko and Pastur's beside it, at the end of every setting and along those
  /// runs whose spectra were taken.
  static func laws(_ settings: [SettingRuns], _ panels: [Survey.Panel]) -> [SurveyFinding] {
    law("semicircle", "Wigner's semicircle", drawn: "a GOE matrix's, 1,999 draws", settings, panels)
      { $0.wigner }
      + law(
        "marchenko-pastur", "Marchenko–Pastur", drawn: "a Wishart matrix's, 1,099 draws", settings,
        panels) { $0.marchenkoPastur }
  }

  private static func law(
    _ id: String, _ name: String, drawn: String, _ settings: [SettingRuns],
    _ panels: [Survey.Panel], _ answer: @escaping (EpochSpectrum) -> WignerAnswer?
  ) -> [SurveyFinding] {
    let statement = "\(name) describes the bulk of the spectrum"
    let rule =
      "a run: reproduced if a random matrix's bulk (\(drawn)) lies as far from its own fit with "
      + "p ≥ 0.01 (Cramér–von Mises), not reproduced if p < 0.001; " + settingRule
    let along = settings.filter { $0.runs.contains { $0.end?.along != nil } }
    func moment(_ when: String, _ phrase: String, _ pick: ([EpochSpectrum]) -> EpochSpectrum?)
      -> SurveyFinding
    {
      let cases = along.compactMap { runs -> Case? in
        let picked = runs.runs.compactMap { $0.end?.along }.compactMap(pick)
        let answers = picked.compactMap(answer)
        guard let epoch = picked.first?.epoch, let first = answers.first else { return nil }
        return Case(
          name: "\(runs.setting.panel.name), \(runs.setting.optimizer), epoch \(epoch)",
          verdict: Significance.majority(answers.map(\.asVerdict)),
          evidence: "seed 1 of \(answers.count): " + first.evidence, runs: answers.count)
      }
      return SurveyFinding(
        "\(id)-\(when)", "\(statement) \(phrase).", paper, rule: rule, cases, of: "settings")
    }
    return [
      moment("start", "at initialization") { $0.first },
      moment("during", "half-way through training") { $0.dropFirst().dropLast().middle },
      SurveyFinding(
        "\(id)-end", statement + " where training ends.", paper, rule: rule,
        settingCases(panels, { $0.spectrum.flatMap(answer)?.asVerdict }) { ends in
          let answers = ends.compactMap { $0.spectrum.flatMap(answer) }
          return (answers.first?.evidence ?? "") + ", the first of \(answers.count) seeds"
        }, of: "settings"),
    ]
  }

  /// Outliers, Gauss–Newton, the start against the end, error against index.
  static func structure(_ settings: [SettingRuns], _ panels: [Survey.Panel]) -> [SurveyFinding] {
    [outliers(panels)] + gaussNewton(settings) + [growth(settings), errorAgainstIndex(panels)]
  }

  /// Both data sets have ten classes.
  private static let classes = 10

  private static func outliers(_ panels: [Survey.Panel]) -> SurveyFinding {
    SurveyFinding(
      "outliers", "About as many eigenvalues stand apart as there are classes, less one.",
      "Sagun et al. 2016, 2017; Papyan 2018",
      rule: "a run: outliers are those above the largest ratio of neighbours among the 100 "
        + "greatest, if it is 1.5 or more; reproduced if there are \(classes - 2) to \(classes), "
        + "else not; " + settingRule,
      settingCases(
        panels,
        { end in
          end.outliers.map { (classes - 2...classes).contains($0) ? .reproduced : .notReproduced }
        }
      ) { ends in "outliers " + range(ends.compactMap { $0.outliers.map(Double.init) }) },
      of: "settings")
  }

  private static func gaussNewton(_ settings: [SettingRuns]) -> [SurveyFinding] {
    func cases(_ verdict: (GaussNewtonComparison) -> Verdict) -> [Case] {
      settings.compactMap { runs in
        let figures = runs.runs.compactMap { $0.end?.gaussNewton }
        guard !figures.isEmpty else { return nil }
        return Case(
          name: "\(runs.setting.panel.name), \(runs.setting.optimizer)",
          verdict: Significance.majority(figures.map(verdict)),
          evidence: "the \(GaussNewtonComparison.leading) greatest differ by at most "
            + range(figures.map(\.leadingDeviation), percent) + ", the others' distributions by "
            + range(figures.map(\.bulkDistance)),
          runs: figures.count)
      }
    }
    return [
      SurveyFinding(
        "gauss-newton-outliers", "The Hessian's outliers are those of the Gauss–Newton matrix.",
        "Sagun et al. 2017; Papyan 2018",
        rule: "a run: reproduced if the ten greatest eigenvalues of both agree within 10 %, else "
          + "not; " + settingRule,
        cases { $0.leadingDeviation <= 0.1 ? .reproduced : .notReproduced }, of: "settings"),
      SurveyFinding(
        "gauss-newton-bulk", "The Hessian's bulk is not that of the Gauss–Newton matrix.",
        "Papyan 2018",
        rule: "a run: reproduced if the distribution functions of the other eigenvalues differ by "
          + "0.1 or more somewhere, else not; " + settingRule,
        cases { $0.bulkDistance >= 0.1 ? .reproduced : .notReproduced }, of: "settings"),
    ]
  }

  private static func growth(_ settings: [SettingRuns]) -> SurveyFinding {
    let tolerances = [ClaimLimits.strictZero, ClaimLimits.looseZero]
    func zeros(_ spectrum: EpochSpectrum, _ tolerance: Double) -> Double? {
      spectrum.shares.first { $0.tolerance == tolerance }?.degeneracy.value
    }
    let cases = settings.compactMap { runs -> Case? in
      let pairs = runs.runs.compactMap { run -> (EpochSpectrum, EpochSpectrum)? in
        guard let along = run.end?.along, let first = along.first, let last = along.last,
          along.count > 1
        else { return nil }
        return (first, last)
      }
      guard !pairs.isEmpty else { return nil }
      let verdicts = pairs.map { first, last -> Verdict in
        let changes = tolerances.map { (zeros(last, $0) ?? 0) - (zeros(first, $0) ?? 0) }
        if changes.allSatisfy({ $0 > 0 }) { return .reproduced }
        return changes.allSatisfy { $0 <= 0 } ? .notReproduced : .undecided
      }
      let evidence = tolerances.map { tolerance in
        "zeros at \(short(tolerance)) "
          + range(pairs.compactMap { zeros($0.0, tolerance) }, percent) + " → "
          + range(pairs.compactMap { zeros($0.1, tolerance) }, percent)
      }
      return Case(
        name: "\(runs.setting.panel.name), \(runs.setting.optimizer)",
        verdict: Significance.majority(verdicts), evidence: evidence.joined(separator: ", "),
        runs: pairs.count)
    }
    return SurveyFinding(
      "zeros-grow", "More eigenvalues are about zero at the end than at initialization.",
      "Sagun et al. 2016",
      rule: "a run: reproduced if the share of zeros has grown at ε = 1e-6 and at 1e-3, not if at "
        + "neither; " + settingRule,
      cases, of: "settings")
  }

  private static func errorAgainstIndex(_ panels: [Survey.Panel]) -> SurveyFinding {
    let cases = panels.compactMap { panel -> Case? in
      let pairs = panel.settings.flatMap(\.runs).compactMap(\.end).compactMap { end in
        end.share(ClaimLimits.strictZero).map { (x: $0.index.value, y: end.training.loss) }
      }
      guard pairs.count > 2 else { return nil }
      let trend = Significance.correlation([pairs])
      return Case(
        name: panel.key.name,
        verdict: trend.direction > 0 ? .reproduced : trend.direction < 0 ? .notReproduced : .undecided,
        evidence: trend.summary, runs: pairs.count)
    }
    return SurveyFinding(
      "error-against-index", "The higher the index, the higher the training loss.",
      "Dauphin et al. 2014, who speak of critical points; these are ends of training",
      rule: "a panel (data and network, all optimizers and seeds): Kendall's τ of loss and index at "
        + "ε = 1e-6, by permutations: reproduced if positive, not reproduced if negative, at 1 %; "
        + "over panels as over settings",
      cases, of: "panels")
  }
}

extension Significance.Trend {
  /// "τ = 0.61, p = 0.0001".
  var summary: String { "τ = \(short(strength)), p = \(short(min(pRise, pFall)))" }
}

extension Collection {
  fileprivate var middle: Element? {
    isEmpty ? nil : self[index(startIndex, offsetBy: (count - 1) / 2)]
  }
}
