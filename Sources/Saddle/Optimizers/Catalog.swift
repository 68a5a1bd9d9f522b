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

extension CatalogEntry {
  /// Numbers by the catalog's names, whichever of their names they are given by.
  ///
  /// - Throws: `OptimizerError.unknownHyperparameter`, `OptimizerError.setTwice`.
  public func canonical(
    _ numbers: [(name: String, value: Double)]
  ) throws(OptimizerError) -> [String: Double] {
    var values: [String: Double] = [:]
    for number in numbers {
      let named = hyperparameters.first { [$0.name, $0.alias].contains(number.name) }
      guard let parameter = named else {
        throw .unknownHyperparameter(
          name: number.name, optimizer: name, known: hyperparameters.map(\.name))
      }
      guard values.updateValue(number.value, forKey: parameter.name) == nil else {
        throw .setTwice(name: parameter.name)
      }
    }
    return values
  }

  /// The same for numbers by name.
  public func canonical(_ numbers: [String: Double]) throws(OptimizerError) -> [String: Double] {
    try canonical(numbers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
  }

  /// What a program calls a hyperparameter: PyTorch's name where it has one of its own.
  package func aliased(_ name: String) -> String {
    hyperparameters.first { $0.name == name }?.alias ?? name
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
    CatalogItem(NormalizedGD<T>.self), CatalogItem(AdEMAMix<T>.self),
    CatalogItem(ScheduleFreeAdamW<T>.self), CatalogItem(Prodigy<T>.self),
    CatalogItem(ArmijoGD<T>.self), CatalogItem(WolfeGD<T>.self), CatalogItem(LBFGS<T>.self),
    CatalogItem(NonlinearCG<T>.self), CatalogItem(SaddleFreeNewton<T>.self),
    CatalogItem(KrylovSaddleFreeNewton<T>.self), CatalogItem(DampedNewton<T>.self),
    CatalogItem(TrustRegionNewton<T>.self), CatalogItem(CubicNewton<T>.self),
    CatalogItem(Sophia<T>.self),
    CatalogItem(NoisySGD<T>.self), CatalogItem(PerturbedGD<T>.self),
    CatalogItem(NegativeCurvatureDescent<T>.self), CatalogItem(ThirdOrder<T>.self),
  ]
}

/// The optimizer of this name.
///
/// - Throws: `OptimizerError.unknownOptimizer`.
func catalogItem<T: Scalar>(
  _ name: String, _ type: T.Type
) throws(OptimizerError) -> CatalogItem<T> {
  let catalog = optimizerCatalog(type)
  guard let found = catalog.first(where: { $0.entry.name == name }) else {
    throw .unknownOptimizer(name: name, known: catalog.map(\.entry.name))
  }
  return found
}

/// The names of the catalog's optimizers that were made to leave saddle points.
public let escapingOptimizers: Set<String> = Set(
  optimizerCatalog(Double.self).map(\.entry.name).filter { name in
    (try? OptimizerDescription(name).makeOptimizer(Double.self))?.escapesSaddles ?? false
  })

/// What the optimizer of this name is called, and what can be set.
///
/// - Throws: `OptimizerError.unknownOptimizer`.
public func catalogEntry(_ name: String) throws(OptimizerError) -> CatalogEntry {
  try catalogItem(name, Double.self).entry
}
