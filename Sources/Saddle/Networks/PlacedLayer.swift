/// A layer where it stands in a network: with its shapes and its parameters' places.
public struct PlacedLayer: Hashable, Sendable {
  public let layer: Layer
  /// Its number as PyTorch names modules: "0"; within a residual "2.body.0", "2.shortcut.1".
  public let name: String
  public let input: Shape
  public let output: Shape
  /// The layer's own parameters, weights before biases, γ before β; a residual's are its layers'.
  public let weights: ParameterBlock?
  public let biases: ParameterBlock?
  /// A residual's layers; of attention, its two affine maps.
  public let body: [PlacedLayer]
  public let shortcut: [PlacedLayer]

  /// All parameter blocks in their order.
  public var blocks: [ParameterBlock] {
    [weights, biases].compactMap(\.self) + (body + shortcut).flatMap(\.blocks)
  }

  /// This layer and those within it, depth first.
  var all: [PlacedLayer] { [self] + (body + shortcut).flatMap(\.all) }
}

extension PlacedLayer {
  /// Layers in a row, each on what the one before it gives.
  ///
  /// - Parameter start: where the first parameter stands; moved behind the last.
  /// - Throws: `ModelError.invalidLayer` for the first that does not fit.
  static func row(
    _ layers: [Layer], prefix: String, input: Shape, start: inout Int
  ) throws(ModelError) -> [PlacedLayer] {
    var placed: [PlacedLayer] = []
    for (number, layer) in layers.enumerated() {
      placed.append(
        try PlacedLayer(
          layer, name: "\(prefix)\(number)", input: placed.last?.output ?? input, start: &start))
    }
    return placed
  }

  /// - Parameter isProjection: whether it is an affine map of attention's, under the name and with the
  ///   shape that PyTorch's MultiheadAttention has for it.
  private init(
    _ layer: Layer, name: String, input: Shape, start: inout Int,
    isProjection: Bool = false
  ) throws(ModelError) {
    var body: [PlacedLayer] = []
    var shortcut: [PlacedLayer] = []
    let output: Shape
    do {
      output = try layer.output(of: input)
    } catch {
      throw .invalidLayer(number: name, layer: layer, input: input, fault: error)
    }
    var weightShape: [Int] = []
    var biasShape: [Int] = []
    switch layer {
    case .dense(let outputs, let hasBias):
      weightShape = [outputs, input.count]
      biasShape = hasBias ? [outputs] : []
    case .convolution(let channels, let kernel, _, _, let hasBias):
      weightShape =
        [channels, input.channels] + (isProjection ? [] : [kernel.height, kernel.width])
      biasShape = hasBias ? [channels] : []
    case .batchNorm, .layerNorm, .groupNorm:
      weightShape = [input.channels]
      biasShape = [input.channels]
    case .embedding(let tokens, let channels): weightShape = [tokens, channels]
    case .offset: biasShape = input.isFlat ? [input.channels] : [input.channels, input.positions]
    case .attention:
      let (channels, kernel): (Int, Extent) = (input.channels, 1)
      let incoming = try Self(
        .convolution(channels: 3 * channels, kernel: kernel), name: name + ".in_proj_", input: input,
        start: &start, isProjection: true)
      let outgoing = try Self(
        .convolution(channels: channels, kernel: kernel), name: name + ".out_proj.", input: input,
        start: &start, isProjection: true)
      body = [incoming, outgoing]
    case .residual(let first, let second):
      body = try Self.row(first, prefix: name + ".body.", input: input, start: &start)
      shortcut = try Self.row(second, prefix: name + ".shortcut.", input: input, start: &start)
    case .maxPool, .averagePool, .flatten, .activation: break
    }
    func block(_ kind: String, _ shape: [Int]) throws(ModelError) -> ParameterBlock? {
      guard let first = shape.first, first > 0 else { return nil }
      var count = 1
      for extent in shape {
        let (product, overflows) = count.multipliedReportingOverflow(by: extent)
        count = overflows ? .max : product
      }
      guard count <= Network.largestCount - start else {
        throw .invalidLayer(number: name, layer: layer, input: input, fault: .tooManyParameters)
      }
      defer { start += count }
      return ParameterBlock(
        name: name + (isProjection ? "" : ".") + kind, shape: shape, range: start..<start + count)
    }
    self.layer = layer
    self.name = name
    self.input = input
    self.body = body
    self.shortcut = shortcut
    weights = try block("weight", weightShape)
    biases = try block("bias", biasShape)
    guard case .residual = layer else {
      self.output = output
      return
    }
    let (one, other) = (body.last?.output ?? input, shortcut.last?.output ?? input)
    guard one == other else {
      throw .invalidLayer(
        number: name, layer: layer, input: input, fault: .branchesDisagree(one, other))
    }
    self.output = one
  }
}

