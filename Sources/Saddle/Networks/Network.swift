/// A network of layers in a row: a pure function of θ and a sample.
///
/// It holds shapes and constants, never parameters. The flat parameter vector is layer by layer:
/// weights, outputs × inputs × kernel rows × kernel columns, row-major, then biases; γ, then β; a
/// residual's body, then its shortcut: the order of PyTorch's `Sequential.parameters()`.
public struct Network: Sendable {
  /// The shape of a sample.
  public let input: Shape
  public let layers: [Layer]
  /// The layers with their shapes and their parameters' places.
  public let placed: [PlacedLayer]
  /// What the parameter vector's tensors are called elsewhere, in their order; nil for what PyTorch
  /// calls them in a `Sequential` of the same modules.
  public let names: [String]?
  /// The length of the flat parameter vector.
  public let parameterCount: Int

  /// The most parameters that BLAS's 32-bit indices reach.
  public static let largestCount = Int(Int32.max)

  /// - Throws: `ModelError`: the first layer that does not fit, by its number, with the shape it
  ///   meets and what to do; `.noParameters`, `.outputIsNoVector`, `.invalidNames`.
  public init(
    input: Shape, layers: [Layer], names: [String]? = nil
  ) throws(ModelError) {
    guard input.checkedCount != nil else { throw .invalidInput(input) }
    var count = 0
    placed = try PlacedLayer.row(layers, prefix: "", input: input, start: &count)
    for late in placed.flatMap(\.all) where late.name != "0" {
      guard case .embedding = late.layer else { continue }
      throw .invalidLayer(
        number: late.name, layer: late.layer, input: late.input, fault: .needsTokens)
    }
    guard count > 0 else { throw .noParameters }
    let output = placed.last?.output ?? input
    guard output.isFlat else { throw .outputIsNoVector(output) }
    self.input = input
    self.layers = layers
    self.names = names
    parameterCount = count
    if let names {
      let blocks = placed.flatMap(\.blocks)
      guard names.count == blocks.count, Set(names).count == names.count, !names.contains("") else {
        throw .invalidNames(names, tensors: blocks.map(\.label))
      }
    }
  }

  /// The numbers of a sample.
  public var inputs: Int { input.count }
  /// The numbers that it becomes.
  public var outputs: Int { placed.last?.output.count ?? 0 }

  /// The parameter vector's parts by name, in their order.
  public var parameterBlocks: [ParameterBlock] {
    let blocks = placed.flatMap(\.blocks)
    guard let names else { return blocks }
    return zip(blocks, names).map { ParameterBlock(name: $1, shape: $0.shape, range: $0.range) }
  }

  /// Whether it is twice differentiable in θ everywhere.
  public var isSmooth: Bool { layers.allSatisfy(\.isSmooth) }
}

extension Network: Hashable {
  public static func == (a: Self, b: Self) -> Bool {
    a.input == b.input && a.layers == b.layers && a.names == b.names
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(input)
    hasher.combine(layers)
    hasher.combine(names)
  }
}

extension Network: Codable {
  private enum CodingKeys: CodingKey { case input, layers, names, widths, activation }

  /// From a sample's shape and the layers; or from the widths and the activation of dense layers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if container.contains(.widths) {
      self = try .dense(
        container.decode([Int].self, forKey: .widths),
        container.decode(Activation.self, forKey: .activation))
    } else {
      try self.init(
        input: container.decode(Shape.self, forKey: .input),
        layers: container.decode([Layer].self, forKey: .layers),
        names: container.decodeIfPresent([String].self, forKey: .names))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(input, forKey: .input)
    try container.encode(layers, forKey: .layers)
    try container.encodeIfPresent(names, forKey: .names)
  }
}

extension Network: CustomStringConvertible {
  /// "784-16-10 tanh" where that says it all, else the layers.
  public var description: String {
    if let (widths, activation) = denseWidths {
      return widths.map(String.init).joined(separator: "-")
        + (widths.count > 2 ? " " + activation.rawValue : "")
    }
    return "\(input): \(Layer.list(layers))"
  }
}

