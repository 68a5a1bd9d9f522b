/// A small random convolutional network with data and parameters: a description that any
/// implementation can build its own network from.
public struct RandomConvolution: Sendable {
  public let reference: PlainConvolution
  /// θ, in `PlainConvolution`'s order.
  public let parameters: [Double]

  /// Draws one to four layers on images of 1 to 3 channels and 3 to 7 rows and columns — half of
  /// the time a convolution first, then any of them, residuals with and without layers on their
  /// shortcuts — then a flatten and one or two dense layers, 2 to 4 classes, 1 to 3 samples (once
  /// in six 33 to 40, on a smaller network); at most 160 parameters.
  ///
  /// Kernels, strides and paddings are drawn for both directions apart; once in six a kernel is as
  /// large as its image. Weights are normal with variance 1/fan-in.
  ///
  /// - Parameter isSmooth: without ReLU and maximum pools.
  public static func draw(
    isSmooth: Bool = false, using generator: inout some RandomNumberGenerator
  ) -> RandomConvolution {
    while true {
      let isMany = Draw.once(in: 6, using: &generator)
      let side = isMany ? 3 : 5
      let tokens = Draw.once(in: 6, using: &generator) ? 2 + Draw.integer(below: 3, using: &generator) : 0
      let input =
        tokens > 0
        ? (2 + Draw.integer(below: side, using: &generator), 1, 1)
        : (
          1 + Draw.integer(below: isMany ? 1 : 3, using: &generator),
          3 + Draw.integer(below: side, using: &generator),
          3 + Draw.integer(below: side, using: &generator)
        )
      var builder = Builder(shape: input, isSmooth: isSmooth)
      if tokens > 0 {
        builder.addEmbedding(tokens, using: &generator)
      } else if Draw.sign(using: &generator) > 0 {
        builder.addConvolution(using: &generator)
      } else {
        builder.add(depth: 0, using: &generator)
      }
      for _ in 0..<Draw.integer(below: isMany ? 2 : 4, using: &generator) {
        builder.add(depth: 0, using: &generator)
      }
      let classes = 2 + Draw.integer(below: 3, using: &generator)
      builder.finish(classes: classes, using: &generator)
      guard builder.parameters.count <= (isMany ? 60 : 160) else { continue }
      let samples =
        isMany
        ? 33 + Draw.integer(below: 8, using: &generator)
        : 1 + Draw.integer(below: 3, using: &generator)
      let losses = PlainNetwork.Loss.allCases
      return RandomConvolution(
        reference: PlainConvolution(
          input: input, layers: builder.layers,
          loss: losses[Draw.integer(below: losses.count, using: &generator)],
          weightDecay: Draw.sign(using: &generator) > 0
            ? 0 : Draw.uniform(0.001, 0.5, using: &generator),
          inputs: (0..<samples).map { _ in
            guard tokens > 0 else {
              return Draw.normals(input.0 * input.1 * input.2, using: &generator)
            }
            return (0..<input.0).map { _ in Double(Draw.integer(below: tokens, using: &generator)) }
          },
          labels: (0..<samples).map { _ in Draw.integer(below: classes, using: &generator) }),
        parameters: builder.parameters)
    }
  }

  private struct Builder {
    var shape: (Int, Int, Int)
    let isSmooth: Bool
    var layers = [PlainLayer]()
    var parameters = [Double]()

    private var activations: [PlainNetwork.Activation] {
      PlainNetwork.Activation.allCases.filter { !isSmooth || $0 != .relu }
    }

    mutating func add(depth: Int, using generator: inout some RandomNumberGenerator) {
      switch Draw.integer(below: depth > 1 ? 8 : 10, using: &generator) {
      case 0: addConvolution(using: &generator)
      case 1: addPool(isMaximum: !isSmooth, using: &generator)
      case 2: addPool(isMaximum: false, using: &generator)
      case 3: addActivation(using: &generator)
      case 4: addNormalization(using: &generator)
      case 5: addStandardization(using: &generator)
      case 6: addAttention(using: &generator)
      case 7: addOffset(using: &generator)
      default: addResidual(depth: depth, using: &generator)
      }
    }

    mutating func addConvolution(using generator: inout some RandomNumberGenerator) {
      let isWhole = Draw.once(in: 6, using: &generator)
      let padding =
        isWhole
        ? (0, 0)
        : (Draw.integer(below: 3, using: &generator), Draw.integer(below: 3, using: &generator))
      func extent(_ size: Int) -> Int {
        isWhole ? size : 1 + Draw.integer(below: min(3, size), using: &generator)
      }
      let kernel = (extent(shape.1), extent(shape.2))
      let stride = (
        1 + Draw.integer(below: 3, using: &generator), 1 + Draw.integer(below: 3, using: &generator)
      )
      addConvolution(
        channels: 1 + Draw.integer(below: 3, using: &generator), kernel, stride, padding,
        using: &generator)
    }

    private mutating func addConvolution(
      channels: Int, _ kernel: (Int, Int), _ stride: (Int, Int), _ padding: (Int, Int),
      using generator: inout some RandomNumberGenerator
    ) {
      let hasBias = Draw.sign(using: &generator) > 0
      let fanIn = shape.0 * kernel.0 * kernel.1
      addWeights(channels, fanIn, hasBias, using: &generator)
      layers.append(
        .convolution(
          channels: channels, kernel: kernel, stride: stride, padding: padding, hasBias: hasBias))
      shape = (
        channels, (shape.1 + 2 * padding.0 - kernel.0) / stride.0 + 1,
        (shape.2 + 2 * padding.1 - kernel.1) / stride.1 + 1
      )
    }

