extension SurveyFinding {
  /// Wigner's law, and Marchenko and Pastur's beside it, at the end of every setting and along those
  /// runs whose spectra were taken.
  static func laws(_ settings: [SettingRuns], _ panels: [Survey.Panel]) -> [SurveyFinding] {
    let semicircle = "a GOE matrix's, 1,999 draws) lies as far from its own fit with p ≥ 0.01 "
      + "(Cramér–von Mises), not reproduced if p < 0.001; "
    let marchenkoPastur = "a Wishart matrix's, 199 draws) lies as far from its own fit with p ≥ 0.01 "
      + "(Cramér–von Mises), else not; "
    return law(
      "semicircle", "Wigner's semicircle", rule: semicircle, settings, panels, \.semicircle)
      + law(
        "marchenko-pastur", "Marchenko–Pastur", rule: marchenkoPastur, settings, panels,
        \.marchenkoPastur)
  }

  private static func law(
    _ id: String, _ name: String, rule: String, _ settings: [SettingRuns],
    _ panels: [Survey.Panel], _ test: (PointRecord) -> LawTest?
  ) -> [SurveyFinding] {
    let statement = "\(name) describes the bulk of the spectrum"
    let rule = "a run: reproduced if a random matrix's bulk (" + rule + settingRule
    func finding(
      _ when: String, _ phrase: String, _ settings: [SettingRuns],
      _ points: (EndPoint) -> (epoch: Int, point: PointRecord)?
    ) -> SurveyFinding {
      let cases = settings.compactMap { runs -> Case? in
        let ends = runs.runs.compactMap(\.end)
        let picked = ends.compactMap(points)
        let rulings = picked.compactMap { test($0.point)?.ruling }
        guard let epoch = picked.first?.epoch, let first = rulings.first else { return nil }
        return Case(
          name: "\(runs.setting.panel.name), \(runs.setting.optimizer), epoch \(epoch)",
          verdict: runs.majority(rulings.map(\.verdict)),
          evidence: "the first of \(rulings.count) seeds: " + first.evidence, runs: runs.runs.count)
      }
      return SurveyFinding(
        "\(id)-\(when)", "\(statement) \(phrase).", PointClaim.paper, rule: rule, cases,
        of: "settings")
    }
    let along = settings.filter { $0.runs.contains { $0.end?.along != nil } }
    func of(_ point: PointAlong?) -> (epoch: Int, point: PointRecord)? {
      point.map { ($0.epoch, $0.point) }
    }
    return [
      finding("start", "at initialization", along) { of($0.along?.first) },
      finding("during", "half-way through training", along) {
        of($0.along?.dropFirst().dropLast().middle)
      },
      finding("end", "where training ends", panels.flatMap(\.settings)) { ($0.epochs, $0.point) },
    ]
  }

  /// Outliers, Gauss–Newton, the start against the end, error against index.
  static func structure(_ settings: [SettingRuns], _ panels: [Survey.Panel]) -> [SurveyFinding] {
    let all = panels.flatMap(\.settings)
    let classes = Set(all.compactMap(\.setting.experiment.data.source.classes))
    let outliers = classes.sorted().map { count in
      SurveyFinding(
        .outliers(classes: count),
        of: all.filter { $0.setting.experiment.data.source.classes == count },
        at: { $0.point.spectrum?.outliers == nil ? nil : $0.point }
      ) { records in
        "outliers " + range(records.compactMap { $0.spectrum?.outliers.map(Double.init) })
      }
    }
    return outliers + [gaussNewton(.gaussNewtonOutliers, settings)]
      + [gaussNewton(.gaussNewtonBulk, settings), growth(settings), errorAgainstIndex(panels)]
  }

  private static func gaussNewton(
    _ claim: PointClaim, _ settings: [SettingRuns]
  ) -> SurveyFinding {
    SurveyFinding(claim, of: settings, at: { $0.point.gaussNewton == nil ? nil : $0.point }) {
      records in
      let figures = records.compactMap(\.gaussNewton)
      return "the \(GaussNewtonComparison.leading) greatest differ by at most "
        + range(figures.map(\.leadingDeviation), percent) + ", the others' distributions by "
        + range(figures.map(\.bulkDistance))
    }
  }

  private static func growth(_ settings: [SettingRuns]) -> SurveyFinding {
    let tolerances = [PointLimits.strictZero, PointLimits.looseZero]
    func zeros(_ point: PointRecord, _ tolerance: Double) -> Double? {
      point.spectrum?.share(at: tolerance)?.degeneracy.value
    }
    let cases = settings.compactMap { runs -> Case? in
      let pairs = runs.runs.compactMap { run -> (PointRecord, PointRecord)? in
        guard let along = run.end?.along, let first = along.first, let last = along.last,
          along.count > 1
        else { return nil }
        return (first.point, last.point)
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
        end.point.index(at: PointLimits.strictZero).map {
          (x: $0, y: end.point.evaluation.loss)
        }
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
