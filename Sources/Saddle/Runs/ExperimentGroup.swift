/// The runs of every network, initialization, batch size, optimizer and so on that are listed, on
/// one data set.
public struct ExperimentGroup: Equatable, Sendable {
  public var name: String
  /// What the group is for, in a sentence.
  public var purpose: String?
  public var data: DatasetDescription
  public var test: DataSource?
  public var networks: [Architecture]
  public var loss: Loss
  public var weightDecay: Double
  public var precision: Precision
  public var initializations: [Initialization]
  /// What initial weights are multiplied by.
  public var initializationScales: [Double]
  /// Shares of labels that are drawn at random; 0 leaves the labels as they are.
  public var labelNoise: [Double]
  public var batches: [Int]
  public var epochs: Int
  public var optimizers: [OptimizerChoice]
  public var seeds: [UInt64]
  /// Into how many parts the images are cut, so that seed s has those of part s alone, and begins anew
  /// beyond the last; nil gives all seeds all images.
  public var parts: Int?
  /// The seeds of the group's slice, that is quick to run; nil where it has no part in it.
  public var sliceSeeds: [UInt64]?
  /// How learning rates are chosen, where an optimizer lists several.
  public var tuning: TuningProtocol
  public var measure: EndMeasurement

  public init(
    name: String, purpose: String? = nil, data: DatasetDescription, test: DataSource? = nil,
    networks: [Architecture], loss: Loss = .softmaxCrossEntropy, weightDecay: Double = 0,
    precision: Precision = .double, initializations: [Initialization] = [.glorotUniform],
    initializationScales: [Double] = [1], labelNoise: [Double] = [0], batches: [Int] = [64],
    epochs: Int, optimizers: [OptimizerChoice], seeds: [UInt64], parts: Int? = nil,
    sliceSeeds: [UInt64]? = nil, tuning: TuningProtocol = TuningProtocol(),
    measure: EndMeasurement = EndMeasurement()
  ) {
    self.name = name
    self.purpose = purpose
    self.data = data
    self.test = test
    self.networks = networks
    self.loss = loss
    self.weightDecay = weightDecay
    self.precision = precision
    self.initializations = initializations
    self.initializationScales = initializationScales
    self.labelNoise = labelNoise
    self.batches = batches
    self.epochs = epochs
    self.optimizers = optimizers
    self.seeds = seeds
    self.parts = parts
    self.sliceSeeds = sliceSeeds
    self.tuning = tuning
    self.measure = measure
  }

  /// What a learning rate is chosen for: everything of a run but rate and seed.
  public struct Setting: Hashable, Sendable {
    public var network: Architecture
    public var initialization: Initialization
    public var initializationScale: Double
    public var labelNoise: Double
    public var batch: Int
    public var optimizer: OptimizerChoice
  }

  /// The product of the lists, in their order.
  public var settings: [Setting] {
    guard let network = networks.first, let initialization = initializations.first,
      let scale = initializationScales.first, let noise = labelNoise.first,
      let batch = batches.first, let optimizer = optimizers.first
    else { return [] }
    // Every factor multiplies them, the last one fastest.
    var settings = [
      Setting(
        network: network, initialization: initialization, initializationScale: scale,
        labelNoise: noise, batch: batch, optimizer: optimizer)
    ]
    func vary<Value>(_ factor: WritableKeyPath<Setting, Value>, over values: [Value]) {
      settings = settings.flatMap { setting in
        values.map { value in
          var varied = setting
          varied[keyPath: factor] = value
          return varied
        }
      }
    }
    vary(\.network, over: networks)
    vary(\.initialization, over: initializations)
    vary(\.initializationScale, over: initializationScales)
    vary(\.labelNoise, over: labelNoise)
    vary(\.batch, over: batches)
    vary(\.optimizer, over: optimizers)
    return settings
  }

