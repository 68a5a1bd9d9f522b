/// A share of the upper triangle of a curvature matrix of dense layers in a row, summed up chunk by chunk, block
/// by block from GEMMs.
///
/// With G^{lm}_{ik} = ∂δ_{m,k}/∂z_{l,i} per sample, and the bias as an input that is always 1, the
/// Hessian is
///
///     H[(l,i,j),(m,k,p)] = Σₙ a_{l−1,j}·(G^{lm}_{ik}·a_{m−1,p} + [l<m]·δ_{m,k}·∂a_{m−1,p}/∂z_{l,i}).
///
/// Kinds without second derivatives are the same without δ and φ″, from another G at the outputs.
/// About N·P² flops, against 8·N·P² for a product per column.
///
/// Factors are formed feature-major, one contiguous run of samples per feature, so that the loops
/// that form them are long and plain. Blocks are cut in parts that go to different rows of the
/// matrix, and threads take one part after the other: forming, product and adding. So the sums'
/// order does not depend on the threads.
struct ChainAssembly<T: Scalar> {
  let objective: NetworkObjective<T>
  let chain: DenseChain
  let parameters: [T]
  let share: RowShare
  let placement: RowPlacement
  /// The rows of the placement, row-major: U of `CurvatureRows`.
  let elements: UnsafeMutableBufferPointer<T>
  let scratch = Pool<Scratch>()

  /// A factor being formed, and a block of sums before it is added.
  struct Scratch: Sendable {
    var factor: [T] = []
    var sums: [T] = []

    mutating func reserve(factor: Int, sums: Int) {
      if self.factor.count < factor { self.factor = .zeros(factor) }
      if self.sums.count < sums { self.sums = .zeros(sums) }
    }
  }

  /// Samples of a factor formed at once: it should stay in the second-level cache.
  static var panel: Int { 256 }
  /// Features of a factor formed at once, where there is a choice.
  static var panelColumns: Int { 512 }

  /// As many samples as keep the derivatives between two layers within about 2 MiB of doubles, but
  /// enough that a product costs more than adding it to the Hessian, within 256 MiB.
  static func chunk(for chain: DenseChain) -> Int {
    let widest = chain.widest
    let cached = min(max((1 << 18) / (widest * widest) / panel, 1) * panel, 1024)
    return min(cached, max((1 << 25) / (widest * widest), 1))
  }

  init(
    _ objective: NetworkObjective<T>, _ chain: DenseChain, at parameters: [T],
    _ share: RowShare, _ placement: RowPlacement, into elements: UnsafeMutableBufferPointer<T>
  ) {
    self.objective = objective
    self.chain = chain
    self.parameters = parameters
    self.share = share
    self.placement = placement
    self.elements = elements
  }

  private var layers: [DenseLayer] { chain.layers }

  /// The rows of a share.
  static func rows(of share: RowShare, _ chain: DenseChain) -> [Int] {
    chain.layers.indices.flatMap { l in
      units(of: l, share, chain).flatMap { i in
        (0...chain.layers[l].inputs).map { chain.layers[l].parameter(i, $0) }
      }
    }
  }

  /// The units of a layer whose parameters' rows are a share's.
  private static func units(of l: Int, _ share: RowShare, _ chain: DenseChain) -> [Int] {
    let before = chain.layers[..<l].reduce(0) { $0 + $1.outputs }
    return (0..<chain.layers[l].outputs).filter { share.holds(unit: before + $0) }
  }

  private func units(of l: Int) -> [Int] { Self.units(of: l, share, chain) }

