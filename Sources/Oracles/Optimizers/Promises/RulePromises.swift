/// What is promised of one rule of the field.
struct RulePromises: Sendable {
  /// As the catalog calls it.
  let name: String
  let hyperparameters: [PromisedHyperparameter]
  /// What a full validation sets, beside the defaults.
  let cases: [[String: Double]]
  /// Where the rule stands after a history, for rules that need one gradient a step.
  var reference: (@Sendable (PromisedSettings, @escaping RateOfStep) -> ReferenceRule)?
  /// All but the reference.
  let declarations: @Sendable (PromisedSettings) -> [OptimizerDeclaration]
  /// The saddles that it does not leave from the very point, with a gradient of 0.
  var staysAt: [Landscape] = [.strictSaddle(curvature: 1)] + Landscape.degenerateSaddles

  /// Every hyperparameter's number.
  ///
  /// - Throws: `OracleError.invalidArgument` for a name that the rule does not have.
  func settings(_ given: [String: Double]) throws(OracleError) -> PromisedSettings {
    var values: [String: Double] = [:]
    for parameter in hyperparameters { values[parameter.name] = parameter.defaultValue }
    for (key, value) in given {
      guard let parameter = hyperparameters.first(where: { [$0.name, $0.alias].contains(key) })
      else {
        let known = hyperparameters.map(\.name).joined(separator: ", ")
        throw .invalidArgument(message: "\(name) has no hyperparameter '\(key)': it has \(known)")
      }
      values[parameter.name] = value
    }
    return PromisedSettings(rule: name, values: values)
  }
}

/// A number that can be set, and what it may be.
public struct PromisedHyperparameter: Sendable {
  public enum Domain: Sendable {
    /// (0, ∞).
    case positive
    /// [0, ∞).
    case notNegative
    /// [0, 1): the weight of the past in an average.
    case decay
    /// (0, 1).
    case fraction
    /// 0 or 1.
    case flag
    /// 1, 2, ….
    case count
    /// 0, 1, 2, …, and no more than this where there is a limit.
    case whole(limit: Double?)
    /// (1, ∞).
    case aboveOne
    /// [1, ∞), and 0 for no limit.
    case zeroOrFromOne

    /// Values that must be refused: just out of the domain, far out of it, and not finite.
    public var invalid: [Double] {
      switch self {
      case .positive: [0, -0.1, .nan, .infinity]
      case .notNegative: [-1e-3, .nan, .infinity]
      case .decay: [-0.1, 1, 1.5, .nan]
      case .fraction: [0, 1, -0.1, 1.5, .nan]
      case .flag: [0.5, 2, -1, .nan]
      case .count: [0, -1, 1.5, .nan, .infinity]
      case .whole(let limit): [-1, 1.5, .nan, .infinity] + (limit.map { [$0 + 1] } ?? [])
      case .aboveOne: [1, 0.5, -2, .nan, .infinity]
      case .zeroOrFromOne: [0.99, 1e-3, -1, .nan, .infinity]
      }
    }
  }

  /// As the catalog calls it.
  public let name: String
  /// What PyTorch calls it.
  public let alias: String?
  public let defaultValue: Double
  public let domain: Domain

  init(_ name: String, alias: String? = nil, _ value: Double, _ domain: Domain) {
    self.name = name
    self.alias = alias
    defaultValue = value
    self.domain = domain
  }

  static func rate(_ value: Double) -> Self {
    Self("learningRate", alias: "lr", value, .positive)
  }
  static func epsilon(_ value: Double) -> Self {
    Self("epsilon", alias: "eps", value, .notNegative)
  }
}

/// A rule's numbers, every one, by name.
struct PromisedSettings: Sendable {
  let rule: String
  let values: [String: Double]

  subscript(_ name: String) -> Double {
    guard let value = values[name] else {
      preconditionFailure("the promises of \(rule) list no '\(name)'")
    }
    return value
  }

  var rate: Double { self["learningRate"] }
  /// β₁, β₂ and ε.
  var adam: AdamConstants {
    AdamConstants(beta1: self["beta1"], beta2: self["beta2"], epsilon: self["epsilon"])
  }
}

extension [OptimizerDeclaration] {
  /// What holds of the five changes of the problem; of the others the contrary is promised.
  static func invariances(_ held: Invariance...) -> [OptimizerDeclaration] { invariances(held) }

  static func invariances(_ held: [Invariance]) -> [OptimizerDeclaration] {
    Invariance.allCases.map { held.contains($0) ? .holds($0) : .breaks($0) }
  }
}