  /// One run of a setting. A seed seeds the initial weights, the order of samples and the
  /// optimizer's noise.
  ///
  /// - Parameter learningRate: nil leaves the optimizer's own.
  /// - Throws: `TrainingError.invalidPlan`, `OptimizerError`.
  public func experiment(
    _ setting: Setting, learningRate: Double?, seed: UInt64, epochs: Int? = nil
  ) throws -> Experiment {
    var numbers = try catalogEntry(setting.optimizer.name).canonical(setting.optimizer.set)
    if let learningRate { numbers["learningRate"] = learningRate }
    let optimizer = OptimizerDescription(
      setting.optimizer.name, numbers, schedule: setting.optimizer.schedule, seed: seed)
    // The same noise for all seeds of a run: it is a part of the data.
    let noisy = DatasetDescription(
      data.source, grayscale: data.grayscale, pooling: data.pooling,
      standardization: data.standardization,
      labelNoise: setting.labelNoise == 0
        ? data.labelNoise : try LabelNoise(share: setting.labelNoise, seed: 1),
      part: try part(of: seed))
    return Experiment(
      name: "\(name), \(optimizer), seed \(seed)", data: noisy, test: test,
      architecture: setting.network, loss: loss, weightDecay: weightDecay,
      origin: .trained(
        by: optimizer,
        plan: try TrainingPlan(
          epochs: epochs ?? self.epochs, batchSize: setting.batch, seed: seed,
          initialization: setting.initialization,
          initializationScale: setting.initializationScale)),
      precision: precision)
  }

  /// The samples of a seed.
  private func part(of seed: UInt64) throws(DataError) -> DataPart? {
    guard let parts else { return data.part }
    // A seed of 0 has the last part.
    let turn = parts > 0 ? (seed &+ UInt64(parts) &- 1) % UInt64(parts) : 0
    return try DataPart(number: Int(turn) + 1, of: parts)
  }

  /// The runs, a seed each of every setting, where no learning rate is to be chosen.
  ///
  /// - Throws: `GridError.tuning` where one is; as `experiment`.
  public func untunedRuns() throws -> [GridRun] {
    try settings.flatMap { setting in
      guard setting.optimizer.learningRates == nil else {
        throw GridError.tuning(
          optimizer: setting.optimizer.name, cause: "a claim's protocol names its one rate")
      }
      return try runs(setting, learningRate: nil)
    }
  }

  /// The runs of one setting, a seed each.
  func runs(_ setting: Setting, learningRate: Double?) throws -> [GridRun] {
    try seeds.map { seed in
      try GridRun(
        experiment(setting, learningRate: learningRate, seed: seed), measure: measure)
    }
  }

  /// The group with its slice's seeds alone; nil where it has none.
  public var slice: ExperimentGroup? {
    sliceSeeds.map { seeds in
      var slice = self
      slice.seeds = seeds
      return slice
    }
  }

  /// Throws what no run of the group could begin with.
  func check() throws {
    let lists: [(String, Bool)] = [
      ("networks", networks.isEmpty), ("initializations", initializations.isEmpty),
      ("initializationScales", initializationScales.isEmpty), ("labelNoise", labelNoise.isEmpty),
      ("batches", batches.isEmpty), ("optimizers", optimizers.isEmpty), ("seeds", seeds.isEmpty),
      ("sliceSeeds", sliceSeeds?.isEmpty ?? false),
    ]
    if let empty = lists.first(where: \.1) { throw GridError.empty(list: empty.0) }
    for setting in settings {
      let choice = setting.optimizer
      if let rates = choice.learningRates {
        let known = try catalogEntry(choice.name).hyperparameters.map(\.name)
        guard known.contains("learningRate") else {
          throw GridError.tuning(optimizer: choice.name, cause: "it has none")
        }
        guard rates.count > 1, zip(rates, rates.dropFirst()).allSatisfy(<) else {
          throw GridError.tuning(
            optimizer: choice.name, cause: "list two or more, each larger than the one before")
        }
        guard !seeds.contains(tuning.seed) else {
          throw GridError.tuning(
            optimizer: choice.name,
            cause: "the tuning seed \(tuning.seed) is also a seed of the runs: name another")
        }
      }
      for rate in choice.learningRates ?? [] {
        _ = try description(setting, rate).makeOptimizer(Double.self)
      }
      _ = try description(setting, choice.learningRates?.first).makeOptimizer(Double.self)
    }
  }

