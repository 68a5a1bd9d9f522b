/// The buffers of tangent passes over chunks of up to `rows` samples along up to `count`
/// directions.
struct TangentWorkspace<T: Scalar>: Sendable {
  private let layers: [DenseLayer]
  private let rows: Int
  private(set) var count: Int
  /// ∂z_l along each direction.
  var preactivations: [[T]] = []
  /// ∂a_l along each direction, of hidden layers.
  var activations: [[T]] = []
  /// ∂δ_l along each direction, of hidden layers.
  var deltas: [[T]] = []

  init(_ chain: DenseChain, rows: Int, count: Int) {
    layers = chain.layers
    self.rows = rows
    self.count = 0
    reserve(count: count)
  }

  /// Makes room for `count` directions.
  mutating func reserve(count: Int) {
    guard count > self.count else { return }
    self.count = count
    preactivations = layers.map { [T](repeating: 0, count: rows * count * $0.outputs) }
    deltas = Array(preactivations.dropLast())
    activations = deltas
  }
}

/// The derivatives of a pass over one chunk along several parameter directions at once.
///
/// A tangent array holds, for each sample, `count` vectors one behind the other: it can be read as
/// samples × (count·width), to meet per-sample factors, or as (samples·count) × width, to meet
/// weights.
struct ChainTangents<T: Scalar> {
  /// Samples in a chunk: enough for products of matrices to run at speed, few enough for the
  /// inputs that its two largest read to stay near the processor.
  static var chunk: Int { 256 }

  let objective: NetworkObjective<T>
  let chain: DenseChain
  let parameters: [T]
  let chunk: ChainChunk<T>
  let directions: StackedVectors<T>
  let hasSecondDerivatives: Bool

  private var samples: Int { chunk.rows.count }
  private var count: Int { directions.count }
  private var layers: [DenseLayer] { chain.layers }

  private func stacked(_ width: Int) -> Layout { Layout(rows: samples, columns: count * width) }
  private func flattened(_ width: Int) -> Layout { Layout(rows: samples * count, columns: width) }
  private func perSample(_ width: Int) -> Layout { Layout(rows: samples, columns: width) }

  /// What layer l receives: the chunk's samples, or the activations of the layer below.
  private func inputs(of l: Int) -> (elements: [T], range: Range<Int>) {
    guard l > 0 else { return (objective.inputs.elements, objective.inputSpan(chunk.rows)) }
    let below = chunk.activations[l - 1]
    return (below, below.indices)
  }

