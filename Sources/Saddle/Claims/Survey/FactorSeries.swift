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

/// The middle of the values, the mean of both where they are even in number; NaN of none.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
