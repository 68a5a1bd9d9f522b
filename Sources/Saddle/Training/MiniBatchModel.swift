/// A network's objective on one mini-batch at a time, in buffers that are made once.
struct MiniBatchModel<T: Scalar>: LocalModel {
  let objective: NetworkObjective<T>
  private(set) var gradient: [T]
  private var pass: NetworkPass<T>
  private var inputs: [T]
  private var labels: [Int32]
  private var values: [T]
  /// Samples in the current batch.
  private var rows = 0

  var dimension: Int { objective.dimension }

  init(_ objective: NetworkObjective<T>, batchSize: Int) {
    self.objective = objective
    let network = objective.network
    gradient = [T](repeating: 0, count: objective.dimension)
    pass = NetworkPass(network, capacity: batchSize)
    inputs = [T](repeating: 0, count: batchSize * network.inputs)
    switch objective.targets {
    case .classes:
      labels = [Int32](repeating: 0, count: batchSize)
      values = []
    case .values:
      labels = []
      values = [T](repeating: 0, count: batchSize * network.outputs)
    }
  }

  /// Makes the samples order[range] the current batch.
  @specialized(where T == Float)
  @specialized(where T == Double)
  mutating func load(_ order: Span<Int>, _ range: Range<Int>) {
    precondition(range.count <= pass.capacity)
    rows = range.count
    let batch = order.extracting(range)
    let (samples, targets) = (objective.inputs, objective.targets)
    var target = inputs.mutableSpan
    gatherRows(samples.elements.span, width: samples.columns, batch, into: &target)
    switch targets {
    case .classes(let all):
      for n in batch.indices { labels[n] = all[batch[n]] }
    case .values(let all):
      var target = values.mutableSpan
      gatherRows(all.elements.span, width: all.columns, batch, into: &target)
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  mutating func evaluate(at parameters: Span<T>) -> T {
    // A span of one buffer locks all of `self`: what is read is referred to twice, and the buffer
    // that is written is taken out meanwhile.
    let (objective, inputs, rows) = (objective, inputs, rows)
    var result: [T] = []
    swap(&result, &gradient)
    defer { swap(&result, &gradient) }
    let batch = inputs.span.extracting(0..<rows * objective.network.inputs)
    pass.forward(parameters, inputs: batch, rows: rows)
    let targets: BatchTargets<T> =
      labels.isEmpty ? .values(values, start: 0) : .classes(labels, start: 0)
    let total = pass.evaluate(objective.loss, targets, rows: rows, scale: 1 / T(rows))
    var target = result.mutableSpan
    pass.backward(parameters, inputs: batch, rows: rows, adding: 0, into: &target)
    if objective.weightDecay != 0 { axpy(objective.weightDecay, parameters, into: &target) }
    return T(total / Double(rows)) + objective.penalty(parameters)
  }
}

/// Copies some rows of a row-major matrix, in the order given.
@specialized(where T == Float)
@specialized(where T == Double)
private func gatherRows<T: Scalar>(
  _ matrix: Span<T>, width: Int, _ rows: Span<Int>, into target: inout MutableSpan<T>
) {
  var at = 0
  for n in rows.indices {
    let row = matrix.extracting(rows[n] * width..<(rows[n] + 1) * width)
    var segment = target._mutatingExtracting(at..<at + width)
    copy(row, into: &segment)
    at += width
  }
}
