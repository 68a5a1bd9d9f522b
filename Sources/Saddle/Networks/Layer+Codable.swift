extension Layer: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case type, outputs, channels, kernel, size, stride, padding, bias, function, epsilon, mean
    case variance, body, shortcut, groups, tokens, heads
  }

  /// What a layer of each type may say besides its type.
  private static let keys: [String: Set<Key>] = [
    "dense": [.outputs, .bias],
    "convolution": [.channels, .kernel, .stride, .padding, .bias],
    "maxPool": [.size, .stride], "averagePool": [.size, .stride], "flatten": [],
    "activation": [.function], "batchNorm": [.epsilon, .mean, .variance],
    "layerNorm": [.epsilon], "groupNorm": [.groups, .epsilon],
    "embedding": [.tokens, .channels], "offset": [], "attention": [.heads],
    "residual": [.body, .shortcut],
  ]

  /// What is left out has its default: strides of 1 and no padding for a convolution, a pool's
  /// stride is its size, and there are biases. A key that the layer does not have is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let type = try container.decode(String.self, forKey: .type)
    guard let known = Self.keys[type] else {
      throw decoder.corrupted(
        "no layer is called \"\(type)\"; there are \(Self.keys.keys.sorted().joined(separator: ", "))"
      )
    }
    let found = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    let allowed = Set(known.map(\.rawValue)).union(["type"])
    if let unknown = found.sorted().first(where: { !allowed.contains($0) }) {
      throw decoder.corrupted(
        "\(type) has no \"\(unknown)\"; it has \(allowed.sorted().joined(separator: ", "))")
    }
    let hasBias = try container.decodeIfPresent(Bool.self, forKey: .bias) ?? true
    func epsilon() throws -> Double {
      try container.decodeIfPresent(Double.self, forKey: .epsilon) ?? 1e-5
    }
    switch type {
    case "dense":
      self = .dense(outputs: try container.decode(Int.self, forKey: .outputs), hasBias: hasBias)
    case "convolution":
      self = .convolution(
        channels: try container.decode(Int.self, forKey: .channels),
        kernel: try container.decode(Extent.self, forKey: .kernel),
        stride: try container.decodeIfPresent(Extent.self, forKey: .stride) ?? 1,
        padding: try container.decodeIfPresent(Extent.self, forKey: .padding) ?? 0,
        hasBias: hasBias)
    case "maxPool", "averagePool":
      let size = try container.decode(Extent.self, forKey: .size)
      let stride = try container.decodeIfPresent(Extent.self, forKey: .stride) ?? size
      self =
        type == "maxPool"
        ? .maxPool(size: size, stride: stride) : .averagePool(size: size, stride: stride)
    case "activation":
      self = .activation(try container.decode(Activation.self, forKey: .function))
    case "batchNorm":
      self = .batchNorm(
        epsilon: try epsilon(),
        mean: try container.decodeIfPresent([Double].self, forKey: .mean) ?? [],
        variance: try container.decodeIfPresent([Double].self, forKey: .variance) ?? [])
    case "layerNorm": self = .layerNorm(epsilon: try epsilon())
    case "groupNorm":
      self = .groupNorm(
        groups: try container.decode(Int.self, forKey: .groups), epsilon: try epsilon())
    case "embedding":
      self = .embedding(
        tokens: try container.decode(Int.self, forKey: .tokens),
        channels: try container.decode(Int.self, forKey: .channels))
    case "offset": self = .offset
    case "attention": self = .attention(heads: try container.decode(Int.self, forKey: .heads))
    case "residual":
      self = .residual(
        try container.decode([Layer].self, forKey: .body),
        shortcut: try container.decodeIfPresent([Layer].self, forKey: .shortcut) ?? [])
    default: self = .flatten
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .type)
    switch self {
    case .dense(let outputs, let hasBias):
      try container.encode(outputs, forKey: .outputs)
      try container.encode(hasBias, forKey: .bias)
    case .convolution(let channels, let kernel, let stride, let padding, let hasBias):
      try container.encode(channels, forKey: .channels)
      try container.encode(kernel, forKey: .kernel)
      try container.encode(stride, forKey: .stride)
      try container.encode(padding, forKey: .padding)
      try container.encode(hasBias, forKey: .bias)
    case .maxPool(let size, let stride), .averagePool(let size, let stride):
      try container.encode(size, forKey: .size)
      try container.encode(stride, forKey: .stride)
    case .flatten, .offset: break
    case .layerNorm(let epsilon): try container.encode(epsilon, forKey: .epsilon)
    case .groupNorm(let groups, let epsilon):
      try container.encode(groups, forKey: .groups)
      try container.encode(epsilon, forKey: .epsilon)
    case .embedding(let tokens, let channels):
      try container.encode(tokens, forKey: .tokens)
      try container.encode(channels, forKey: .channels)
    case .attention(let heads): try container.encode(heads, forKey: .heads)
    case .activation(let activation): try container.encode(activation, forKey: .function)
    case .batchNorm(let epsilon, let mean, let variance):
      try container.encode(epsilon, forKey: .epsilon)
      if !mean.isEmpty { try container.encode(mean, forKey: .mean) }
      if !variance.isEmpty { try container.encode(variance, forKey: .variance) }
    case .residual(let body, let shortcut):
      try container.encode(body, forKey: .body)
      if !shortcut.isEmpty { try container.encode(shortcut, forKey: .shortcut) }
    }
  }
}
