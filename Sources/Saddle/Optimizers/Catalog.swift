/// What an optimizer of the catalog is called, and what can be set.
public struct CatalogEntry: Sendable {
  /// How it is asked for: "adam".
  public let name: String
  /// The rule's name in the field, and the paper and equation it is taken from.
  public let title: String
  public let source: String
  public let family: OptimizerFamily
  public let hyperparameters: [Hyperparameter]

  public init(
    name: String, title: String, source: String, family: OptimizerFamily,
    hyperparameters: [Hyperparameter]
  ) {
    self.name = name
    self.title = title
    self.source = source
    self.family = family
    self.hyperparameters = hyperparameters
  }
}

/// What an optimizer asks of its model.
public enum OptimizerFamily: String, CaseIterable, Codable, Sendable {
  /// One gradient per step.
  case firstOrder
  /// Values and gradients at several points per step.
  case lineSearch
  /// Hessian-vector products or the Hessian.
  case secondOrder
}

/// A number that can be set, by its Swift label.
public struct Hyperparameter: Sendable {
  public let name: String
  /// What PyTorch calls it, where that is another name.
  public let alias: String?
  public let defaultValue: Double
  public let meaning: String

  public init(_ name: String, alias: String? = nil, default value: Double, _ meaning: String) {
    self.name = name
    self.alias = alias
    defaultValue = value
    self.meaning = meaning
  }

  static func learningRate(_ value: Double) -> Hyperparameter {
    Hyperparameter("learningRate", alias: "lr", default: value, "η > 0")
  }

  static func beta1(_ value: Double) -> Hyperparameter {
    Hyperparameter("beta1", default: value, "β₁ in [0, 1)")
  }

  static func beta2(_ value: Double) -> Hyperparameter {
    Hyperparameter("beta2", default: value, "β₂ in [0, 1)")
  }

  static func epsilon(_ value: Double) -> Hyperparameter {
    Hyperparameter("epsilon", alias: "eps", default: value, "ε ≥ 0")
  }

  static func weightDecay(_ value: Double) -> Hyperparameter {
    Hyperparameter("weightDecay", alias: "weight_decay", default: value, "λ ≥ 0, decoupled")
  }
}

/// An optimizer that can be made from its name and numbers.
public protocol CatalogedOptimizer<Element>: Optimizer {
  static var entry: CatalogEntry { get }
  /// - Throws: `OptimizerError.invalidHyperparameter` naming the value that is out of range.
  init(_ settings: OptimizerSettings) throws(OptimizerError)
}

/// An optimizer of the catalog: what it is called, and how it is made.
public struct CatalogItem<T: Scalar>: Sendable {
  public let entry: CatalogEntry
  let make: @Sendable (OptimizerSettings) throws(OptimizerError) -> any Optimizer<T>

  init<Rule: CatalogedOptimizer<T>>(_ rule: Rule.Type) {
    entry = rule.entry
    make = { (settings) throws(OptimizerError) in try Rule(settings) }
  }
}

/// Every optimizer there is. A new one is added here, and the command line, the reports and the
/// oracles see it.
public func optimizerCatalog<T: Scalar>(_ type: T.Type) -> [CatalogItem<T>] {
  [
    CatalogItem(SGD<T>.self), CatalogItem(Momentum<T>.self), CatalogItem(Nesterov<T>.self),
    CatalogItem(AdaGrad<T>.self), CatalogItem(AdaDelta<T>.self), CatalogItem(RMSProp<T>.self),
    CatalogItem(Adam<T>.self), CatalogItem(AdamW<T>.self), CatalogItem(AMSGrad<T>.self),
    CatalogItem(AdaMax<T>.self), CatalogItem(NAdam<T>.self), CatalogItem(RAdam<T>.self),
    CatalogItem(AdaBelief<T>.self), CatalogItem(Lion<T>.self), CatalogItem(SignDescent<T>.self),
    CatalogItem(NormalizedGD<T>.self),
    CatalogItem(ArmijoGD<T>.self), CatalogItem(WolfeGD<T>.self), CatalogItem(LBFGS<T>.self),
    CatalogItem(NonlinearCG<T>.self), CatalogItem(SaddleFreeNewton<T>.self),
    CatalogItem(KrylovSaddleFreeNewton<T>.self), CatalogItem(DampedNewton<T>.self),
    CatalogItem(TrustRegionNewton<T>.self), CatalogItem(CubicNewton<T>.self),
    CatalogItem(NoisySGD<T>.self), CatalogItem(PerturbedGD<T>.self),
    CatalogItem(NegativeCurvatureDescent<T>.self), CatalogItem(ThirdOrder<T>.self),
  ]
}