  private func description(
    _ setting: Setting, _ rate: Double?
  ) throws -> OptimizerDescription {
    guard
      let optimizer = try experiment(setting, learningRate: rate, seed: seeds[0]).optimizer
    else { throw GridError.empty(list: "optimizers") }
    return optimizer
  }
}

/// An optimizer of a group.
public struct OptimizerChoice: Hashable, Sendable {
  /// By the catalog's name.
  public let name: String
  /// Hyperparameters that differ from their defaults.
  public let set: [String: Double]
  public let schedule: Schedule
  /// Rising; the best is chosen by the group's tuning. Nil takes the optimizer's own.
  public let learningRates: [Double]?

  public init(
    _ name: String, set: [String: Double] = [:], schedule: Schedule = .constant,
    learningRates: [Double]? = nil
  ) {
    self.name = name
    self.set = set
    self.schedule = schedule
    self.learningRates = learningRates
  }
}

/// How a learning rate is chosen, for every optimizer alike.
///
/// Each rate of an optimizer's list trains once, from a seed that no final run uses; the one with
/// the lowest training loss at the end is taken. Where that is the first or last of the list, the
/// list grows by a rate in the same ratio, up to `extensions` times at either end.
public struct TuningProtocol: Hashable, Codable, Sendable {
  public let seed: UInt64
  /// Nil trains as long as the final runs.
  public let epochs: Int?
  public let extensions: Int

  public init(seed: UInt64 = 1000, epochs: Int? = nil, extensions: Int = 2) {
    self.seed = seed
    self.epochs = epochs
    self.extensions = extensions
  }
}

extension ExperimentGroup: Codable {
  private enum CodingKeys: CodingKey {
    case name, purpose, data, test, networks, loss, weightDecay, precision, initializations
    case initializationScales, labelNoise, batches, epochs, optimizers, seeds, parts, sliceSeeds
    case tuning, measure
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys, or standard: Value) throws -> Value {
      try container.decodeIfPresent(Value.self, forKey: key) ?? standard
    }
    self.init(
      name: try container.decode(String.self, forKey: .name),
      purpose: try container.decodeIfPresent(String.self, forKey: .purpose),
      data: try container.decode(DatasetDescription.self, forKey: .data),
      test: try container.decodeIfPresent(DataSource.self, forKey: .test),
      networks: try container.decode([Architecture].self, forKey: .networks),
      loss: try value(.loss, or: .softmaxCrossEntropy), weightDecay: try value(.weightDecay, or: 0),
      precision: try value(.precision, or: .double),
      initializations: try value(.initializations, or: [.glorotUniform]),
      initializationScales: try value(.initializationScales, or: [1]),
      labelNoise: try value(.labelNoise, or: [0]),
      batches: try value(.batches, or: [64]),
      epochs: try container.decode(Int.self, forKey: .epochs),
      optimizers: try container.decode([OptimizerChoice].self, forKey: .optimizers),
      seeds: try container.decode([UInt64].self, forKey: .seeds),
      parts: try container.decodeIfPresent(Int.self, forKey: .parts),
      sliceSeeds: try container.decodeIfPresent([UInt64].self, forKey: .sliceSeeds),
      tuning: try value(.tuning, or: TuningProtocol()),
      measure: try value(.measure, or: EndMeasurement()))
  }
}

extension OptimizerChoice: Codable {
  private enum CodingKeys: CodingKey { case name, set, schedule, learningRates }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try container.decode(String.self, forKey: .name),
      set: try container.decodeIfPresent([String: Double].self, forKey: .set) ?? [:],
      schedule: try container.decodeIfPresent(Schedule.self, forKey: .schedule) ?? .constant,
      learningRates: try container.decodeIfPresent([Double].self, forKey: .learningRates))
  }
}

extension TuningProtocol {
  private enum CodingKeys: CodingKey { case seed, epochs, extensions }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let standard = TuningProtocol()
    self.init(
      seed: try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? standard.seed,
      epochs: try container.decodeIfPresent(Int.self, forKey: .epochs),
      extensions: try container.decodeIfPresent(Int.self, forKey: .extensions)
        ?? standard.extensions)
  }
}
