/// A network as an experiment names it.
public enum Architecture: Hashable, Sendable {
  /// Dense layers; inputs and outputs follow from the data.
  case dense(hidden: [Int], activation: Activation)
  /// Any row of layers, whole.
  case network(Network)
}

// Written flat, "hidden" and "activation" or "network" beside an experiment's other keys: findings
// that were pinned before there were other networks read as they did.
extension Architecture: Codable {
  private enum CodingKeys: CodingKey { case hidden, activation, network }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if container.contains(.network) {
      self = .network(try container.decode(Network.self, forKey: .network))
    } else {
      self = .dense(
        hidden: try container.decode([Int].self, forKey: .hidden),
        activation: try container.decode(Activation.self, forKey: .activation))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .dense(let hidden, let activation):
      try container.encode(hidden, forKey: .hidden)
      try container.encode(activation, forKey: .activation)
    case .network(let network): try container.encode(network, forKey: .network)
    }
  }
}