    private mutating func addWeights(
      _ outputs: Int, _ fanIn: Int, _ hasBias: Bool,
      using generator: inout some RandomNumberGenerator
    ) {
      let scale = 1 / Double(fanIn).squareRoot()
      parameters += Draw.normals(outputs * fanIn, using: &generator).map { scale * $0 }
      if hasBias { parameters += Draw.normals(outputs, using: &generator).map { 0.5 * $0 } }
    }

    private mutating func addPool(
      isMaximum: Bool, using generator: inout some RandomNumberGenerator
    ) {
      let size = (
        1 + Draw.integer(below: min(3, shape.1), using: &generator),
        1 + Draw.integer(below: min(3, shape.2), using: &generator)
      )
      let stride = (
        1 + Draw.integer(below: 2, using: &generator), 1 + Draw.integer(below: 2, using: &generator)
      )
      layers.append(
        isMaximum ? .maxPool(size: size, stride: stride) : .averagePool(size: size, stride: stride))
      shape = (shape.0, (shape.1 - size.0) / stride.0 + 1, (shape.2 - size.1) / stride.1 + 1)
    }

    private mutating func addActivation(using generator: inout some RandomNumberGenerator) {
      layers.append(
        .activation(activations[Draw.integer(below: activations.count, using: &generator)]))
    }

    private mutating func addNormalization(using generator: inout some RandomNumberGenerator) {
      let isPlain = Draw.once(in: 4, using: &generator)
      layers.append(
        .batchNorm(
          epsilon: 1e-5, mean: isPlain ? [] : Draw.normals(shape.0, using: &generator),
          variance: isPlain
            ? [] : (0..<shape.0).map { _ in Draw.uniform(0.3, 3, using: &generator) }))
      parameters += (0..<shape.0).map { _ in Draw.uniform(0.5, 1.5, using: &generator) }
      parameters += Draw.normals(shape.0, using: &generator).map { 0.5 * $0 }
    }

    mutating func addEmbedding(_ tokens: Int, using generator: inout some RandomNumberGenerator) {
      let channels = 1 + Draw.integer(below: 3, using: &generator)
      layers.append(.embedding(tokens: tokens, channels: channels))
      parameters += Draw.normals(tokens * channels, using: &generator)
      shape = (channels, shape.0, 1)
    }

    /// A number that divides the channels.
    private func part(using generator: inout some RandomNumberGenerator) -> Int {
      let divisors = (1...shape.0).filter { shape.0 % $0 == 0 }
      return divisors[Draw.integer(below: divisors.count, using: &generator)]
    }

    private mutating func addStandardization(using generator: inout some RandomNumberGenerator) {
      // No smaller ε: where a set's numbers are nearly alike, derivatives grow like its inverse.
      let epsilon = Draw.uniform(0.05, 0.5, using: &generator)
      layers.append(
        Draw.sign(using: &generator) > 0
          ? .layerNorm(epsilon: epsilon)
          : .groupNorm(groups: part(using: &generator), epsilon: epsilon))
      parameters += (0..<shape.0).map { _ in Draw.uniform(0.5, 1.5, using: &generator) }
      parameters += Draw.normals(shape.0, using: &generator).map { 0.5 * $0 }
    }

    private mutating func addAttention(using generator: inout some RandomNumberGenerator) {
      layers.append(.attention(heads: part(using: &generator)))
      addWeights(3 * shape.0, shape.0, true, using: &generator)
      addWeights(shape.0, shape.0, true, using: &generator)
    }

    private mutating func addOffset(using generator: inout some RandomNumberGenerator) {
      layers.append(.offset)
      parameters += Draw.normals(shape.0 * shape.1 * shape.2, using: &generator).map { 0.5 * $0 }
    }

    /// A body of one to three layers; a shortcut of a projection where shapes differ, else of
    /// nothing or of a layer that keeps the shape.
    private mutating func addResidual(
      depth: Int, using generator: inout some RandomNumberGenerator
    ) {
      var body = Builder(shape: shape, isSmooth: isSmooth)
      for _ in 0...Draw.integer(below: 3, using: &generator) {
        body.add(depth: depth + 1, using: &generator)
      }
      var shortcut = Builder(shape: shape, isSmooth: isSmooth)
      if body.shape == shape {
        if Draw.sign(using: &generator) > 0 { shortcut.addNormalization(using: &generator) }
      } else {
        // The kernel that leaves as many positions as the body has.
        shortcut.addConvolution(
          channels: body.shape.0,
          (max(1, shape.1 - body.shape.1 + 1), max(1, shape.2 - body.shape.2 + 1)),
          (1, 1),
          (max(0, (body.shape.1 - shape.1 + 1) / 2), max(0, (body.shape.2 - shape.2 + 1) / 2)),
          using: &generator)
        // An odd surplus of a padded body cannot be met: that residual is left out.
        guard shortcut.shape == body.shape else { return }
      }
      layers.append(.residual(body.layers, shortcut: shortcut.layers))
      parameters += body.parameters + shortcut.parameters
      shape = body.shape
    }

    mutating func finish(classes: Int, using generator: inout some RandomNumberGenerator) {
      layers.append(.flatten)
      var inputs = shape.0 * shape.1 * shape.2
      if Draw.sign(using: &generator) > 0 {
        let units = 1 + Draw.integer(below: 3, using: &generator)
        addWeights(units, inputs, true, using: &generator)
        layers.append(.dense(outputs: units, hasBias: true))
        shape = (units, 1, 1)
        addActivation(using: &generator)
        inputs = units
      }
      let hasBias = Draw.sign(using: &generator) > 0
      addWeights(classes, inputs, hasBias, using: &generator)
      layers.append(.dense(outputs: classes, hasBias: hasBias))
    }
  }
}
