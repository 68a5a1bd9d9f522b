/// A network of layers in a row, of convolutions too: a pure function of θ and a sample.
///
/// It holds shapes and constants, never parameters. The flat parameter vector is layer by layer:
/// weights, outputs × inputs × kernel rows × kernel columns, row-major, then biases; γ, then β; a
/// residual's body, then its shortcut: the order of PyTorch's `Sequential.parameters()`.
public struct LayeredNetwork: Sendable {
  /// The shape of a sample.
  public let input: Shape
  public let layers: [Layer]
  /// The layers with their shapes and their parameters' places.
  public let placed: [PlacedLayer]
  /// The length of the flat parameter vector.
  public let parameterCount: Int

  /// - Throws: `ModelError`: the first layer that does not fit, by its number, with the shape it
  ///   meets and what to do; `.noParameters`, `.outputIsNoVector`.
  public init(input: Shape, layers: [Layer]) throws(ModelError) {
    guard input.checkedCount != nil else { throw .invalidInput(input) }
    var count = 0
    placed = try PlacedLayer.row(layers, prefix: "", input: input, start: &count)
    guard count > 0 else { throw .noParameters }
    let output = placed.last?.output ?? input
    guard output.isFlat else { throw .outputIsNoVector(output) }
    self.input = input
    self.layers = layers
    parameterCount = count
  }

  /// The numbers of a sample.
  public var inputs: Int { input.count }
  /// The numbers that it becomes.
  public var outputs: Int { placed.last?.output.count ?? 0 }

  /// The parameter vector's parts by name, in their order.
  public var parameterBlocks: [ParameterBlock] { placed.flatMap(\.blocks) }

  /// Whether it is twice differentiable in θ everywhere.
  public var isSmooth: Bool { layers.allSatisfy(\.isSmooth) }
}

extension LayeredNetwork: Hashable {
  public static func == (a: Self, b: Self) -> Bool { a.input == b.input && a.layers == b.layers }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(input)
    hasher.combine(layers)
  }
}

extension LayeredNetwork: Codable {
  private enum CodingKeys: CodingKey { case input, layers }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      input: container.decode(Shape.self, forKey: .input),
      layers: container.decode([Layer].self, forKey: .layers))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(input, forKey: .input)
    try container.encode(layers, forKey: .layers)
  }
}

extension LayeredNetwork: CustomStringConvertible {
  public var description: String { "\(input): \(Layer.list(layers))" }
}

extension LayeredNetwork {
  /// A network of dense layers, as a row of layers.
  public init(_ network: FullyConnectedNetwork) throws(ModelError) {
    var layers: [Layer] = []
    for width in network.widths.dropFirst() {
      if !layers.isEmpty { layers.append(.activation(network.activation)) }
      layers.append(.dense(outputs: width))
    }
    try self.init(input: Shape(channels: network.inputs), layers: layers)
  }

  /// LeNet-5 (LeCun, Bottou, Bengio, Haffner 1998) as it is written today: tanh, average pooling,
  /// every map of the second convolution on all of the first, a linear output; 61,706 parameters.
  public static var leNet5: LayeredNetwork {
    get throws(ModelError) {
      try LayeredNetwork(
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

  /// A small network for CIFAR-10, whose whole Hessian can be had: three 3 × 3 convolutions, ReLU,
  /// maximum pooling; 5,842 parameters.
  public static var smallCIFAR: LayeredNetwork {
    get throws(ModelError) {
      try LayeredNetwork(
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

extension LayeredNetwork {
  /// Parameters to start training from, drawn in `Double` and rounded to `T`: weights by fan-in
  /// and fan-out, a convolution's times its kernel's size (as PyTorch counts); biases and β 0, γ 1.
  public func initialParameters<T: Scalar>(
    _ initialization: Initialization = .glorotUniform,
    using generator: inout some RandomNumberGenerator
  ) -> [T] {
    var parameters = [T](repeating: 0, count: parameterCount)
    for placed in placed.flatMap(\.all) {
      guard let weights = placed.weights else { continue }
      guard weights.shape.count > 1 else {
        for i in weights.range { parameters[i] = 1 }
        continue
      }
      let window = weights.shape.dropFirst(2).reduce(1, *)
      for i in weights.range {
        parameters[i] = T(
          initialization.weight(
            fanIn: weights.shape[1] * window, fanOut: weights.shape[0] * window,
            using: &generator))
      }
    }
    return parameters
  }
}