/// An optimizer as data: its name, the numbers that differ from its defaults, its schedule.
public struct OptimizerDescription: Codable, Hashable, Sendable, CustomStringConvertible {
  public let name: String
  /// By the catalog's names; what is left out has its default.
  public let hyperparameters: [String: Double]
  public let schedule: Schedule
  /// Seeds the noise of optimizers that draw any.
  public let seed: UInt64
  /// What it is wrapped in, from the inside out.
  public let clipNorm: Double?
  public let clipValue: Double?
  public let decoupledWeightDecay: Double?
  public let sharpnessRadius: Double?

  public init(
    _ name: String, _ hyperparameters: [String: Double] = [:], schedule: Schedule = .constant,
    seed: UInt64 = 1, clipNorm: Double? = nil, clipValue: Double? = nil,
    decoupledWeightDecay: Double? = nil, sharpnessRadius: Double? = nil
  ) {
    self.name = name
    self.hyperparameters = hyperparameters
    self.schedule = schedule
    self.seed = seed
    self.clipNorm = clipNorm
    self.clipValue = clipValue
    self.decoupledWeightDecay = decoupledWeightDecay
    self.sharpnessRadius = sharpnessRadius
  }

  public var description: String {
    let wrappers = [
      ("clipNorm", clipNorm), ("clipValue", clipValue),
      ("decoupledWeightDecay", decoupledWeightDecay), ("sharpnessRadius", sharpnessRadius),
    ].compactMap { name, value in value.map { (key: name, value: $0) } }
    let numbers = hyperparameters.sorted { $0.key < $1.key } + wrappers
    return name + numbers.map { ",\($0.key)=\($0.value)" }.joined()
  }

  /// The catalog's optimizer of this description, in its wrappers.
  ///
  /// - Throws: `OptimizerError`: an unknown name, an unknown hyperparameter, a value out of range,
  ///   a wrapper of first-order rules around another.
  public func makeOptimizer<T: Scalar>(_ type: T.Type) throws(OptimizerError) -> any Optimizer<T> {
    let catalog = optimizerCatalog(type)
    guard let found = catalog.first(where: { $0.entry.name == name }) else {
      throw .unknownOptimizer(name: name, known: catalog.map(\.entry.name))
    }
    return try wrapped(found.make(OptimizerSettings(self, of: found.entry)))
  }
}

/// A description's numbers, every one of the entry's, by name.
public struct OptimizerSettings: Sendable {
  public let schedule: Schedule
  public let seed: UInt64
  private let values: [String: Double]
  private let optimizer: String

  init(_ description: OptimizerDescription, of entry: CatalogEntry) throws(OptimizerError) {
    var values: [String: Double] = [:]
    for parameter in entry.hyperparameters { values[parameter.name] = parameter.defaultValue }
    for (key, value) in description.hyperparameters {
      let named = entry.hyperparameters.first { [$0.name, $0.alias].contains(key) }
      guard let parameter = named else {
        throw .unknownHyperparameter(
          name: key, optimizer: entry.name, known: entry.hyperparameters.map(\.name))
      }
      values[parameter.name] = value
    }
    self.values = values
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
