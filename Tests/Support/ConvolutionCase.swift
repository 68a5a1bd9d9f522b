import Oracles
import Saddle
import Testing

/// One network twice: the oracle's, in plain loops, and the core's.
public struct ConvolutionCase {
  public let oracle: PlainConvolution
  public let objective: NetworkObjective<Double>
  public let parameters: [Double]

  public init(_ oracle: PlainConvolution, parameters: [Double]) throws {
    self.oracle = oracle
    self.parameters = parameters
    objective = try Self.objective(oracle)
  }

  public init(seed: Seed, isSmooth: Bool = false) throws {
    var generator = seed.generator
    let drawn = RandomConvolution.draw(isSmooth: isSmooth, using: &generator)
    try self.init(drawn.reference, parameters: drawn.parameters)
  }

  /// The core's objective of a plain network's.
  public static func objective<T: Scalar>(
    _ plain: PlainConvolution, _: T.Type = T.self
  ) throws -> NetworkObjective<T> {
    try NetworkObjective(
      network: Network(
        input: Shape(channels: plain.input.0, height: plain.input.1, width: plain.input.2),
        layers: plain.layers.map(Layer.init)),
      loss: Loss(rawValue: plain.loss.rawValue)!,
      inputs: Matrix(plain.inputs.map { $0.map { T($0) } }),
      targets: .classes(plain.labels.map { Int32($0) }), weightDecay: T(plain.weightDecay))
  }

  public var name: String {
    "\(objective.network), \(objective.loss), N = \(oracle.inputs.count), P = \(parameters.count)"
  }

  /// A random direction of norm about 1.
  public func direction(_ generator: inout RandomStream) -> [Double] {
    let scale = 1 / Double(parameters.count).squareRoot()
    return parameters.map { _ in scale * generator.normal() }
  }
}

extension Layer {
  public init(_ plain: PlainLayer) {
    func extent(_ pair: (Int, Int)) -> Extent { Extent(pair.0, pair.1) }
    switch plain {
    case .dense(let outputs, let hasBias): self = .dense(outputs: outputs, hasBias: hasBias)
    case .convolution(let channels, let kernel, let stride, let padding, let hasBias):
      self = .convolution(
        channels: channels, kernel: extent(kernel), stride: extent(stride),
        padding: extent(padding), hasBias: hasBias)
    case .maxPool(let size, let stride): self = .maxPool(size: extent(size), stride: extent(stride))
    case .averagePool(let size, let stride):
      self = .averagePool(size: extent(size), stride: extent(stride))
    case .flatten: self = .flatten
    case .activation(let activation): self = .activation(Activation(rawValue: activation.rawValue)!)
    case .batchNorm(let epsilon, let mean, let variance):
      self = .batchNorm(epsilon: epsilon, mean: mean, variance: variance)
    case .layerNorm(let epsilon): self = .layerNorm(epsilon: epsilon)
    case .groupNorm(let groups, let epsilon): self = .groupNorm(groups: groups, epsilon: epsilon)
    case .embedding(let tokens, let channels):
      self = .embedding(tokens: tokens, channels: channels)
    case .offset: self = .offset
    case .attention(let heads): self = .attention(heads: heads)
    case .residual(let body, let shortcut):
      self = .residual(body.map(Layer.init), shortcut: shortcut.map(Layer.init))
    }
  }
}

extension PlainLayer {
  /// - Throws: where the oracle has no such activation.
  public init(_ layer: Layer) throws {
    func pair(_ extent: Extent) -> (Int, Int) { (extent.height, extent.width) }
    switch layer {
    case .dense(let outputs, let hasBias): self = .dense(outputs: outputs, hasBias: hasBias)
    case .convolution(let channels, let kernel, let stride, let padding, let hasBias):
      self = .convolution(
        channels: channels, kernel: pair(kernel), stride: pair(stride), padding: pair(padding),
        hasBias: hasBias)
    case .maxPool(let size, let stride): self = .maxPool(size: pair(size), stride: pair(stride))
    case .averagePool(let size, let stride):
      self = .averagePool(size: pair(size), stride: pair(stride))
    case .flatten: self = .flatten
    case .activation(let activation):
      self = .activation(try #require(PlainNetwork.Activation(rawValue: activation.rawValue)))
    case .batchNorm(let epsilon, let mean, let variance):
      self = .batchNorm(epsilon: epsilon, mean: mean, variance: variance)
    case .layerNorm(let epsilon): self = .layerNorm(epsilon: epsilon)
    case .groupNorm(let groups, let epsilon): self = .groupNorm(groups: groups, epsilon: epsilon)
    case .embedding(let tokens, let channels):
      self = .embedding(tokens: tokens, channels: channels)
    case .offset: self = .offset
    case .attention(let heads): self = .attention(heads: heads)
    case .residual(let body, let shortcut):
      self = .residual(
        try body.map { try PlainLayer($0) }, shortcut: try shortcut.map { try PlainLayer($0) })
    }
  }
}