extension Layer {
  /// What the layer makes of samples of a shape; a residual's shape is that of its layers.
  fileprivate func output(of input: Shape) throws(LayerFault) -> Shape {
    let output: Shape
    switch self {
    case .dense(let outputs, _):
      guard outputs > 0 else { throw .notPositive("outputs", outputs) }
      guard input.isFlat else { throw .needsVector }
      output = Shape(channels: outputs)
    case .convolution(let channels, let kernel, let stride, let padding, _):
      guard channels > 0 else { throw .notPositive("channels", channels) }
      guard padding.height >= 0, padding.width >= 0 else { throw .negativePadding(padding) }
      let (height, width) = try windows(kernel, stride, padding, input)
      output = Shape(channels: channels, height: height, width: width)
    case .maxPool(let size, let stride), .averagePool(let size, let stride):
      let (height, width) = try windows(size, stride, 0, input)
      output = Shape(channels: input.channels, height: height, width: width)
    case .batchNorm(let epsilon, let mean, let variance):
      guard epsilon >= 0, epsilon.isFinite else { throw .invalidStatistics("epsilon \(epsilon)") }
      for (name, numbers) in [("means", mean), ("variances", variance)] {
        guard numbers.isEmpty || numbers.count == input.channels else {
          throw .statisticsCount(name, numbers.count, channels: input.channels)
        }
      }
      if let bad = mean.first(where: { !$0.isFinite }) { throw .invalidStatistics("mean \(bad)") }
      if let bad = variance.first(where: { !($0 >= 0 && $0 + epsilon > 0 && $0.isFinite) }) {
        throw .invalidStatistics("variance \(bad) with epsilon \(epsilon)")
      }
      output = input
    case .layerNorm(let epsilon), .groupNorm(_, let epsilon):
      guard epsilon >= 0, epsilon.isFinite else { throw .invalidStatistics("epsilon \(epsilon)") }
      if case .groupNorm(let groups, _) = self { try requireParts(groups, "groups", of: input) }
      output = input
    case .embedding(let tokens, let channels):
      guard tokens > 0 else { throw .notPositive("tokens", tokens) }
      guard channels > 0 else { throw .notPositive("channels", channels) }
      guard input.isFlat else { throw .needsVector }
      output = Shape(channels: channels, height: input.channels)
    case .attention(let heads):
      try requireParts(heads, "heads", of: input)
      // Queries, keys and values together are the most that there is at a time.
      guard input.channels <= Int(Int32.max) / 3,
        Shape(channels: 3 * input.channels, height: input.height, width: input.width).checkedCount != nil
      else { throw .tooManyActivations }
      output = input
    case .flatten: output = Shape(channels: input.count)
    case .activation, .residual, .offset: output = input
    }
    guard output.checkedCount != nil else { throw .tooManyActivations }
    return output
  }

  private func requireParts(_ count: Int, _ name: String, of input: Shape) throws(LayerFault) {
    guard count > 0 else { throw .notPositive(name, count) }
    guard input.channels % count == 0 else {
      throw .doesNotDivide(name, count, channels: input.channels)
    }
  }

  private func windows(
    _ size: Extent, _ stride: Extent, _ padding: Extent, _ input: Shape
  ) throws(LayerFault) -> (Int, Int) {
    func along(_ size: Int, _ stride: Int, _ padding: Int, _ extent: Int) throws(LayerFault) -> Int {
      guard size > 0 else { throw .notPositive("window", size) }
      guard stride > 0 else { throw .notPositive("stride", stride) }
      guard padding <= Int(Int32.max) else { throw .tooManyActivations }
      guard size <= extent + 2 * padding else {
        throw .windowTooLarge(size, padded: extent + 2 * padding)
      }
      return (extent + 2 * padding - size) / stride + 1
    }
    return (
      try along(size.height, stride.height, padding.height, input.height),
      try along(size.width, stride.width, padding.width, input.width)
    )
  }
}

/// Why a layer does not fit where it stands.
public enum LayerFault: Error, Hashable, Sendable, CustomStringConvertible {
  case notPositive(String, Int)
  case negativePadding(Extent)
  case windowTooLarge(Int, padded: Int)
  case needsVector
  case statisticsCount(String, Int, channels: Int)
  case invalidStatistics(String)
  case branchesDisagree(Shape, Shape)
  case doesNotDivide(String, Int, channels: Int)
  case needsTokens
  case tooManyActivations
  case tooManyParameters

  public var description: String {
    switch self {
    case .notPositive(let what, let number): "\(what) \(number): give 1 or more"
    case .negativePadding(let padding): "padding \(padding): give 0 or more"
    case .windowTooLarge(let size, let padded):
      "a window of \(size) in \(padded), padding included: make it smaller, or pad"
    case .needsVector: "it takes a vector: put a flatten before it"
    case .statisticsCount(let what, let count, let channels):
      "\(count) \(what) for \(channels) channels: give one a channel, or none"
    case .invalidStatistics(let what):
      "\(what): statistics are finite, and variance + epsilon is positive"
    case .branchesDisagree(let body, let shortcut):
      "the body gives \(body), the shortcut \(shortcut): give the shortcut a convolution (1 × 1, "
        + "with the body's stride) that makes them the same"
    case .doesNotDivide(let what, let count, let channels):
      "\(count) \(what) of \(channels) channels: give a number that divides them"
    case .needsTokens: "it takes tokens, which only a sample is made of: put it first"
    case .tooManyActivations: "a sample would be more than \(Int32.max) numbers"
    case .tooManyParameters:
      "the network would have more than \(Network.largestCount) parameters"
    }
  }
}
