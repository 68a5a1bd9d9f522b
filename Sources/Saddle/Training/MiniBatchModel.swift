/// A fully connected network's objective on one mini-batch at a time, in buffers that are made
/// once.
struct MiniBatchModel<T: Scalar>: BatchModel {
  let objective: NetworkObjective<T>
  var gradient: [T]
  private var pass: NetworkPass<T>
  private var samples: BatchSamples<T>

  var dimension: Int { objective.dimension }

  init(_ objective: NetworkObjective<T>, batchSize: Int) {
    self.objective = objective
    gradient = [T](repeating: 0, count: objective.dimension)
    pass = NetworkPass(objective.network, capacity: batchSize)
    samples = BatchSamples(objective.inputs, objective.targets, capacity: batchSize)
  }

  mutating func load(_ order: Span<Int>, _ range: Range<Int>) {
    samples.load(objective.inputs, objective.targets, order, range)
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  mutating func evaluate(at parameters: Span<T>) -> T {
    // A span of one buffer locks all of `self`: what is read is referred to twice, and the buffer
    // that is written is taken out meanwhile.
    let (objective, samples) = (objective, samples)
    var result = lend(&gradient)
    defer { swap(&result, &gradient) }
    let value = forward(parameters)
    var target = result.mutableSpan
    pass.backward(
      parameters, inputs: samples.inputs.span.extracting(samples.used), rows: samples.count,
      adding: 0, into: &target)
    if objective.weightDecay != 0 { axpy(objective.weightDecay, parameters, into: &target) }
    return value
  }

  mutating func value(at parameters: Span<T>) -> T { forward(parameters) }

  /// Takes the batch through the network, up to the loss's gradient by its outputs.
  @specialized(where T == Float)
  @specialized(where T == Double)
  private mutating func forward(_ parameters: Span<T>) -> T {
    let (objective, samples) = (objective, samples)
    let rows = samples.count
    pass.forward(parameters, inputs: samples.inputs.span.extracting(samples.used), rows: rows)
    let total = pass.evaluate(objective.loss, samples.targets, rows: rows, scale: 1 / T(rows))
    return T(total / Double(rows)) + objective.penalty(parameters)
  }

  /// Of the current batch as an objective of its own.
  func linearized(at parameters: Span<T>) -> HessianOperator<NetworkObjective<T>> {
    HessianOperator(
      of: objective.replacing(inputs: samples.matrix, targets: samples.own),
      at: Array(copying: parameters))
  }
}