  /// Leaves ∂z_l and ∂a_l = φ′(z_l)·∂z_l of all layers.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ workspace: inout TangentWorkspace<T>) {
    for (l, layer) in layers.enumerated() {
      let size = samples * count * layer.outputs
      var z = lend(&workspace.preactivations[l])
      var all = z.mutableSpan
      var target = all._mutatingExtracting(0..<size)
      let below = inputs(of: l)
      multiply(
        below.elements.span.extracting(below.range), perSample(layer.inputs),
        directions.elements.span.extracting(directions.all(layer.weights)),
        Layout(rows: count * layer.outputs, columns: layer.inputs).transposed,
        into: &target, stacked(layer.outputs))
      if l > 0 {
        let active = workspace.activations[l - 1]
        multiply(
          active.span, flattened(layer.inputs),
          parameters.span.extracting(layer.weights), layer.weightLayout.transposed,
          adding: 1, into: &target, flattened(layer.outputs))
      }
      let added = directions.elements.span.extracting(directions.all(layer.biases))
      if l < layers.count - 1 {
        var a = lend(&workspace.activations[l])
        var activations = a.mutableSpan
        var active = activations._mutatingExtracting(0..<size)
        let slopes = chunk.slopes[l]
        activateTangents(
          &target, adding: added, slopes: slopes.span, width: layer.outputs, perSample: count,
          into: &active)
        workspace.activations[l] = a
      } else {
        addRow(added, to: &target)
      }
      workspace.preactivations[l] = z
    }
  }

  /// After `forward`: adds every direction's product with the chunk's part of the matrix, stacked.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ workspace: inout TangentWorkspace<T>, into products: inout [T]) {
    let last = layers.count - 1
    // The outputs' tangents are of no more use as such.
    var delta = lend(&workspace.preactivations[last])
    var outputs = delta.mutableSpan
    var part = outputs._mutatingExtracting(0..<samples * count * chain.outputs)
    chunk.outputs.multiply(&part, perSample: count, scale: 1 / T(objective.samples))
    for l in layers.indices.reversed() {
      addProducts(of: l, delta: delta, &workspace, into: &products)
      var carried: [T] = []
      if l > 0 {
        carried = lend(&workspace.deltas[l - 1])
        carryBack(delta, from: l, tangents: workspace.preactivations[l - 1], into: &carried)
      }
      if l == last { workspace.preactivations[l] = delta } else { workspace.deltas[l] = delta }
      delta = carried
    }
  }

  /// ∂δ_{l−1} = φ′·∂(W_lᵀδ_l) + φ″·(W_lᵀδ_l)·∂z_{l−1}, with ∂(W_lᵀδ_l) = W_lᵀ·∂δ_l + V_lᵀ·δ_l.
  @specialized(where T == Float)
  @specialized(where T == Double)
  private func carryBack(
    _ delta: [T], from l: Int, tangents: [T], into carried: inout [T]
  ) {
    let layer = layers[l]
    let (above, slopes, bends) = (chunk.deltas[l], chunk.slopes[l - 1], chunk.bends[l - 1])
    let size = samples * count * layer.inputs
    var all = carried.mutableSpan
    var target = all._mutatingExtracting(0..<size)
    multiply(
      delta.span, flattened(layer.outputs),
      parameters.span.extracting(layer.weights), layer.weightLayout,
      into: &target, flattened(layer.inputs))
    guard hasSecondDerivatives else {
      multiplyTangents(&target, by: slopes.span, width: layer.inputs, perSample: count)
      return
    }
    for j in 0..<count {
      var columns = target._mutatingExtracting(j * layer.inputs..<size)
      multiply(
        above.span, perSample(layer.outputs),
        directions.elements.span.extracting(directions.one(j, layer.weights)), layer.weightLayout,
        adding: 1, into: &columns,
        Layout(rows: samples, columns: layer.inputs, stride: count * layer.inputs))
    }
    bendTangents(
      &target, slopes: slopes.span, bends: bends.span, tangents: tangents.span.extracting(0..<size),
      width: layer.inputs, perSample: count)
  }

  /// Adds layer l's part of every product: ∂(δ_l·a_{l−1}ᵀ) summed over samples.
  @specialized(where T == Float)
  @specialized(where T == Double)
  private func addProducts(
    of l: Int, delta: [T], _ workspace: inout TangentWorkspace<T>, into products: inout [T]
  ) {
    let layer = layers[l]
    let below = inputs(of: l)
    let delta = delta.span.extracting(0..<samples * count * layer.outputs)
    var all = products.mutableSpan
    var biases = all._mutatingExtracting(Saddle.stacked(layer.biases, count))
    addColumnSums(delta, columns: count * layer.outputs, into: &biases)
    var weights = all._mutatingExtracting(Saddle.stacked(layer.weights, count))
    multiply(
      delta, stacked(layer.outputs).transposed,
      below.elements.span.extracting(below.range), perSample(layer.inputs),
      adding: 1, into: &weights, Layout(rows: count * layer.outputs, columns: layer.inputs))
    guard l > 0 && hasSecondDerivatives else { return }
    let (above, tangents) = (chunk.deltas[l], workspace.activations[l - 1])
    for j in 0..<count {
      var part = weights._mutatingExtracting(
        j * layer.weights.count..<(j + 1) * layer.weights.count)
      multiply(
        above.span, perSample(layer.outputs).transposed,
        tangents.span.extracting(j * layer.inputs..<samples * count * layer.inputs),
        Layout(rows: samples, columns: layer.inputs, stride: count * layer.inputs),
        adding: 1, into: &part, layer.weightLayout)
    }
  }
}
