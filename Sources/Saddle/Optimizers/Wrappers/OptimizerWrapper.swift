/// Something around an optimizer, as data. A list of them is applied from the inside out, as optax'
/// `chain` is.
public enum OptimizerWrapper: Hashable, Sendable {
  /// Gradients of at most this norm.
  case clipNorm(Double)
  /// Gradients whose elements have at most this magnitude.
  case clipValue(Double)
  /// θ ← θ − η·λ·θ beside the rule's own step; of rules with a learning rate η.
  case decoupledWeightDecay(Double)
  /// Gradients from the worst point of this radius about θ.
  case sharpnessRadius(Double)

  /// What it is called in JSON, on the command line and in errors.
  public var name: String {
    switch self {
    case .clipNorm: "clipNorm"
    case .clipValue: "clipValue"
    case .decoupledWeightDecay: "decoupledWeightDecay"
    case .sharpnessRadius: "sharpnessRadius"
    }
  }

  public var value: Double {
    switch self {
    case .clipNorm(let value), .clipValue(let value), .decoupledWeightDecay(let value),
      .sharpnessRadius(let value):
      value
    }
  }

  /// Every kind by its name, in the order of the descriptions that had each once, from the inside
  /// out.
  static let kinds: [(name: String, make: @Sendable (Double) -> OptimizerWrapper)] = [
    ("clipNorm", { .clipNorm($0) }), ("clipValue", { .clipValue($0) }),
    ("decoupledWeightDecay", { .decoupledWeightDecay($0) }),
    ("sharpnessRadius", { .sharpnessRadius($0) }),
  ]

  /// - Throws: `OptimizerError.invalidHyperparameter` for a value out of range, and around a rule
  ///   that it cannot wrap.
  func wrap<T: Scalar>(_ rule: any Optimizer<T>, _ optimizer: String) throws(OptimizerError)
    -> any Optimizer<T>
  {
    switch self {
    case .clipNorm(let bound):
      return try clipped(firstOrder(rule, optimizer), norm: T(bound))
    case .clipValue(let bound):
      return try clipped(firstOrder(rule, optimizer), value: T(bound))
    case .decoupledWeightDecay(let decay):
      guard let scheduled = rule as? any ScheduledOptimizer<T> else { throw refusal(optimizer) }
      return try decayed(scheduled, T(decay))
    case .sharpnessRadius(let radius):
      return try sharpnessAware(firstOrder(rule, optimizer), T(radius))
    }
  }

  private func firstOrder<T: Scalar>(
    _ rule: any Optimizer<T>, _ optimizer: String
  ) throws(OptimizerError) -> any FirstOrderOptimizer<T> {
    guard let rule = rule as? any FirstOrderOptimizer<T> else { throw refusal(optimizer) }
    return rule
  }

  private func refusal(_ optimizer: String) -> OptimizerError {
    .invalidHyperparameter(
      name: name, value: "\(value)", expected: "absent, since \(optimizer) is no first-order rule")
  }
}

extension OptimizerWrapper: Codable {
  /// As {"clipNorm": 1}.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    guard let key = container.allKeys.first, container.allKeys.count == 1,
      let kind = Self.kinds.first(where: { $0.name == key.stringValue })
    else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "a wrapper is one of \(Self.kinds.map(\.name)) and its number"))
    }
    self = kind.make(try container.decode(Double.self, forKey: key))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: AnyKey.self)
    try container.encode(value, forKey: AnyKey(stringValue: name))
  }
}

// Each gives the wrapped optimizer its type.

private func clipped<Base: FirstOrderOptimizer>(
  _ base: Base, norm: Base.Element
) throws(OptimizerError) -> any Optimizer<Base.Element> { try Clipped(base, by: .norm(norm)) }

private func clipped<Base: FirstOrderOptimizer>(
  _ base: Base, value: Base.Element
) throws(OptimizerError) -> any Optimizer<Base.Element> { try Clipped(base, by: .value(value)) }

private func decayed<Base: ScheduledOptimizer>(
  _ base: Base, _ decay: Base.Element
) throws(OptimizerError) -> any Optimizer<Base.Element> {
  try DecoupledWeightDecay(base, weightDecay: decay)
}

private func sharpnessAware<Base: FirstOrderOptimizer>(
  _ base: Base, _ radius: Base.Element
) throws(OptimizerError) -> any Optimizer<Base.Element> {
  try SharpnessAware(base, radius: radius)
}