extension Network {
  /// Dense layers with biases, each but the last followed by the activation.
  ///
  /// - Parameter widths: the numbers of a sample, of each hidden layer's units, and of outputs.
  /// - Throws: `ModelError.invalidWidths` unless there are two or more widths, all positive;
  ///   `.tooManyParameters` beyond `largestCount`.
  public static func dense(
    _ widths: [Int], _ activation: Activation
  ) throws(ModelError) -> Network {
    guard widths.count >= 2, widths.allSatisfy({ $0 > 0 }) else { throw .invalidWidths(widths) }
    var count = 0
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      // Both at most 2³¹, so that their product cannot overflow.
      guard max(inputs, outputs) <= largestCount else { throw .tooManyParameters(widths: widths) }
      count += (inputs + 1) * outputs
      guard count <= largestCount else { throw .tooManyParameters(widths: widths) }
    }
    let hidden = widths.dropFirst().dropLast().flatMap {
      [Layer.dense(outputs: $0), .activation(activation)]
    }
    return try Network(
      input: Shape(channels: widths[0]), layers: hidden + [.dense(outputs: widths[widths.count - 1])])
  }

  /// What `dense` makes this network of; nil where it makes no such network. Where no layer is
  /// hidden, the activation is the identity.
  public var denseWidths: (widths: [Int], activation: Activation)? {
    guard let chain = DenseChain(self) else { return nil }
    let activation = chain.activations.first ?? .identity
    guard (try? Network.dense(chain.widths, activation)) == self else { return nil }
    return (chain.widths, activation)
  }

  /// LeNet-5 (LeCun, Bottou, Bengio, Haffner 1998) as it is written today: tanh, average pooling,
  /// every map of the second convolution on all of the first, a linear output; 61,706 parameters.
  public static var leNet5: Network {
    get throws(ModelError) {
      try Network(
        input: Shape(channels: 1, height: 28, width: 28),
        layers: [
          .convolution(channels: 6, kernel: 5, padding: 2), .activation(.tanh),
          .averagePool(size: 2, stride: 2),
          .convolution(channels: 16, kernel: 5), .activation(.tanh),
          .averagePool(size: 2, stride: 2), .flatten,
          .dense(outputs: 120), .activation(.tanh),
          .dense(outputs: 84), .activation(.tanh), .dense(outputs: 10),
        ])
    }
  }

  /// A transformer encoder (Vaswani et al. 2017) of images row by row, normalized before each part
  /// (Xiong et al. 2020): every row becomes a vector of `width` numbers, offset by its place; then
  /// `depth` times attention and two affine maps with GELU between them, each beside a shortcut; the
  /// mean over rows, and an affine map to the classes.
  ///
  /// - Throws: `ModelError` where the heads do not divide the width.
  public static func transformer(
    rowsOf image: Shape, width: Int, heads: Int, depth: Int = 2, widening: Int = 2, classes: Int = 10
  ) throws(ModelError) -> Network {
    let block: [Layer] = [
      .residual([.layerNorm(), .attention(heads: heads)]),
      .residual([
        .layerNorm(), .convolution(channels: widening * width, kernel: 1), .activation(.gelu),
        .convolution(channels: width, kernel: 1),
      ]),
    ]
    let beginning: [Layer] = [
      .convolution(channels: width, kernel: Extent(1, image.width)), .offset,
    ]
    return try Network(
      input: image,
      layers: beginning + (0..<depth).flatMap { _ in block } + [
        .layerNorm(), .averagePool(size: Extent(image.height, 1), stride: 1), .flatten,
        .dense(outputs: classes),
      ])
  }

  /// A small network for CIFAR-10, whose whole Hessian can be had: three 3 × 3 convolutions, ReLU,
  /// maximum pooling; 5,842 parameters.
  public static var smallCIFAR: Network {
    get throws(ModelError) {
      try Network(
        input: Shape(channels: 3, height: 32, width: 32),
        layers: [
          .convolution(channels: 8, kernel: 3, padding: 1), .activation(.relu),
          .maxPool(size: 2, stride: 2),
          .convolution(channels: 16, kernel: 3, padding: 1), .activation(.relu),
          .maxPool(size: 2, stride: 2),
          .convolution(channels: 24, kernel: 3, padding: 1), .activation(.relu),
          .maxPool(size: 4, stride: 4), .flatten, .dense(outputs: 10),
        ])
    }
  }
}
