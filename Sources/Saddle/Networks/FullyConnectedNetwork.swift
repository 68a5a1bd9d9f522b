/// What is wrong with a network's description.
public enum ModelError: Error, Equatable, CustomStringConvertible {
  case invalidWidths([Int])
  case tooManyParameters(widths: [Int])
  case invalidInput(Shape)
  /// A layer of a `LayeredNetwork`, by its number, and the shape that it meets.
  case invalidLayer(number: String, layer: Layer, input: Shape, fault: LayerFault)
  case noParameters
  case outputIsNoVector(Shape)

  public var description: String {
    switch self {
    case .invalidWidths(let widths):
      "widths \(widths): a network needs at least an input and an output width, all positive, "
        + "for example [784, 16, 10]"
    case .tooManyParameters(let widths):
      "widths \(widths): a network may have at most \(FullyConnectedNetwork.largestCount) "
        + "parameters"
    case .invalidInput(let shape):
      "input [\(shape.channels), \(shape.height), \(shape.width)]: give channels, height and width, "
        + "all positive, for example [1, 28, 28]"
    case .invalidLayer(let number, let layer, let input, let fault):
      "layer \(number), \(layer), on \(input): \(fault)"
    case .noParameters: "a network without parameters: give it a dense layer or a convolution"
    case .outputIsNoVector(let shape):
      "the last layer gives \(shape), not a vector: end with a flatten or a dense layer"
    }
  }
}

/// Where one layer's weights and biases stand in the flat parameter vector.
public struct DenseLayer: Equatable, Sendable {
  public let inputs: Int
  public let outputs: Int
  /// The weights W (outputs × inputs), row-major.
  public let weights: Range<Int>
  /// The biases, one per output.
  public let biases: Range<Int>

  /// All of the layer's parameters: weights, then biases.
  public var parameters: Range<Int> { weights.lowerBound..<biases.upperBound }
  /// Where the weight from input j to unit i stands; j = inputs is the bias.
  func parameter(_ i: Int, _ j: Int) -> Int {
    j < inputs ? weights.lowerBound + i * inputs + j : biases.lowerBound + i
  }
  var weightLayout: Layout { Layout(rows: outputs, columns: inputs) }
}

/// A fully connected network: z_l = W_l a_{l−1} + b_l, a_l = φ(z_l), the last layer linear.
///
/// It holds shapes, never parameters. The flat parameter vector is layer by layer, each layer's
/// weights row-major (outputs × inputs) and then its biases: the order of PyTorch's `Linear`
/// modules in a `Sequential`.
public struct FullyConnectedNetwork: Hashable, Sendable {
  /// The number of inputs, of each hidden layer's units, and of outputs.
  public let widths: [Int]
  public let activation: Activation

  /// The most parameters that BLAS's 32-bit indices reach.
  public static let largestCount = Int(Int32.max)

  /// - Throws: `ModelError.invalidWidths` unless there are two or more widths, all positive;
  ///   `.tooManyParameters` beyond `largestCount`.
  public init(widths: [Int], activation: Activation) throws(ModelError) {
    guard widths.count >= 2, widths.allSatisfy({ $0 > 0 }) else {
      throw .invalidWidths(widths)
    }
    var count = 0
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      // Both at most 2³¹, so that their product cannot overflow.
      guard max(inputs, outputs) <= Self.largestCount else {
        throw .tooManyParameters(widths: widths)
      }
      count += (inputs + 1) * outputs
      guard count <= Self.largestCount else { throw .tooManyParameters(widths: widths) }
    }
    self.widths = widths
    self.activation = activation
  }

  public var inputs: Int { widths[0] }
  public var outputs: Int { widths[widths.count - 1] }

  /// The length of the flat parameter vector.
  public var parameterCount: Int {
    zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
  }

  public var layers: [DenseLayer] {
    var start = 0
    return zip(widths, widths.dropFirst()).map { inputs, outputs in
      let biases = start + inputs * outputs
      defer { start = biases + outputs }
      return DenseLayer(
        inputs: inputs, outputs: outputs, weights: start..<biases,
        biases: biases..<biases + outputs)
    }
  }
}

extension FullyConnectedNetwork: Codable {
  private enum CodingKeys: CodingKey { case widths, activation }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      widths: container.decode([Int].self, forKey: .widths),
      activation: container.decode(Activation.self, forKey: .activation))
  }
}

extension FullyConnectedNetwork: CustomStringConvertible {
  public var description: String {
    widths.map(String.init).joined(separator: "-") + " " + activation.rawValue
  }
}
