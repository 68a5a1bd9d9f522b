/// An optimizer as data: its name, the numbers that differ from its defaults, its schedule.
public struct OptimizerDescription: Hashable, Sendable, CustomStringConvertible {
  public let name: String
  /// By the catalog's names; what is left out has its default.
  public let hyperparameters: [String: Double]
  public let schedule: Schedule
  /// Seeds the noise of optimizers that draw any.
  public let seed: UInt64
  /// What it is wrapped in, from the inside out.
  public let wrappers: [OptimizerWrapper]

  public init(
    _ name: String, _ hyperparameters: [String: Double] = [:], schedule: Schedule = .constant,
    seed: UInt64 = 1, wrappers: [OptimizerWrapper] = []
  ) {
    self.name = name
    self.hyperparameters = hyperparameters
    self.schedule = schedule
    self.seed = seed
    self.wrappers = wrappers
  }

  public var description: String {
    let numbers = hyperparameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return name
      + (numbers + wrappers.map { ($0.name, $0.value) }).map { ",\($0.0)=\($0.1)" }.joined()
  }

  /// The catalog's optimizer of this description, in its wrappers.
  ///
  /// - Throws: `OptimizerError`: an unknown name, an unknown hyperparameter, a value out of range,
  ///   a wrapper of first-order rules around another.
  public func makeOptimizer<T: Scalar>(_ type: T.Type) throws(OptimizerError) -> any Optimizer<T> {
    let item = try catalogItem(name, type)
    var rule = try item.make(OptimizerSettings(self, of: item.entry))
    for wrapper in wrappers { rule = try wrapper.wrap(rule, name) }
    return rule
  }
}

extension OptimizerDescription: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, hyperparameters, schedule, seed, wrappers
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    // Descriptions from before there were lists have each wrapper under a key of its own.
    let former = try decoder.container(keyedBy: AnyKey.self)
    let single = try OptimizerWrapper.kinds.compactMap { kind in
      try former.decodeIfPresent(Double.self, forKey: AnyKey(stringValue: kind.name))
        .map(kind.make)
    }
    self.init(
      try container.decode(String.self, forKey: .name),
      try container.decode([String: Double].self, forKey: .hyperparameters),
      schedule: try container.decode(Schedule.self, forKey: .schedule),
      seed: try container.decode(UInt64.self, forKey: .seed),
      wrappers: try single
        + (container.decodeIfPresent([OptimizerWrapper].self, forKey: .wrappers) ?? []))
  }

  /// Without wrappers no word of them: a run's key is of its JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(hyperparameters, forKey: .hyperparameters)
    try container.encode(schedule, forKey: .schedule)
    try container.encode(seed, forKey: .seed)
    if !wrappers.isEmpty { try container.encode(wrappers, forKey: .wrappers) }
  }
}

/// A description's numbers, every one of the entry's, by name.
public struct OptimizerSettings: Sendable {
  public let schedule: Schedule
  public let seed: UInt64
  private let values: [String: Double]
  private let optimizer: String

  init(_ description: OptimizerDescription, of entry: CatalogEntry) throws(OptimizerError) {
    let given = try entry.canonical(description.hyperparameters)
    let defaults = entry.hyperparameters.map { ($0.name, $0.defaultValue) }
    values = Dictionary(uniqueKeysWithValues: defaults).merging(given) { $1 }
    schedule = description.schedule
    seed = description.seed
    optimizer = entry.name
  }

  /// The number called `name` in the entry.
  public func value<T: Scalar>(_ name: String) -> T {
    guard let value = values[name] else {
      preconditionFailure("the catalog's entry of \(optimizer) lists no '\(name)'")
    }
    return T(value)
  }

  /// A whole number; what is not one, or out of range, is refused.
  public func count(_ name: String) throws(OptimizerError) -> Int {
    let number: Double = value(name)
    guard let count = Int(exactly: number), count >= 0 else {
      throw .invalidHyperparameter(
        name: name, value: "\(number)", expected: "a whole number, 0 or more")
    }
    return count
  }

  /// Whether a switch is set.
  ///
  /// - Throws: `OptimizerError.invalidHyperparameter` unless it is 0 or 1.
  public func flag(_ name: String) throws(OptimizerError) -> Bool {
    let number: Double = value(name)
    try OptimizerError.require(name, number, "0 or 1") { $0 == 0 || $0 == 1 }
    return number == 1
  }

  public func learningRate<T: Scalar>() -> LearningRate<T> {
    LearningRate(value("learningRate"), schedule)
  }
}
