/// Runs that differ, besides their seeds, in one factor alone.
public struct FactorSeries: Sendable {
  public enum Factor: String, CaseIterable, Codable, Sendable {
    case width, depth, batchSize, initializationScale, activation, labelNoise
  }

  public let factor: Factor
  /// What all its runs share.
  public let name: String
  /// In rising order of the level.
  public let levels: [(level: String, runs: SettingRuns)]

  /// Fewer levels are no series.
  public static let leastLevels = 3

  /// All series of three levels or more.
  public static func all(of settings: [SettingRuns]) -> [FactorSeries] {
    Factor.allCases.flatMap { factor -> [FactorSeries] in
      var order: [RunSetting] = []
      var members: [RunSetting: [(order: Double, level: String, runs: SettingRuns)]] = [:]
      for runs in settings {
        guard let (base, place, level) = factor.split(runs.setting) else { continue }
        if members[base] == nil { order.append(base) }
        members[base, default: []].append((place, level, runs))
      }
      return order.compactMap { base in
        let sorted = (members[base] ?? []).sorted { $0.order < $1.order }
        guard sorted.count >= leastLevels, let first = sorted.first else { return nil }
        return FactorSeries(
          factor: factor,
          name: "\(first.runs.setting.experiment.data.summary), \(base.optimizer)",
          levels: sorted.map { ($0.level, $0.runs) })
      }
    }
  }

  /// A figure of every run that has it, by level.
  func responses(_ figure: (EndPoint) -> Double?) -> [[Double]] {
    levels.map { $0.runs.runs.compactMap(\.end).compactMap(figure) }
  }
}

extension FactorSeries.Factor {
  /// The setting without the factor, and its level; nil where it does not apply.
  fileprivate func split(
    _ setting: RunSetting
  ) -> (base: RunSetting, order: Double, level: String)? {
    var experiment = setting.experiment
    guard let plan = experiment.plan, let optimizer = experiment.optimizer else { return nil }
    func network() -> (hidden: [Int], activation: Activation)? {
      guard case .dense(let hidden, let activation) = experiment.architecture else {
        return nil
      }
      return (hidden, activation)
    }
    let (order, level): (Double, String)
    switch self {
    case .width:
      guard let (hidden, activation) = network(), hidden.count == 1 else { return nil }
      (order, level) = (Double(hidden[0]), "\(hidden[0])")
      experiment.architecture = .dense(hidden: [1], activation: activation)
    case .depth:
      guard let (hidden, activation) = network(), let first = hidden.first,
        hidden.allSatisfy({ $0 == first })
      else { return nil }
      (order, level) = (Double(hidden.count), "\(hidden.count)")
      experiment.architecture = .dense(hidden: [first], activation: activation)
    case .activation:
      guard let (hidden, activation) = network() else { return nil }
      let place = Activation.allCases.firstIndex(of: activation) ?? 0
      (order, level) = (Double(place), activation.rawValue)
      experiment.architecture = .dense(hidden: hidden, activation: .tanh)
    case .batchSize:
      (order, level) = (Double(plan.batchSize), "\(plan.batchSize)")
      guard let other = try? plan.with(batchSize: 1) else { return nil }
      experiment.origin = .trained(by: optimizer, plan: other)
    case .initializationScale:
      (order, level) = (plan.initializationScale, short(plan.initializationScale))
      guard let other = try? plan.with(initializationScale: 1) else { return nil }
      experiment.origin = .trained(by: optimizer, plan: other)
    case .labelNoise:
      let data = experiment.data
      (order, level) = (data.labelNoise?.share ?? 0, percent(data.labelNoise?.share ?? 0))
      experiment.data = DatasetDescription(
        data.source, grayscale: data.grayscale, pooling: data.pooling,
        standardization: data.standardization)
    }
    return RunSetting(of: experiment).map { ($0, order, level) }
  }
}

