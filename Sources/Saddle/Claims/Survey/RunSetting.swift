/// What the runs of one experiment share that differ by their seed alone.
public struct RunSetting: Hashable, Sendable {
  public let experiment: Experiment

  /// - Returns: nil for parameters that were imported.
  public init?(of run: Experiment) {
    guard let optimizer = run.optimizer, let plan = run.plan,
      let seedless = try? plan.with(seed: 0)
    else { return nil }
    var experiment = run
    experiment.name = ""
    // Seeds that have samples apart are of one setting.
    experiment.data = run.data.whole
    experiment.origin = .trained(by: optimizer.with(seed: 0), plan: seedless)
    self.experiment = experiment
  }

  /// Data, network and loss: what optimizers are compared on.
  public struct Panel: Hashable, Sendable {
    public let data: DatasetDescription
    public let architecture: Architecture
    public let loss: Loss
    public let weightDecay: Double
    public let labelSmoothing: Double
    public let initialization: Initialization?
    public let initializationScale: Double

    /// "MNIST, first 5000 of train, 14 × 14: 10 tanh".
    public var name: String { "\(data.summary): \(architecture.summary)" }
  }

  public var panel: Panel {
    Panel(
      data: experiment.data, architecture: experiment.architecture, loss: experiment.loss,
      weightDecay: experiment.weightDecay, labelSmoothing: experiment.labelSmoothing,
      initialization: experiment.plan?.initialization,
      initializationScale: experiment.plan?.initializationScale ?? 1)
  }

  public var optimizer: String { experiment.optimizer?.name ?? "" }

  /// What settings are sorted by.
  fileprivate var place: (String, Int, String) {
    let names = optimizerCatalog(Double.self).map(\.entry.name)
    let rank = names.firstIndex(of: optimizer) ?? names.count
    return (panel.name, rank, "\(experiment)")
  }
}

extension TrainingPlan {
  func with(
    seed: UInt64? = nil, batchSize: Int? = nil, initializationScale: Double? = nil
  ) throws(TrainingError) -> TrainingPlan {
    try TrainingPlan(
      epochs: epochs, batchSize: batchSize ?? self.batchSize, seed: seed ?? self.seed,
      initialization: initialization,
      initializationScale: initializationScale ?? self.initializationScale)
  }
}

extension OptimizerDescription {
  func with(seed: UInt64) -> OptimizerDescription {
    OptimizerDescription(
      name, hyperparameters, schedule: schedule, seed: seed, wrappers: wrappers)
  }
}

extension DatasetDescription {
  /// The images and their size as the network sees them: "MNIST, first 5000 of train, 14 × 14".
  public var summary: String {
    let side: Int
    switch source {
    case .mnist, .syntheticDigits: side = 28
    case .cifar10: side = 32
    case .files: return source.name
    }
    let size = pooling > 0 ? side / pooling : side
    return "\(source.shortName), \(size) × \(size)" + (grayscale ? " grey" : "")
      + (labelNoise.map { ", \(percent($0.share)) of labels at random" } ?? "")
  }
}

/// The finished runs of one setting, a seed each, in the order of seeds.
public struct SettingRuns: Sendable {
  public let setting: RunSetting
  public let runs: [RunResult]

  /// Sorts runs by setting: by data and network, then optimizers in the catalog's order. A run that
  /// was measured in several ways counts once, with the way that took most.
  public static func all(of results: [RunResult]) -> [SettingRuns] {
    var order: [RunSetting] = []
    var runs: [RunSetting: [UInt64: RunResult]] = [:]
    for result in results where result.measure.spectrum != .none {
      guard let setting = RunSetting(of: result.experiment),
        let seed = result.experiment.plan?.seed
      else { continue }
      if runs[setting] == nil { order.append(setting) }
      if let other = runs[setting]?[seed], other.measure.weight >= result.measure.weight {
        continue
      }
      runs[setting, default: [:]][seed] = result
    }
    let sorted = order.map { (place: $0.place, setting: $0) }.sorted { $0.place < $1.place }
    return sorted.map { _, setting in
      SettingRuns(
        setting: setting,
        runs: (runs[setting] ?? [:]).sorted { $0.key < $1.key }.map(\.value))
    }
  }
}

extension EndMeasurement {
  /// How much is measured, for choosing among several measurements of one run.
  fileprivate var weight: Int {
    (spectrum == .exact ? 8 : 0) + (refine ? 4 : 0) + (fit ? 2 : 0) + (gaussNewton ? 1 : 0)
      + (spectrumEvery == nil ? 0 : 1)
  }
}
