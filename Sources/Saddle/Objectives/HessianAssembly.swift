extension NetworkObjective {
  /// The exact Hessian at θ (P × P, exactly symmetric), assembled block by block from GEMMs.
  ///
  /// With G^{lm}_{ik} = ∂δ_{m,k}/∂z_{l,i} per sample, and the bias as an input that is always 1,
  ///
  ///     H[(l,i,j),(m,k,p)] = Σₙ a_{l−1,j}·(G^{lm}_{ik}·a_{m−1,p} + [l<m]·δ_{m,k}·∂a_{m−1,p}/∂z_{l,i}).
  ///
  /// About N·P² flops, against 8·N·P² for a Hessian-vector product per column.
  public func hessian(at parameters: [T]) -> Matrix<T> {
    precondition(parameters.count == dimension, "\(parameters.count) parameters for \(network)")
    var assembly = HessianAssembly(self, at: parameters)
    for rows in chunks(of: HessianAssembly<T>.chunk(for: network)) {
      assembly.add(LinearizedChunk(self, at: parameters, rows: rows))
    }
    return assembly.finish()
  }
}

/// The upper triangle of a network's Hessian, summed up chunk by chunk.
private struct HessianAssembly<T: Scalar> {
  let objective: NetworkObjective<T>
  let parameters: [T]
  let layers: [DenseLayer]
  let order: Int
  /// P × P, row-major; only the upper triangle until `finish`.
  var elements: [T]

  /// Rows of a factor formed at once: it should stay in the second-level cache.
  static var panel: Int { 256 }
  /// Columns of a factor formed at once.
  static var panelColumns: Int { 512 }

  /// As many samples as keep a chunk's derivatives between layers within about 64 MiB of doubles.
  static func chunk(for network: FullyConnectedNetwork) -> Int {
    let widths = network.widths.dropFirst()
    let widest = widths.max() ?? 1
    return min(max((1 << 23) / (2 * widest * widths.reduce(0, +)), 32), 1024)
  }

  init(_ objective: NetworkObjective<T>, at parameters: [T]) {
    self.objective = objective
    self.parameters = parameters
    layers = objective.network.layers
    order = objective.dimension
    elements = [T](repeating: 0, count: order * order)
  }

  mutating func add(_ chunk: LinearizedChunk<T>) {
    for l in layers.indices {
      let sweep = LayerSweep(objective, parameters, chunk, from: l)
      addDiagonalBlock(l, sweep, chunk)
      for m in layers.indices.dropFirst(l + 1) { addBlock(l, m, sweep, chunk) }
    }
  }

  /// What layer l receives in this chunk.
  private func inputs(of l: Int, _ chunk: LinearizedChunk<T>) -> [T] {
    l > 0
      ? chunk.activations[l - 1]
      : Array(objective.inputs.elements[objective.inputSpan(chunk.rows)])
  }

  /// A layer with itself: Σₙ G_{ik}·a_j·a_p is symmetric in (i,k) and in (j,p), so it is one
  /// product of the pairs i ≤ k with the pairs j ≤ p: a quarter of the block's elements.
  private mutating func addDiagonalBlock(
    _ l: Int, _ sweep: LayerSweep<T>, _ chunk: LinearizedChunk<T>
  ) {
    let layer = layers[l]
    let samples = chunk.rows.count
    let width = layer.inputs + 1
    let pairs = layer.outputs * (layer.outputs + 1) / 2
    let augmented = appendingOnes(inputs(of: l, chunk), width: layer.inputs)
    let couplings = upperPairs(sweep.couplings[0], order: layer.outputs)

    var j = 0
    while j < width {
      // Either the products a_j·a_p are formed, for as many j as fill a panel, or G·a_j is.
      var group = j..<j + 1
      var columns = width - j
      let formsInputs = columns <= pairs
      while formsInputs, group.upperBound < width, columns < Self.panelColumns {
        columns += width - group.upperBound
        group = j..<group.upperBound + 1
      }
      var sums = [T](repeating: 0, count: pairs * columns)
      var target = sums.mutableSpan
      var factor = [T](
        repeating: 0, count: min(Self.panel, samples) * (formsInputs ? columns : pairs))
      for start in stride(from: 0, to: samples, by: Self.panel) {
        let rows = start..<min(start + Self.panel, samples)
        var formed = factor.mutableSpan
        if formsInputs {
          formInputProducts(
            augmented.span, width: width, rows: rows, group: group, into: &formed)
          multiply(
            couplings.span.extracting(rows.lowerBound * pairs..<rows.upperBound * pairs),
            Layout(rows: rows.count, columns: pairs).transposed,
            factor.span, Layout(rows: rows.count, columns: columns),
            adding: 1, into: &target, Layout(rows: pairs, columns: columns))
        } else {
          scaleRows(
            of: couplings.span, width: pairs, rows: rows, by: augmented.span, column: j,
            columns: width, into: &formed)
          multiply(
            factor.span, Layout(rows: rows.count, columns: pairs).transposed,
            augmented.span.extracting(rows.lowerBound * width + j..<augmented.count),
            Layout(rows: rows.count, columns: columns, stride: width),
            adding: 1, into: &target, Layout(rows: pairs, columns: columns))
        }
      }
      let order = order
      var hessian = elements.mutableSpan
      scatterPairs(
        sums.span, columns: columns, group: group, layer: layer, order: order, into: &hessian)
      j = group.upperBound
    }
  }

