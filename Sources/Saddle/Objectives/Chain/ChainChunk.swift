/// What products with a curvature matrix and its assembly need of one chunk of samples at a fixed
/// θ.
struct ChainChunk<T: Scalar>: Sendable {
  let rows: Range<Int>
  /// a_l of each hidden layer, rows × width.
  let activations: [[T]]
  /// φ′(z_l) of each hidden layer.
  let slopes: [[T]]
  /// φ″(z_l)·(W_{l+1}ᵀδ_{l+1}) of each hidden layer: how the slope's change bends the gradient.
  let bends: [[T]]
  /// δ_l = ∂L/∂z_l of each layer, the mean's 1/N included; zeros for a kind without second
  /// derivatives, and so are the bends.
  let deltas: [[T]]
  /// How the curvature matrix joins the outputs.
  let outputs: OutputCurvature<T>

  init(
    _ objective: NetworkObjective<T>, _ chain: DenseChain, at parameters: [T], rows: Range<Int>,
    _ kind: CurvatureKind
  ) {
    let layers = chain.layers
    let count = rows.count
    let inputs = objective.inputs.elements
    var pass = ChainPass<T>(chain, capacity: count)
    pass.forward(
      parameters.span, inputs: inputs.span.extracting(objective.inputSpan(rows)), rows: count)
    _ = pass.evaluate(
      objective.loss, BatchTargets(objective.targets, start: rows.lowerBound), rows: count,
      scale: 1 / T(objective.samples))

    outputs = kind.matrix.outputs(
      OutputSamples(
        loss: objective.loss, outputs: pass.outputs, deltas: pass.deltas[layers.count - 1],
        scale: 1 / T(objective.samples), classes: chain.outputs, first: rows.lowerBound))

    var deltas = pass.deltas
    var slopes: [[T]] = []
    var bends: [[T]] = []
    for l in layers.indices.dropFirst().reversed() {
      let layer = layers[l]
      let (z, a, above) = (pass.preactivations[l - 1], pass.activations[l - 1], deltas[l])
      var slope = [T](repeating: 0, count: count * layer.inputs)
      var bend = slope
      var slopeSpan = slope.mutableSpan
      var bendSpan = bend.mutableSpan
      chain.activations[l - 1].derivatives(
        z: z.span, a: a.span, slope: &slopeSpan, bend: &bendSpan)
      if kind.hasSecondDerivatives {
        var carried = [T](repeating: 0, count: count * layer.inputs)
        var carriedSpan = carried.mutableSpan
        multiply(
          above.span, Layout(rows: count, columns: layer.outputs),
          parameters.span.extracting(layer.weights), layer.weightLayout,
          into: &carriedSpan, Layout(rows: count, columns: layer.inputs))
        multiplyElements(of: &bendSpan, by: carried.span)
        carriedSpan = carried.mutableSpan
        multiplyElements(of: &carriedSpan, by: slope.span)
        deltas[l - 1] = carried
      } else {
        // As if the loss had no gradient: what is left of the Hessian's formulas is JᵀBJ.
        bendSpan.update(repeating: 0)
      }
      slopes.append(slope)
      bends.append(bend)
    }
    if !kind.hasSecondDerivatives {
      deltas = layers.map { [T](repeating: 0, count: count * $0.outputs) }
    }
    self.rows = rows
    self.activations = pass.activations
    self.slopes = slopes.reversed()
    self.bends = bends.reversed()
    self.deltas = deltas
  }
}

/// `x ← x·y`, element by element.
@specialized(where T == Float)
@specialized(where T == Double)
func multiplyElements<T: Scalar>(of x: inout MutableSpan<T>, by y: Span<T>) {
  precondition(x.count == y.count, "\(x.count) elements against \(y.count)")
  for i in y.indices { x[unchecked: i] *= y[unchecked: i] }
}

/// `z ← x·y`, element by element.
@specialized(where T == Float)
@specialized(where T == Double)
func multiplyElements<T: Scalar>(_ x: Span<T>, _ y: Span<T>, into z: inout MutableSpan<T>) {
  precondition(x.count == y.count && x.count == z.count)
  for i in x.indices { z[unchecked: i] = x[unchecked: i] * y[unchecked: i] }
}

/// `z ← x·y + a·b`, element by element.
@specialized(where T == Float)
@specialized(where T == Double)
func multiplyElements<T: Scalar>(
  _ x: Span<T>, _ y: Span<T>, plus a: Span<T>, _ b: Span<T>, into z: inout MutableSpan<T>
) {
  precondition(x.count == y.count && x.count == z.count)
  precondition(a.count == x.count && b.count == x.count)
  for i in x.indices {
    z[unchecked: i] = x[unchecked: i] * y[unchecked: i] + a[unchecked: i] * b[unchecked: i]
  }
}
