/// How a run's parameters came about.
public enum ParameterOrigin: Hashable, Sendable {
  case trained(by: OptimizerDescription, plan: TrainingPlan)
  case imported(ImportedParameters)
}

/// A file of parameters that were trained elsewhere, known by its bytes.
public struct ImportedParameters: Codable, Hashable, Sendable {
  public let file: SourceFile
  /// The widest elements among the file's parameters.
  public let elementType: ElementType

  public init(file: SourceFile, elementType: ElementType) {
    self.file = file
    self.elementType = elementType
  }
}

// Written flat, "optimizer" and "plan" or "imported" beside the rest: findings that were pinned
// before there was an import read as they did.
extension Experiment: Codable {
  private enum CodingKeys: CodingKey {
    case name, data, test, loss, weightDecay, optimizer, plan, imported
    case precision, labelSmoothing
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys) throws -> Value {
      try container.decode(Value.self, forKey: key)
    }
    self.init(
      name: try value(.name), data: try value(.data),
      test: try container.decodeIfPresent(DataSource.self, forKey: .test),
      architecture: try Architecture(from: decoder), loss: try value(.loss),
      weightDecay: try value(.weightDecay),
      labelSmoothing: try container.decodeIfPresent(Double.self, forKey: .labelSmoothing) ?? 0,
      origin: container.contains(.imported)
        ? .imported(try value(.imported))
        : .trained(by: try value(.optimizer), plan: try value(.plan)),
      precision: try value(.precision))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(data, forKey: .data)
    try container.encodeIfPresent(test, forKey: .test)
    try architecture.encode(to: encoder)
    try container.encode(loss, forKey: .loss)
    try container.encode(weightDecay, forKey: .weightDecay)
    if labelSmoothing != 0 { try container.encode(labelSmoothing, forKey: .labelSmoothing) }
    switch origin {
    case .trained(let optimizer, let plan):
      try container.encode(optimizer, forKey: .optimizer)
      try container.encode(plan, forKey: .plan)
    case .imported(let parameters): try container.encode(parameters, forKey: .imported)
    }
    try container.encode(precision, forKey: .precision)
  }
}