  /// A layer with a later one: for each unit i, the bracket of the formula is formed over all of
  /// layer m's parameters and multiplied with layer l's inputs, straight into the Hessian.
  private mutating func addBlock(
    _ l: Int, _ m: Int, _ sweep: LayerSweep<T>, _ chunk: LinearizedChunk<T>
  ) {
    let (first, second) = (layers[l], layers[m])
    let (order, samples) = (order, chunk.rows.count)
    let below = inputs(of: l, chunk)
    let beneath = chunk.activations[m - 1]
    let delta = chunk.deltas[m]
    let coupling = sweep.couplings[m - l]
    // ∂a_{m−1}/∂z_l is diagonal, φ′(z_l), where the layers are neighbours.
    let slopes = m == l + 1 ? chunk.slopes[l] : sweep.tangents[m - l - 2]
    let columns = second.parameters.count
    var bracket = [T](repeating: 0, count: min(Self.panel, samples) * columns)

    for start in stride(from: 0, to: samples, by: Self.panel) {
      let rows = start..<min(start + Self.panel, samples)
      for i in 0..<first.outputs {
        var formed = bracket.mutableSpan
        formBracket(
          unit: i, of: first.outputs, layer: second, rows: rows, isNeighbour: m == l + 1,
          couplings: coupling.span, inputs: beneath.span, deltas: delta.span,
          tangents: slopes.span, into: &formed)
        var hessian = elements.mutableSpan
        let weights = (first.weights.lowerBound + i * first.inputs) * order
        var target = hessian._mutatingExtracting(
          weights + second.parameters.lowerBound..<hessian.count)
        multiply(
          below.span.extracting(
            rows.lowerBound * first.inputs..<rows.upperBound * first.inputs),
          Layout(rows: rows.count, columns: first.inputs).transposed,
          bracket.span, Layout(rows: rows.count, columns: columns),
          adding: 1, into: &target,
          Layout(rows: first.inputs, columns: columns, stride: order))
        let bias = (first.biases.lowerBound + i) * order + second.parameters.lowerBound
        var biasRow = hessian._mutatingExtracting(bias..<bias + columns)
        addColumnSums(
          bracket.span.extracting(0..<rows.count * columns), columns: columns, into: &biasRow)
      }
    }
  }

  consuming func finish() -> Matrix<T> {
    let (order, layers, decay) = (order, layers, objective.weightDecay)
    var hessian = elements.mutableSpan
    for layer in layers { completeDiagonalBlock(&hessian, layer: layer, order: order) }
    mirrorUpperTriangle(&hessian, order: order)
    for i in 0..<order { hessian[i * order + i] += decay }
    return Matrix(rows: order, columns: order, elements: elements)
  }
}

/// Derivatives along the pre-activations of one layer l, for all units i at once.
private struct LayerSweep<T: Scalar> {
  /// ∂a_m/∂z_{l,i} for m = l + 1, …, last hidden layer: (samples·units) × width of m.
  private(set) var tangents: [[T]] = []
  /// G^{lm}_{ik} = ∂δ_{m,k}/∂z_{l,i} for m = l, …, last layer: (samples·units) × width of m.
  private(set) var couplings: [[T]] = []

  init(
    _ objective: NetworkObjective<T>, _ parameters: [T], _ chunk: LinearizedChunk<T>,
    from l: Int
  ) {
    let layers = objective.network.layers
    let last = layers.count - 1
    let units = layers[l].outputs
    let rows = chunk.rows.count * units

    // ∂z_m/∂z_{l,i}: forward through the layers above.
    var preactivations: [[T]] = []
    if l < last {
      let layer = layers[l + 1]
      let weights = Matrix(
        rows: layer.outputs, columns: layer.inputs,
        elements: Array(parameters[layer.weights])
      ).transpose
      var z = [T](repeating: 0, count: rows * layer.outputs)
      var target = z.mutableSpan
      let slopes = chunk.slopes[l]
      repeatScaled(weights.elements.span, width: layer.outputs, by: slopes.span, into: &target)
      preactivations.append(z)
      for m in (l + 1)..<last {
        var a = preactivations[m - l - 1]
        var active = a.mutableSpan
        let slopes = chunk.slopes[m]
        multiplyTangents(
          &active, by: slopes.span, width: layers[m].outputs, perSample: units)
        let above = layers[m + 1]
        var z = [T](repeating: 0, count: rows * above.outputs)
        var target = z.mutableSpan
        multiply(
          a.span, Layout(rows: rows, columns: above.inputs),
          parameters.span.extracting(above.weights), above.weightLayout.transposed,
          into: &target, Layout(rows: rows, columns: above.outputs))
        tangents.append(a)
        preactivations.append(z)
      }
    }

    // ∂δ_m/∂z_{l,i}: back from the loss.
    var coupling =
      l < last ? preactivations[last - l - 1] : identities(order: units, count: chunk.rows.count)
    var outputs = coupling.mutableSpan
    objective.loss.multiplyByOutputHessian(
      &outputs, probabilities: chunk.probabilities.span, classes: objective.network.outputs,
      perSample: units, scale: 1 / T(objective.samples))
    var reversed = [coupling]
    for m in (l..<last).reversed() {
      let above = layers[m + 1]
      var carried = [T](repeating: 0, count: rows * above.inputs)
      var target = carried.mutableSpan
      multiply(
        coupling.span, Layout(rows: rows, columns: above.outputs),
        parameters.span.extracting(above.weights), above.weightLayout,
        into: &target, Layout(rows: rows, columns: above.inputs))
      let (slopes, bends) = (chunk.slopes[m], chunk.bends[m])
      let tangents = m > l ? preactivations[m - l - 1] : identities(order: units, count: chunk.rows.count)
      bendTangents(
        &target, slopes: slopes.span, bends: bends.span, tangents: tangents.span,
        width: above.inputs, perSample: units)
      coupling = carried
      reversed.append(carried)
    }
    couplings = reversed.reversed()
  }
}
