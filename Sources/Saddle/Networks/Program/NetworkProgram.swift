/// A network as steps from tensor to tensor, residuals unrolled. Tensor 0 is the input.
struct NetworkProgram: Sendable {
  enum Operation: Sendable {
    case affine(AffineMap)
    case activation(Activation)
    case maxPool(Window)
    case averagePool(Window)
    case normalization(Normalization)
    /// A layer without parameters, whatever it does.
    case map(any TensorMap)
    case lookup(Lookup)
    /// Plus parameters, one for each element.
    case offset(Range<Int>)
    /// Plus this other tensor.
    case sum(Int)
  }

  struct Step: Sendable {
    let operation: Operation
    let source: Int
    let target: Int
  }

  private(set) var steps: [Step] = []
  /// The elements of each tensor for one sample.
  private(set) var sizes: [Int]
  /// Whether a tensor depends on the parameters: others have no tangents and need no derivatives.
  private(set) var varies = [false]
  private(set) var output = 0
  /// For each tensor, how many steps read it that depends on the parameters' derivatives.
  private(set) var uses: [Int] = []

  init(_ network: Network) {
    sizes = [network.input.count]
    output = add(network.placed, to: 0)
    uses = [Int](repeating: 0, count: sizes.count)
    for step in steps {
      uses[step.source] += 1
      if case .sum(let other) = step.operation { uses[other] += 1 }
    }
  }

  /// Whether several steps read some tensor, so that their derivatives add up in it.
  var hasForks: Bool { zip(uses, varies).contains { $0 > 1 && $1 } }

  /// - Returns: The tensor that the layers end in.
  private mutating func add(_ layers: [PlacedLayer], to tensor: Int) -> Int {
    layers.reduce(tensor) { add($1, to: $0) }
  }

  private mutating func add(_ placed: PlacedLayer, to source: Int) -> Int {
    switch placed.layer {
    case .flatten, .activation(.identity): return source
    case .dense:
      // The window is everything there is: one product.
      return add(
        affine(
          placed,
          Window(
            input: placed.input, output: placed.output, size: 1, stride: 1, padding: 0)),
        to: source, placed)
    case .convolution(_, let kernel, let stride, let padding, _):
      return add(
        affine(
          placed,
          Window(
            input: placed.input, output: placed.output, size: kernel, stride: stride,
            padding: padding)), to: source, placed)
    case .maxPool(let size, let stride):
      return add(.maxPool(pool(placed, size, stride)), to: source, placed)
    case .averagePool(let size, let stride):
      return add(.averagePool(pool(placed, size, stride)), to: source, placed)
    case .activation(let activation):
      return add(.activation(activation), to: source, placed)
    case .batchNorm(let epsilon, let mean, let variance):
      let channels = placed.input.channels
      return add(
        .normalization(
          Normalization(
            channels: channels, positions: placed.input.positions,
            scales: placed.weights?.range ?? 0..<0, shifts: placed.biases?.range ?? 0..<0,
            means: mean.isEmpty ? [Double](repeating: 0, count: channels) : mean,
            inverses: (0..<channels).map {
              1 / ((variance.isEmpty ? 1 : variance[$0]) + epsilon).squareRoot()
            })),
        to: source, placed)
    case .layerNorm(let epsilon):
      return normalization(
        placed, GroupStandardization(acrossChannelsOf: placed.input, epsilon: epsilon), source)
    case .groupNorm(let groups, let epsilon):
      return normalization(
        placed, GroupStandardization(groups: groups, of: placed.input, epsilon: epsilon), source)
    case .embedding(let tokens, let channels):
      return add(
        .lookup(
          Lookup(
            tokens: tokens, places: placed.input.count, channels: channels,
            table: placed.weights?.range ?? 0..<0)),
        to: source, placed)
    case .offset: return add(.offset(placed.biases?.range ?? 0..<0), to: source, placed)
    case .attention(let heads):
      let joined = add(placed.body[0], to: source)
      let attended = add(
        .map(
          Attention(
            channels: placed.input.channels, positions: placed.input.positions, heads: heads)),
        to: joined, placed)
      return add(placed.body[1], to: attended)
    case .residual:
      let body = add(placed.body, to: source)
      let shortcut = add(placed.shortcut, to: source)
      return add(.sum(shortcut), to: body, placed)
    }
  }

  /// Numbers standardized, then γ and β.
  private mutating func normalization(
    _ placed: PlacedLayer, _ standardization: GroupStandardization, _ source: Int
  ) -> Int {
    let channels = placed.input.channels
    let standardized = add(.map(standardization), to: source, placed)
    return add(
      .normalization(
        Normalization(
          channels: channels, positions: placed.input.positions,
          scales: placed.weights?.range ?? 0..<0, shifts: placed.biases?.range ?? 0..<0,
          means: [Double](repeating: 0, count: channels),
          inverses: [Double](repeating: 1, count: channels))),
      to: standardized, placed)
  }

  private func affine(_ placed: PlacedLayer, _ window: Window) -> Operation {
    .affine(
      AffineMap(
        window: window, weights: placed.weights?.range ?? 0..<0, biases: placed.biases?.range))
  }

  private func pool(_ placed: PlacedLayer, _ size: Extent, _ stride: Extent) -> Window {
    Window(input: placed.input, output: placed.output, size: size, stride: stride, padding: 0)
  }

  private mutating func add(_ operation: Operation, to source: Int, _ placed: PlacedLayer) -> Int {
    let target = sizes.count
    steps.append(Step(operation: operation, source: source, target: target))
    sizes.append(placed.output.count)
    switch operation {
    case .affine, .normalization, .lookup, .offset: varies.append(true)
    case .sum(let other): varies.append(varies[source] || varies[other])
    case .activation, .maxPool, .averagePool, .map: varies.append(varies[source])
    }
    return target
  }

  /// Where a step's parameters stand: weights before biases, γ before β.
  func parameters(ofStep s: Int) -> [Range<Int>] {
    switch steps[s].operation {
    case .affine(let map): [map.weights] + (map.biases.map { [$0] } ?? [])
    case .normalization(let normalization): [normalization.scales, normalization.shifts]
    case .lookup(let lookup): [lookup.table]
    case .offset(let range): [range]
    case .activation, .maxPool, .averagePool, .map, .sum: []
    }
  }

  /// The steps that no parameter comes before: what they make of the samples is the same at every θ.
  var fixedPart: NetworkProgram {
    var part = self
    part.steps = steps.filter { !varies[$0.target] }
    part.sizes = zip(sizes, varies).map { $1 ? 0 : $0 }
    part.output = 0
    return part
  }
}
