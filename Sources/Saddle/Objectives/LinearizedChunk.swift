/// What Hessian products and the assembled Hessian need of one chunk of samples at a fixed θ.
struct LinearizedChunk<T: Scalar>: Sendable {
  let rows: Range<Int>
  /// a_l of each hidden layer, rows × width.
  let activations: [[T]]
  /// φ′(z_l) of each hidden layer.
  let slopes: [[T]]
  /// φ″(z_l)·(W_{l+1}ᵀδ_{l+1}) of each hidden layer: how the slope's change bends the gradient.
  let bends: [[T]]
  /// δ_l = ∂L/∂z_l of each layer, the mean's 1/N included.
  let deltas: [[T]]
  /// softmax(z_L), or empty for squared error.
  let probabilities: [T]

  init(_ objective: NetworkObjective<T>, at parameters: [T], rows: Range<Int>) {
    let network = objective.network
    let layers = network.layers
    let count = rows.count
    let inputs = objective.inputs.elements
    var pass = NetworkPass<T>(network, capacity: count)
    pass.forward(
      parameters.span, inputs: inputs.span.extracting(objective.inputSpan(rows)), rows: count)
    _ = pass.evaluate(
      objective.loss, BatchTargets(objective.targets, start: rows.lowerBound), rows: count,
      scale: 1 / T(objective.samples))

    var probabilities: [T] = []
    if objective.loss == .softmaxCrossEntropy {
      let outputs = pass.outputs
      probabilities = [T](repeating: 0, count: outputs.count)
      var target = probabilities.mutableSpan
      objective.loss.probabilities(
        outputs: outputs.span, classes: network.outputs, into: &target)
    }

    var deltas = pass.deltas
    var slopes: [[T]] = []
    var bends: [[T]] = []
    for l in layers.indices.dropFirst().reversed() {
      let layer = layers[l]
      let above = deltas[l]
      let z = pass.preactivations[l - 1]
      let a = pass.activations[l - 1]
      var carried = [T](repeating: 0, count: count * layer.inputs)
      var slope = carried
      var bend = carried
      var carriedSpan = carried.mutableSpan
      multiply(
        above.span, Layout(rows: count, columns: layer.outputs),
        parameters.span.extracting(layer.weights), layer.weightLayout,
        into: &carriedSpan, Layout(rows: count, columns: layer.inputs))
      var slopeSpan = slope.mutableSpan
      var bendSpan = bend.mutableSpan
      network.activation.derivatives(
        z: z.span, a: a.span, slope: &slopeSpan, bend: &bendSpan)
      multiplyElements(of: &bendSpan, by: carried.span)
      carriedSpan = carried.mutableSpan
      multiplyElements(of: &carriedSpan, by: slope.span)
      deltas[l - 1] = carried
      slopes.append(slope)
      bends.append(bend)
    }
    self.rows = rows
    self.activations = pass.activations
    self.slopes = slopes.reversed()
    self.bends = bends.reversed()
    self.deltas = deltas
    self.probabilities = probabilities
  }
}

/// `x ← x·y`, element by element.
@specialized(where T == Float)
@specialized(where T == Double)
func multiplyElements<T: Scalar>(of x: inout MutableSpan<T>, by y: Span<T>) {
  precondition(x.count == y.count, "\(x.count) elements against \(y.count)")
  for i in y.indices { x[unchecked: i] *= y[unchecked: i] }
}