extension FactorSeries {
  /// The claims that go with each factor.
  static func findings(_ settings: [SettingRuns]) -> [SurveyFinding] {
    let series = all(of: settings)
    let trends =
      "a series (levels of one factor, all else equal): Jonckheere's test "
      + "by permutations at 1 %"
    func zeros(_ tolerance: Double) -> (EndPoint) -> Double? {
      { $0.point.emergentShare(at: tolerance) }
    }
    let both = [zeros(PointLimits.strictZero), zeros(PointLimits.looseZero)]
    func finding(
      _ factor: Factor, _ id: String, _ statement: String, _ citation: String, _ rule: String,
      _ what: String, _ figures: [(EndPoint) -> Double?], _ decide: ([Int]) -> Verdict
    ) -> SurveyFinding {
      let cases = series.filter { $0.factor == factor }.map { series in
        let tests = figures.map { Significance.trend(series.responses($0)) }
        let medians = series.levels.indices.map { level in
          "\(series.levels[level].level): "
            + figures.map { short(median(series.responses($0)[level])) }.joined(separator: ", ")
        }
        return SurveyFinding.Case(
          name: series.name, verdict: decide(tests.map(\.direction)),
          evidence: "\(what) by level, medians \(medians.joined(separator: "; ")); "
            + tests.map(\.summary).joined(separator: ", "),
          runs: series.levels.reduce(0) { $0 + $1.runs.runs.count })
      }
      return SurveyFinding(
        id, statement, citation, rule: trends + ": " + rule, cases, of: "series")
    }
    let rises = { (directions: [Int]) -> Verdict in
      if directions.allSatisfy({ $0 > 0 }) { return .reproduced }
      return directions.contains { $0 < 0 } ? .notReproduced : .undecided
    }
    let depends = { (directions: [Int]) -> Verdict in
      directions.allSatisfy { $0 != 0 } ? .reproduced : .undecided
    }
    let zeroRule =
      "reproduced if the share of emergent zeros rises at ε = 1e-6 and at 1e-3, not reproduced if "
      + "it falls at one of them"
    let dependsRule =
      "reproduced if the share of emergent zeros rises or falls at ε = 1e-6 and at 1e-3; a test "
      + "that finds nothing leaves it undecided"
    let zerosWords = "emergent zeros at 1e-6, 1e-3"
    return [
      finding(
        .width, "width", "Degeneracy grows with the width at fixed data.",
        "Sagun et al. 2016, 2017", zeroRule, zerosWords, both, rises),
      finding(
        .depth, "depth", "Degeneracy grows with the depth at fixed data.",
        "Sagun et al. 2016, 2017", zeroRule, zerosWords, both, rises),
      finding(
        .batchSize, "batch-size", "Larger batches end at sharper points.",
        "Keskar et al. 2017; Sagun et al. 2017",
        "reproduced if the greatest eigenvalue rises with the batch at one number of epochs, not "
          + "reproduced if it falls",
        "greatest eigenvalue", [{ $0.point.spectrum?.greatest.value }], rises),
      finding(
        .initializationScale, "initialization-scale",
        "The scale of the initial weights decides how degenerate the end is.",
        "a question of this survey's own", dependsRule, zerosWords, both, depends),
      finding(
        .labelNoise, "label-noise", "Labels at random change how degenerate the end is.",
        "a question of this survey's own, with the labels of Zhang et al. 2017", dependsRule,
        zerosWords, both, depends),
      activations(series),
    ]
  }

  /// Activations have no order: the largest difference of medians, by permutations.
  private static func activations(_ series: [FactorSeries]) -> SurveyFinding {
    let cases = series.filter { $0.factor == .activation }.map { series in
      let tolerances = [PointLimits.strictZero, PointLimits.looseZero]
      let groups = tolerances.map { tolerance in
        series.responses { $0.point.emergentShare(at: tolerance) }
      }
      let p = groups.map { Significance.difference($0) }
      let medians = series.levels.indices.map { level in
        "\(series.levels[level].level): "
          + groups.map { percent(median($0[level])) }.joined(separator: ", ")
      }
      return SurveyFinding.Case(
        name: series.name,
        verdict: p.allSatisfy { $0 < Significance.trendLevel } ? .reproduced : .undecided,
        evidence: "emergent zeros at 1e-6, 1e-3, medians \(medians.joined(separator: "; ")); p = "
          + p.map(short).joined(separator: ", "),
        runs: series.levels.reduce(0) { $0 + $1.runs.runs.count })
    }
    return SurveyFinding(
      "activation", "The activation decides how degenerate the end is.",
      "a question of this survey's own",
      rule: "a series: reproduced if the spread of the activations' mean ranks of emergent zeros "
        + "(Kruskal–Wallis) is beyond chance by permutations at 1 %, at ε = 1e-6 and at 1e-3; else "
        + "undecided",
      cases, of: "series")
  }
}

/// The middle of the values, the mean of both where they are even in number; NaN of none.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

extension Significance {
  /// Kruskal and Wallis' test that groups differ, by permutations.
  ///
  /// - Returns: The p-value, the observed labelling counted among the `permutations` random ones.
  static func difference(
    _ groups: [[Double]], permutations: Int = 9_999, seed: UInt64 = 0
  ) -> Double {
    let values = groups.flatMap { $0 }
    var ranks = midranks(values)
    func spread(_ ranks: [Double]) -> Double {
      var start = 0
      return groups.reduce(0) { sum, group in
        let total = ranks[start..<start + group.count].reduce(0, +)
        start += group.count
        return sum + (group.isEmpty ? 0 : total * total / Double(group.count))
      }
    }
    let observed = spread(ranks)
    var generator = RandomStream(seed: seed, name: "permutations")
    var asLarge = 1
    for _ in 0..<permutations {
      ranks.shuffle(using: &generator)
      // Sums of the same ranks in another order round otherwise.
      if spread(ranks) >= observed * (1 - 1e-12) { asLarge += 1 }
    }
    return Double(asLarge) / Double(permutations + 1)
  }
}
