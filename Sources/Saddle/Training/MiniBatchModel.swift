/// A network's objective on one mini-batch at a time, in buffers that are made once.
struct MiniBatchModel<T: Scalar>: LocalModel {
  let objective: NetworkObjective<T>
  var gradient: [T]
  private var pass: NetworkPass<T>
  private var inputs: [T]
  private var labels: [Int32]
  private var values: [T]
  /// Samples in the current batch.
  private var rows = 0
  /// Where the Hessian is asked for; empty until it is.
  private var base: [T] = []
  /// The Hessian of the batch at `base`, made when it is first asked for.
  private var linearization: NetworkCurvature<T>?

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
    linearization = nil
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
    let value = forward(parameters)
    let batch = inputs.span.extracting(0..<rows * objective.network.inputs)
    var target = result.mutableSpan
    pass.backward(parameters, inputs: batch, rows: rows, adding: 0, into: &target)
    if objective.weightDecay != 0 { axpy(objective.weightDecay, parameters, into: &target) }
    return value
  }

  mutating func value(at parameters: Span<T>) -> T { forward(parameters) }

  /// Takes the batch through the network, up to the loss's gradient by its outputs.
  @specialized(where T == Float)
  @specialized(where T == Double)
  private mutating func forward(_ parameters: Span<T>) -> T {
    let (objective, inputs, rows) = (objective, inputs, rows)
    let batch = inputs.span.extracting(0..<rows * objective.network.inputs)
    pass.forward(parameters, inputs: batch, rows: rows)
    let targets: BatchTargets<T> =
      labels.isEmpty ? .values(values, start: 0) : .classes(labels, start: 0)
    let total = pass.evaluate(objective.loss, targets, rows: rows, scale: 1 / T(rows))
    return T(total / Double(rows)) + objective.penalty(parameters)
  }

  mutating func linearize(at parameters: Span<T>) {
    base = Array(copying: parameters)
    linearization = nil
  }

  mutating func hessianVectorProduct(along vector: Span<T>, into product: inout MutableSpan<T>) {
    let linear = linearization ?? batch().linearized(at: base)
    linearization = linear
    copy(linear.apply(Array(copying: vector)).span, into: &product)
  }

  mutating func hessian() -> Matrix<T> { batch().hessian(at: base) }

  /// The current batch as an objective of its own.
  private func batch() -> NetworkObjective<T> {
    let network = objective.network
    let targets: Targets<T> =
      labels.isEmpty
      ? .values(
        Matrix(
          rows: rows, columns: network.outputs,
          elements: Array(values[..<(rows * network.outputs)])))
      : .classes(Array(labels[..<rows]))
    return objective.replacing(
      inputs: Matrix(
        rows: rows, columns: network.inputs, elements: Array(inputs[..<(rows * network.inputs)])),
      targets: targets)
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
