extension SurveyDraft {
  /// The claims that go with each factor.
  static func factors(_ settings: [SettingRuns]) -> [SurveyDraft] {
    let series = FactorSeries.all(of: settings)
    let zeros = [PointLimits.strictZero, PointLimits.looseZero].map { tolerance in
      { (end: EndPoint) in end.point.emergentShare(at: tolerance) }
    }
    // A seed at a time, whose runs differ in the factor alone: whether figures rise with the level, or
    // differ by level in the same way as the other seeds' means.
    func draft(
      _ factor: FactorSeries.Factor, _ id: String, _ statement: String, _ citation: String,
      _ what: String, _ figures: [(EndPoint) -> Double?], withOthers: Bool = false,
      rule: String, counting: (EndPoint, EndPoint) -> Bool = { _, _ in true }
    ) -> SurveyDraft {
      var (units, cases): ([[Bool?]], [SurveyFinding.Case]) = ([], [])
      for one in series where one.factor == factor {
        let strengths = figures.map { one.strengths(of: $0, withOthers, counting) }
        let words = (strengths.first ?? []).indices.map { seed -> Bool? in
          let signs = strengths.map { $0[seed].flatMap(sign) }
          // It must rise, or differ, by each figure, and fails by one.
          return signs.contains(false) ? false : signs.contains(nil) ? nil : true
        }
        units += words.map { [$0] }
        let medians = one.levels.indices.map { level in
          "\(one.levels[level].level): "
            + figures.map { short(median(one.responses($0)[level])) }.joined(separator: ", ")
        }
        cases.append(
          SurveyFinding.Case(
            name: one.name,
            evidence: "\(count(words)) of \(words.count) seeds, τ "
              + strengths.map { range($0.compactMap { $0 }) }.joined(separator: ", ")
              + "; \(what) by level, medians \(medians.joined(separator: "; "))",
            runs: one.levels.reduce(0) { $0 + $1.runs.runs.count }))
      }
      return SurveyDraft(
        id, .factors, statement, citation, rule: rule, votes: SeedVotes(units: units),
        evidence: cases.isEmpty
          ? "" : "\(cases.reduce(0) { $0 + $1.runs }) runs in \(cases.count) series", cases: cases)
    }
    let rises =
      "a seed: the sign of Kendall's τ between the share of emergent zeros and the level, "
      + "positive at ε = 1e-6 and at 1e-3; negative at one of them says otherwise"
    let depends =
      "a seed: the sign of Kendall's τ between its shares of emergent zeros, by level, "
      + "and the other seeds' mean, positive at ε = 1e-6 and at 1e-3: a coin where the factor does "
      + "not matter"
    let words = "emergent zeros at 1e-6, 1e-3"
    let own = "a question of this survey's own"
    return [
      draft(
        .width, "width", "Degeneracy grows with the width at fixed data.", "Sagun et al. 2016, 2017",
        words, zeros, rule: rises),
      draft(
        .depth, "depth", "Degeneracy grows with the depth at fixed data.", "Sagun et al. 2016, 2017",
        words, zeros, rule: rises),
      draft(
        .batchSize, "batch-size", "At equal loss larger batches end at sharper points.",
        "Keskar et al. 2017; Sagun et al. 2017", "greatest eigenvalue",
        [{ $0.point.spectrum?.greatest.value }],
        rule: "a seed: the sign of Kendall's τ between the greatest eigenvalue and the batch at one "
          + "number of epochs, over pairs of runs whose training losses differ by a fifth at most",
        counting: { $0.point.evaluation.loss.isWithinAFifth(of: $1.point.evaluation.loss) }),
      draft(
        .initializationScale, "initialization-scale",
        "The scale of the initial weights decides how degenerate the end is.", own, words, zeros,
        withOthers: true, rule: depends),
      draft(
        .labelNoise, "label-noise", "Labels at random change how degenerate the end is.",
        own + ", with the labels of Zhang et al. 2017", words, zeros, withOthers: true,
        rule: depends),
      draft(
        .activation, "activation", "The activation decides how degenerate the end is.", own,
        words, zeros, withOthers: true, rule: depends),
    ]
  }
}

extension FactorSeries {
  /// Kendall's τ of each seed that has all levels: of a figure and the level, or of a figure and the
  /// other seeds' mean figure.
  ///
  /// - Parameter counts: whether a pair of runs may be compared.
  fileprivate func strengths(
    of figure: (EndPoint) -> Double?, _ withOthers: Bool, _ counts: (EndPoint, EndPoint) -> Bool
  ) -> [Double?] {
    let seeds = Set(levels.flatMap { $0.runs.runs.compactMap { $0.experiment.plan?.seed } }).sorted()
    let ends = seeds.map { seed in
      levels.map { level in
        level.runs.runs.first { $0.experiment.plan?.seed == seed }?.end
      }
    }
    let responses = ends.map { $0.map { $0.flatMap(figure) } }
    return seeds.indices.map { i in
      // A run that diverged has no figure: the seed is not known.
      let own = responses[i].compactMap { $0 }
      guard own.count == levels.count else { return nil }
      let order: [Double]
      if withOthers {
        let others = responses.indices.filter { $0 != i }.map { responses[$0] }
        order = levels.indices.map { level in
          let known = others.compactMap { $0[level] }
          return known.reduce(0, +) / Double(known.count)
        }
        guard order.allSatisfy(\.isFinite) else { return nil }
      } else {
        order = levels.indices.map(Double.init)
      }
      return concordance(order, own) { j, k in
        guard let one = ends[i][j], let other = ends[i][k] else { return false }
        return counts(one, other)
      }
    }
  }
}

extension Double {
  fileprivate func isWithinAFifth(of other: Double) -> Bool {
    max(self, other) <= 1.2 * min(self, other)
  }
}