  /// Adds all samples' part, and completes the blocks of a layer with itself.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func assemble(_ kind: CurvatureKind) {
    for rows in objective.chunks(of: Self.chunk(for: chain)) {
      add(ChainChunk(objective, chain, at: parameters, rows: rows, kind))
    }
    var hessian = elements.mutableSpan
    for (l, layer) in layers.enumerated() {
      completeDiagonalBlock(&hessian, layer: layer, units: units(of: l), placement)
    }
  }

  private func add(_ chunk: ChainChunk<T>) {
    let samples = chunk.rows.count
    // What each layer receives, feature-major, and last a feature that is always 1 for the bias.
    let inputs = layers.indices.map { l in
      let below =
        l > 0
        ? chunk.activations[l - 1]
        : Array(objective.inputs.elements[objective.inputSpan(chunk.rows)])
      return transposed(below, rows: samples) + [T](repeating: 1, count: samples)
    }
    let deltas = chunk.deltas.map { transposed($0, rows: samples) }
    let slopes = chunk.slopes.map { transposed($0, rows: samples) }
    for l in layers.indices {
      let units = units(of: l)
      guard !units.isEmpty else { continue }
      let sweep = LayerSweep(chain, parameters, chunk, samples: objective.samples, from: l)
      addDiagonalBlock(
        l, units, inputs: inputs[l], couplings: sweep.couplings[0], samples)
      for m in layers.indices.dropFirst(l + 1) {
        // ∂a_{m−1}/∂z_l is diagonal, φ′(z_l), where the layers are neighbours.
        let bracket = Bracket(
          layer: layers[m], isNeighbour: m == l + 1, samples: samples,
          couplings: sweep.couplings[m - l], inputs: inputs[m], deltas: deltas[m],
          tangents: m == l + 1 ? slopes[l] : sweep.tangents[m - l - 2])
        addBlock(l, units, bracket, inputs: inputs[l])
      }
    }
  }

  /// The panels of a chunk.
  private func panels(_ samples: Int) -> [Range<Int>] {
    stride(from: 0, to: samples, by: Self.panel).map { $0..<min($0 + Self.panel, samples) }
  }

  /// Does `body` for all parts of a block, on several threads, each with scratch of its own.
  private func forEachPart(
    of count: Int, factor: Int, sums: Int, _ body: (inout [T], inout [T], Int) -> Void
  ) {
    forEachIndex(below: count) { part in
      scratch.withOne {
        Scratch()
      } with: { scratch in
        scratch.reserve(factor: factor, sums: sums)
        body(&scratch.factor, &scratch.sums, part)
      }
    }
  }

  /// A layer with itself: Σₙ G_{ik}·a_j·a_p is symmetric in (i,k) and in (j,p), so it is one
  /// product of the pairs i ≤ k with the pairs j ≤ p: a quarter of the block's elements.
  private func addDiagonalBlock(
    _ l: Int, _ units: [Int], inputs: [T], couplings: [T], _ samples: Int
  ) {
    let layer = layers[l]
    let width = layer.inputs + 1
    let pairs = units.reduce(0) { $0 + layer.outputs - $1 }
    let couplings = upperPairs(couplings, of: units, order: layer.outputs, samples: samples)

    // Either the products a_j·a_p are formed, for as many j as fill a panel, or G·a_j is.
    var groups: [(rows: Range<Int>, columns: Int, formsInputs: Bool)] = []
    var j = 0
    while j < width {
      var group = j..<j + 1
      var columns = width - j
      let formsInputs = columns <= pairs
      while formsInputs, group.upperBound < width, columns < Self.panelColumns {
        columns += width - group.upperBound
        group = j..<group.upperBound + 1
      }
      groups.append((group, columns, formsInputs))
      j = group.upperBound
    }
    let widest = groups.reduce(0) { max($0, $1.columns) }
    forEachPart(
      of: groups.count, factor: max(widest, pairs) * Self.panel, sums: pairs * widest
    ) { factor, sums, part in
      let (group, columns, formsInputs) = groups[part]
      let j = group.lowerBound
      let formedRows = formsInputs ? columns : pairs
      var target = sums.mutableSpan
      for (number, panel) in panels(samples).enumerated() {
        var formed = factor.mutableSpan
        let formedLayout = Layout(rows: formedRows, columns: panel.count)
        if formsInputs {
          formInputProducts(
            inputs.span, samples: samples, panel: panel, group: group, width: width,
            into: &formed)
          multiply(
            couplings.span.extracting(panel.lowerBound..<couplings.count),
            Layout(rows: pairs, columns: panel.count, stride: samples),
            formed.span, formedLayout.transposed,
            adding: number == 0 ? 0 : 1, into: &target, Layout(rows: pairs, columns: columns))
        } else {
          formScaled(
            couplings.span, by: inputs.span, feature: j, samples: samples, panel: panel,
            into: &formed)
          multiply(
            formed.span, formedLayout,
            inputs.span.extracting(j * samples + panel.lowerBound..<inputs.count),
            Layout(rows: columns, columns: panel.count, stride: samples).transposed,
            adding: number == 0 ? 0 : 1, into: &target, Layout(rows: pairs, columns: columns))
        }
      }
      // Rows of `group` only, which is no other part's.
      var hessian = elements.mutableSpan
      scatterPairs(
        target.span, columns: columns, group: group, layer: layer, units: units, placement,
        into: &hessian)
    }
  }

  /// A layer with a later one: for each unit i, the bracket of the formula is formed over all of
  /// the later layer's parameters and multiplied with the earlier layer's inputs.
  private func addBlock(_ l: Int, _ units: [Int], _ bracket: Bracket<T>, inputs: [T]) {
    let layer = layers[l]
    let (rows, columns) = (layer.inputs + 1, bracket.layer.parameters.count)
    let samples = bracket.samples
    forEachPart(
      of: units.count, factor: columns * Self.panel, sums: rows * columns
    ) { factor, sums, part in
      let i = units[part]
      var target = sums.mutableSpan
      for (number, panel) in panels(samples).enumerated() {
        var formed = factor.mutableSpan
        bracket.form(unit: i, panel: panel, into: &formed)
        multiply(
          inputs.span.extracting(panel.lowerBound..<inputs.count),
          Layout(rows: rows, columns: panel.count, stride: samples),
          formed.span, Layout(rows: columns, columns: panel.count).transposed,
          adding: number == 0 ? 0 : 1, into: &target, Layout(rows: rows, columns: columns))
      }
      for j in 0..<rows {
        let start =
          placement.start(of: layer.parameter(i, j)) + bracket.layer.parameters.lowerBound
        var row = elements.extracting(start..<start + columns).mutableSpan
        axpy(1, target.span.extracting(j * columns..<(j + 1) * columns), into: &row)
      }
    }
  }
}

/// Derivatives along the pre-activations of one layer l, for all units i at once.
private struct LayerSweep<T: Scalar> {
  /// ∂a_m/∂z_{l,i} for m = l + 1, …, last hidden layer: (units·width of m) × samples.
  private(set) var tangents: [[T]] = []
  /// G^{lm}_{ik} = ∂δ_{m,k}/∂z_{l,i} for m = l, …, last layer: (units·width of m) × samples.
  private(set) var couplings: [[T]] = []

  init(
    _ chain: DenseChain, _ parameters: [T], _ chunk: ChainChunk<T>, samples: Int, from l: Int
  ) {
    let layers = chain.layers
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
        tangents.append(transposed(a, rows: chunk.rows.count))
        preactivations.append(z)
      }
    }

    // ∂δ_m/∂z_{l,i}: back from the loss.
    var coupling =
      l < last ? preactivations[last - l - 1] : identities(order: units, count: chunk.rows.count)
    var outputs = coupling.mutableSpan
    chunk.outputs.multiply(&outputs, perSample: units, scale: 1 / T(samples))
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
    couplings = reversed.reversed().map { transposed($0, rows: chunk.rows.count) }
  }
}
