/// One chunk of samples through a network and back, with bounds of what rounding does on the way:
/// what evaluation and curvature have in common.
struct PassRounding {
  let rows: Range<Int>
  /// What each layer receives: inputs, then a_l = φ(z_l).
  private(set) var received: [Received]
  /// φ′(z_l) of each hidden layer.
  private(set) var slopes: [Bounded] = []
  /// φ″(z_l)·(W_{l+1}ᵀδ_{l+1}) of each hidden layer.
  private(set) var bends: [Bounded] = []
  /// δ_l = ∂L/∂z_l of each layer, the mean's 1/N included.
  private(set) var deltas: [Bounded] = []
  let loss: LossRounding

  init(
    _ objective: NetworkObjective<Double>, at parameters: [Double], _ factors: NetworkFactors,
    rows: Range<Int>
  ) {
    let weights = factors.weights
    let (chain, layers) = (factors.chain, factors.chain.layers)
    let count = rows.count
    self.rows = rows
    received = [Received(factors.inputs, objective.inputSpan(rows))]
    var pass = ChainPass<Double>(chain, capacity: count)
    let inputs = factors.inputs.values
    pass.forward(
      parameters.span, inputs: inputs.span.extracting(objective.inputSpan(rows)), rows: count)

    var secondDerivatives: [Bounded] = []
    var outputs = Bounded(zeros: 0)
    for (l, layer) in layers.enumerated() {
      var z = Bounded(
        values: pass.preactivations[l],
        errors: received[l].errors(
          ofProductsWith: weights[l], layer.weightLayout.transposed, rows: count))
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
      chain.activations[l].derivatives(
        z: z.values.span, a: a.span, slope: &slopeSpan, bend: &bendSpan)
      let errors = chain.activations[l].rounding(z: z, a: a, slope: slope, bend: bend)
      received.append(Received(Bounded(values: a, errors: errors.a)))
      slopes.append(Bounded(values: slope, errors: errors.slope))
      secondDerivatives.append(Bounded(values: bend, errors: errors.bend))
    }

    loss = LossRounding(
      objective.loss, outputs: outputs, BatchTargets(objective.targets, start: rows.lowerBound),
      classes: chain.outputs, scale: 1 / Double(objective.samples))
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

/// A network's weights by layers, and its objective's inputs.
struct NetworkFactors: Sendable {
  let chain: DenseChain
  let weights: [ExactFactor]
  let inputs: ExactFactor

  /// nil where the network is more than dense layers, and for cross-entropy with probabilities, whose
  /// rounding is not analyzed.
  init?(_ objective: NetworkObjective<Double>, at parameters: [Double]) {
    guard let chain = objective.chain else { return nil }
    if objective.loss == .softmaxCrossEntropy, case .values = objective.targets { return nil }
    self.chain = chain
    weights = chain.layers.map { ExactFactor(Array(parameters[$0.weights])) }
    inputs = ExactFactor(objective.inputs.elements)
  }
}

/// What a layer receives from a chunk of samples, samples × its inputs: activations with their
/// errors, or a part of the exact inputs, which are not copied.
struct Received: Sendable {
  private enum Kind {
    case exact(ExactFactor)
    case bounded(Bounded)
  }

  private let kind: Kind
  /// Where the chunk's elements stand.
  let range: Range<Int>
  /// |a|.
  let magnitudes: [Double]
  /// More than the true |a|.
  let reach: [Double]

  init(_ inputs: ExactFactor, _ range: Range<Int>) {
    kind = .exact(inputs)
    self.range = range
    magnitudes = inputs.magnitudes
    reach = magnitudes
  }

  init(_ activations: Bounded) {
    kind = .bounded(activations)
    range = 0..<activations.count
    magnitudes = activations.magnitudes
    reach = activations.reach
  }

  var values: [Double] {
    switch kind {
    case .exact(let inputs): inputs.values
    case .bounded(let activations): activations.values
    }
  }

  /// nil: there are none.
  var errors: [Double]? {
    switch kind {
    case .exact: nil
    case .bounded(let activations): activations.errors
    }
  }

  /// The errors of a·W, computed in whatever order.
  func errors(
    ofProductsWith weights: ExactFactor, _ layout: Layout, rows: Int
  ) -> [Double] {
    switch kind {
    case .bounded(let activations):
      return Bounded.errors(ofProductsOf: activations, rows: rows, weights, layout)
    case .exact(let inputs):
      let (inner, columns) = (layout.shape.rows, layout.shape.columns)
      let lost = Rounding.underflow(
        sumsOf: inner, inputs.leastMagnitude, weights.leastMagnitude)
      var errors = [Double](repeating: lost, count: rows * columns)
      var target = errors.mutableSpan
      multiply(
        magnitudes.span.extracting(range), Layout(rows: rows, columns: inner),
        weights.magnitudes.span, layout, scaledBy: Rounding.gamma(inner + 1), adding: 1,
        into: &target, Layout(rows: rows, columns: columns))
      return errors
    }
  }
}
