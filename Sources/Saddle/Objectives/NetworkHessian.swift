/// The Hessian of a network's objective at a fixed θ, as an operator (Pearlmutter 1994's R-pass
/// for a block of vectors at once).
public struct NetworkHessian<T: Scalar>: LinearOperator {
  let objective: NetworkObjective<T>
  let parameters: [T]
  private let chunks: [LinearizedChunk<T>]

  public var dimension: Int { objective.dimension }

  init(_ objective: NetworkObjective<T>, at parameters: [T]) {
    self.objective = objective
    self.parameters = parameters
    chunks = objective.chunks.map { LinearizedChunk(objective, at: parameters, rows: $0) }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  public func apply(_ vectors: Matrix<T>, into products: inout Matrix<T>) {
    checkShapes(vectors, products)
    let decay = objective.weightDecay
    for i in products.elements.indices { products.elements[i] = decay * vectors.elements[i] }
    // As many vectors at once as keep a chunk's tangents within about 32 MiB.
    let widest = objective.network.widths.dropFirst().max() ?? 1
    let block = max(1, min(vectors.rows, (1 << 22) / (widest * NetworkObjective<T>.chunk)))
    for start in stride(from: 0, to: vectors.rows, by: block) {
      let range = start..<min(start + block, vectors.rows)
      for chunk in chunks {
        var tangents = TangentPass(objective, parameters, chunk, vectors, range)
        tangents.forward()
        tangents.backward(into: &products)
      }
    }
  }
}

/// The derivatives of a pass over one chunk along several parameter directions at once.
///
/// A tangent array holds, for each sample, `count` vectors one behind the other: it can be read as
/// samples × (count·width), to meet per-sample factors, or as (samples·count) × width, to meet
/// weights.
private struct TangentPass<T: Scalar> {
  let objective: NetworkObjective<T>
  let parameters: [T]
  let chunk: LinearizedChunk<T>
  let vectors: Matrix<T>
  let range: Range<Int>
  let layers: [DenseLayer]
  /// ∂z_l along each direction.
  var preactivations: [[T]] = []
  /// ∂a_l along each direction, of hidden layers.
  var activations: [[T]] = []

  var samples: Int { chunk.rows.count }
  var count: Int { range.count }

  init(
    _ objective: NetworkObjective<T>, _ parameters: [T], _ chunk: LinearizedChunk<T>,
    _ vectors: Matrix<T>, _ range: Range<Int>
  ) {
    self.objective = objective
    self.parameters = parameters
    self.chunk = chunk
    self.vectors = vectors
    self.range = range
    layers = objective.network.layers
  }

  private func stacked(_ width: Int) -> Layout { Layout(rows: samples, columns: count * width) }
  private func flattened(_ width: Int) -> Layout { Layout(rows: samples * count, columns: width) }

  /// The part of direction `v` that belongs to `range` of the parameters, in `vectors.elements`.
  private func part(_ v: Int, _ part: Range<Int>) -> Range<Int> {
    let start = v * vectors.columns
    return start + part.lowerBound..<start + part.upperBound
  }

  /// One layer's weights of every direction, below one another; likewise for biases.
  private func gather(_ parameters: Range<Int>) -> [T] {
    var gathered: [T] = []
    gathered.reserveCapacity(count * parameters.count)
    for v in range { gathered += vectors.elements[part(v, parameters)] }
    return gathered
  }

  /// What layer l receives: the chunk's samples, or the activations of the layer below.
  private func inputs(of l: Int) -> (elements: [T], range: Range<Int>) {
    guard l > 0 else { return (objective.inputs.elements, objective.inputSpan(chunk.rows)) }
    let below = chunk.activations[l - 1]
    return (below, below.indices)
  }

  mutating func forward() {
    for (l, layer) in layers.enumerated() {
      var z = [T](repeating: 0, count: samples * count * layer.outputs)
      var target = z.mutableSpan
      broadcast(gather(layer.biases).span, into: &target)
      let weights = gather(layer.weights)
      let below = inputs(of: l)
      multiply(
        below.elements.span.extracting(below.range), Layout(rows: samples, columns: layer.inputs),
        weights.span, Layout(rows: count * layer.outputs, columns: layer.inputs).transposed,
        adding: 1, into: &target, stacked(layer.outputs))
      if l > 0 {
        let tangents = activations[l - 1]
        multiply(
          tangents.span, flattened(layer.inputs),
          parameters.span.extracting(layer.weights), layer.weightLayout.transposed,
          adding: 1, into: &target, flattened(layer.outputs))
      }
      if l < layers.count - 1 {
        var a = z
        var active = a.mutableSpan
        let slopes = chunk.slopes[l]
        multiplyTangents(
          &active, by: slopes.span, width: layer.outputs, perSample: count)
        activations.append(a)
      }
      preactivations.append(z)
    }
  }

