extension SurveyDraft {
  /// Wigner's law, and Marchenko and Pastur's beside it, at the end of every setting and along those
  /// runs whose spectra were taken.
  static func laws(_ settings: [SettingRuns], _ panels: [Survey.Panel]) -> [SurveyDraft] {
    let semicircle =
      "a GOE matrix's, 1,999 draws) lies as far from its own fit with p ≥ 0.01 "
      + "(Cramér–von Mises), not reproduced if p < 0.001"
    let marchenkoPastur =
      "a Wishart matrix's, 199 draws) lies as far from its own fit with p ≥ 0.01 "
      + "(Cramér–von Mises), else not"
    return law(
      "semicircle", "Wigner's semicircle", rule: semicircle, settings, panels, \.semicircle)
      + law(
        "marchenko-pastur", "Marchenko–Pastur", rule: marchenkoPastur, settings, panels,
        \.marchenkoPastur)
  }

  private static func law(
    _ id: String, _ name: String, rule: String, _ settings: [SettingRuns],
    _ panels: [Survey.Panel], _ test: @escaping (PointRecord) -> LawTest?
  ) -> [SurveyDraft] {
    func draft(
      _ when: String, _ phrase: String, _ settings: [SettingRuns],
      _ points: (EndPoint) -> PointRecord?
    ) -> SurveyDraft {
      SurveyDraft(
        "\(id)-\(when)", .laws, "\(name) describes the bulk of the spectrum \(phrase).",
        PointClaim.paper, rule: "a run: reproduced if a random matrix's bulk (" + rule,
        of: settings, decide: { points($0).flatMap(test)?.ruling.verdict }
      ) { ends in
        let tests = ends.compactMap(points).compactMap(test)
        return tests.first.map { "the first of \(tests.count) seeds: " + $0.ruling.evidence } ?? ""
      }
    }
    let along = settings.filter { $0.runs.contains { $0.end?.along != nil } }
    return [
      draft("start", "at initialization", along) { $0.along?.first?.point },
      draft("during", "half-way through training", along) {
        $0.along?.dropFirst().dropLast().middle?.point
      },
      draft("end", "where training ends", panels.flatMap(\.settings)) { $0.point },
    ]
  }

  /// Outliers, Gauss–Newton, the start against the end, error against index.
  static func structure(_ settings: [SettingRuns], _ panels: [Survey.Panel]) -> [SurveyDraft] {
    let all = panels.flatMap(\.settings)
    let classes = Set(all.compactMap(\.setting.experiment.data.source.classes))
    let outliers = classes.sorted().map { count in
      SurveyDraft(
        .outliers(classes: count), .outliers,
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
  ) -> SurveyDraft {
    SurveyDraft(claim, .outliers, of: settings, at: { $0.point.gaussNewton == nil ? nil : $0.point }) {
      records in
      let figures = records.compactMap(\.gaussNewton)
      return "the \(GaussNewtonComparison.leading) greatest differ by at most "
        + range(figures.map(\.leadingDeviation), percent) + ", the others' distributions by "
        + range(figures.map(\.bulkDistance))
    }
  }

  private static func growth(_ settings: [SettingRuns]) -> SurveyDraft {
    let tolerances = [PointLimits.strictZero, PointLimits.looseZero]
    func zeros(_ point: PointRecord, _ tolerance: Double) -> Double? {
      point.spectrum?.share(at: tolerance)?.degeneracy.resolved
    }
    func ends(_ end: EndPoint) -> (first: PointRecord, last: PointRecord)? {
      guard let along = end.along, let first = along.first, let last = along.last, along.count > 1
      else { return nil }
      return (first.point, last.point)
    }
    return SurveyDraft(
      "zeros-grow", .degeneracy, "More eigenvalues are about zero at the end than at initialization.",
      "Sagun et al. 2016",
      rule: "a run: reproduced if the share of zeros has grown at ε = 1e-6 and at 1e-3, not if at "
        + "neither",
      of: settings,
      decide: { end in
        ends(end).map { first, last in
          let changes = tolerances.compactMap { tolerance in
            zeros(last, tolerance).flatMap { end in zeros(first, tolerance).map { end - $0 } }
          }
          guard changes.count == tolerances.count else { return .undecided }
          if changes.allSatisfy({ $0 > 0 }) { return .reproduced }
          return changes.allSatisfy { $0 <= 0 } ? .notReproduced : .undecided
        }
      }
    ) { runs in
      let pairs = runs.compactMap(ends)
      return tolerances.map { tolerance in
        "zeros at \(short(tolerance)) "
          + range(pairs.compactMap { zeros($0.first, tolerance) }, percent) + " → "
          + range(pairs.compactMap { zeros($0.last, tolerance) }, percent)
      }.joined(separator: ", ")
    }
  }

  /// Within a seed, over optimizers: runs of several seeds differ by more than what they index.
  private static func errorAgainstIndex(_ panels: [Survey.Panel]) -> SurveyDraft {
    var (units, cases): ([String: [Double]], [SurveyFinding.Case]) = ([:], [])
    for panel in panels {
      let runs = panel.settings.flatMap(\.runs)
      var strengths: [Double] = []
      for (unit, members) in Dictionary(grouping: runs, by: \.unit) {
        let pairs = members.compactMap(\.end).compactMap { end in
          end.point.index(at: PointLimits.strictZero).map { ($0, end.point.evaluation.loss) }
        }
        guard let strength = concordance(pairs.map(\.0), pairs.map(\.1)) else { continue }
        strengths.append(strength)
        units[unit, default: []].append(strength)
      }
      guard !strengths.isEmpty else { continue }
      cases.append(
        SurveyFinding.Case(
          name: panel.key.name, evidence: "τ \(range(strengths)) over \(strengths.count) seeds",
          runs: runs.count))
    }
    return SurveyDraft(
      "error-against-index", .kind, "The higher the index, the higher the training loss.",
      "Dauphin et al. 2014, who speak of critical points; these are ends of training",
      rule: "a seed: the sign of Kendall's τ between loss and index at ε = 1e-6 over its optimizers, "
        + "the mean over networks",
      votes: SeedVotes(units: units.values.map { [sign($0.reduce(0, +))] }),
      evidence: cases.isEmpty
        ? "" : "\(cases.reduce(0) { $0 + $1.runs }) runs in \(cases.count) panels", cases: cases)
  }

  /// Whether a figure is positive; nil at zero.
  static func sign(_ figure: Double) -> Bool? { figure == 0 ? nil : figure > 0 }
}

extension Collection {
  fileprivate var middle: Element? {
    isEmpty ? nil : self[index(startIndex, offsetBy: (count - 1) / 2)]
  }
}
