/// One chunk of samples through a network and back, with bounds of what rounding does on the way:
/// what evaluation and curvature have in common.
struct PassRounding {
  let rows: Range<Int>
  /// What each layer receives: inputs, then a_l = φ(z_l).
  private(set) var received: [Bounded]
  /// φ′(z_l) of each hidden layer.
  private(set) var slopes: [Bounded] = []
  /// φ″(z_l)·(W_{l+1}ᵀδ_{l+1}) of each hidden layer.
  private(set) var bends: [Bounded] = []
  /// δ_l = ∂L/∂z_l of each layer, the mean's 1/N included.
  private(set) var deltas: [Bounded] = []
  let loss: LossRounding

  /// - Parameter weights: each layer's.
  init(
    _ objective: NetworkObjective<Double>, at parameters: [Double], weights: [ExactFactor],
    rows: Range<Int>
  ) {
    let (network, layers) = (objective.network, objective.network.layers)
    let count = rows.count
    self.rows = rows
    let inputs = Array(objective.inputs.elements[objective.inputSpan(rows)])
    received = [Bounded(exact: inputs)]
    var pass = NetworkPass<Double>(network, capacity: count)
    pass.forward(parameters.span, inputs: inputs.span, rows: count)

    var secondDerivatives: [Bounded] = []
    var outputs = Bounded(zeros: 0)
    for (l, layer) in layers.enumerated() {
      var z = Bounded(
        values: pass.preactivations[l],
        errors: Bounded.errors(
          ofProductsOf: received[l], rows: count, weights[l], layer.weightLayout.transposed))
      // The bias is added last, to a sum that its rounding is relative to.
      for n in 0..<count {
        for k in 0..<layer.outputs {
          let i = n * layer.outputs + k
          z.errors[i] += 2 * Rounding.unit * z.values[i].magnitude
        }
      }
      guard l + 1 < layers.count else {
        outputs = z
        break
      }
      let a = pass.activations[l]
      var slope = [Double](repeating: 0, count: z.count)
      var bend = slope
      var slopeSpan = slope.mutableSpan
      var bendSpan = bend.mutableSpan
      network.activation.derivatives(
        z: z.values.span, a: a.span, slope: &slopeSpan, bend: &bendSpan)
      let errors = network.activation.rounding(z: z, a: a, slope: slope, bend: bend)
      received.append(Bounded(values: a, errors: errors.a))
      slopes.append(Bounded(values: slope, errors: errors.slope))
      secondDerivatives.append(Bounded(values: bend, errors: errors.bend))
    }

    loss = LossRounding(
      objective.loss, outputs: outputs, BatchTargets(objective.targets, start: rows.lowerBound),
      classes: network.outputs, scale: 1 / Double(objective.samples))
    var delta = loss.deltas
    var reversed = [delta]
    for l in layers.indices.dropFirst().reversed() {
      let layer = layers[l]
      let carried = Bounded.products(delta, rows: count, weights[l], layer.weightLayout)
      bends.insert(
        Bounded.products(carried, secondDerivatives[l - 1], width: layer.inputs), at: 0)
      delta = Bounded.products(carried, slopes[l - 1], width: layer.inputs)
      reversed.append(delta)
    }
    deltas = reversed.reversed()
  }

  /// The same, of a loss without a gradient: what kinds of curvature without second derivatives
  /// take.
  var withoutGradient: PassRounding {
    var result = self
    result.deltas = deltas.map { Bounded(zeros: $0.count) }
    result.bends = bends.map { Bounded(zeros: $0.count) }
    return result
  }
}