  mutating func backward(into products: inout Matrix<T>) {
    let last = layers.count - 1
    var delta = preactivations[last]
    var outputs = delta.mutableSpan
    objective.loss.multiplyByOutputHessian(
      &outputs, probabilities: chunk.probabilities.span, classes: objective.network.outputs,
      perSample: count, scale: 1 / T(objective.samples))

    for l in layers.indices.reversed() {
      let layer = layers[l]
      addProducts(of: l, delta: delta, into: &products)
      guard l > 0 else { break }
      // ∂(W_lᵀδ_l) = W_lᵀ·∂δ_l + V_lᵀ·δ_l, then through φ′ and φ″ of the layer below.
      var carried = [T](repeating: 0, count: samples * count * layer.inputs)
      var target = carried.mutableSpan
      let (above, slopes, bends) = (chunk.deltas[l], chunk.slopes[l - 1], chunk.bends[l - 1])
      let tangents = preactivations[l - 1]
      multiply(
        delta.span, flattened(layer.outputs),
        parameters.span.extracting(layer.weights), layer.weightLayout,
        into: &target, flattened(layer.inputs))
      for (j, v) in range.enumerated() {
        var columns = target._mutatingExtracting(j * layer.inputs..<target.count)
        multiply(
          above.span, Layout(rows: samples, columns: layer.outputs),
          vectors.elements.span.extracting(part(v, layer.weights)), layer.weightLayout,
          adding: 1, into: &columns,
          Layout(rows: samples, columns: layer.inputs, stride: count * layer.inputs))
      }
      bendTangents(
        &target, slopes: slopes.span, bends: bends.span, tangents: tangents.span, width: layer.inputs, perSample: count)
      delta = carried
    }
  }

  /// Adds layer l's part of every product: ∂(δ_l·a_{l−1}ᵀ) summed over samples.
  private func addProducts(of l: Int, delta: [T], into products: inout Matrix<T>) {
    let layer = layers[l]
    let below = inputs(of: l)
    var weights = [T](repeating: 0, count: count * layer.weights.count)
    var target = weights.mutableSpan
    multiply(
      delta.span, stacked(layer.outputs).transposed,
      below.elements.span.extracting(below.range), Layout(rows: samples, columns: layer.inputs),
      into: &target, Layout(rows: count * layer.outputs, columns: layer.inputs))
    if l > 0 {
      let (above, tangents) = (chunk.deltas[l], activations[l - 1])
      for j in 0..<count {
        var part = target._mutatingExtracting(
          j * layer.weights.count..<(j + 1) * layer.weights.count)
        multiply(
          above.span, Layout(rows: samples, columns: layer.outputs).transposed,
          tangents.span.extracting(j * layer.inputs..<tangents.count),
          Layout(rows: samples, columns: layer.inputs, stride: count * layer.inputs),
          adding: 1, into: &part, layer.weightLayout)
      }
    }
    var biases = [T](repeating: 0, count: count * layer.outputs)
    var sums = biases.mutableSpan
    addColumnSums(delta.span, columns: count * layer.outputs, into: &sums)

    var result = products.elements.mutableSpan
    for (j, v) in range.enumerated() {
      var rows = result._mutatingExtracting(part(v, layer.weights))
      axpy(
        1, weights.span.extracting(j * layer.weights.count..<(j + 1) * layer.weights.count),
        into: &rows)
      rows = result._mutatingExtracting(part(v, layer.biases))
      axpy(1, biases.span.extracting(j * layer.outputs..<(j + 1) * layer.outputs), into: &rows)
    }
  }
}

/// `t ← t·f` where every sample has `perSample` tangents of `width` elements and one row of f.
@specialized(where T == Float)
@specialized(where T == Double)
func multiplyTangents<T: Scalar>(
  _ tangents: inout MutableSpan<T>, by factors: Span<T>, width: Int, perSample: Int
) {
  precondition(tangents.count == factors.count * perSample && factors.count % width == 0)
  var at = 0
  var sample = 0
  while sample < factors.count {
    for _ in 0..<perSample {
      for k in 0..<width { tangents[unchecked: at + k] *= factors[unchecked: sample + k] }
      at += width
    }
    sample += width
  }
}

/// `c ← c·φ′ + (e·φ″)·t`, with one row of φ′ and of e·φ″ per sample for its `perSample` tangents.
@specialized(where T == Float)
@specialized(where T == Double)
func bendTangents<T: Scalar>(
  _ carried: inout MutableSpan<T>, slopes: Span<T>, bends: Span<T>, tangents: Span<T>,
  width: Int, perSample: Int
) {
  precondition(carried.count == slopes.count * perSample && tangents.count == carried.count)
  precondition(bends.count == slopes.count && slopes.count % width == 0)
  var at = 0
  var sample = 0
  while sample < slopes.count {
    for _ in 0..<perSample {
      for k in 0..<width {
        carried[unchecked: at + k] =
          carried[unchecked: at + k] * slopes[unchecked: sample + k]
          + bends[unchecked: sample + k] * tangents[unchecked: at + k]
      }
      at += width
    }
    sample += width
  }
}
