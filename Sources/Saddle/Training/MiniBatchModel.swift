/// A network's objective on one mini-batch at a time, in buffers that are made once.
struct MiniBatchModel<T: Scalar>: LocalModel {
  let objective: NetworkObjective<T>
  var gradient: [T]
  private var samples: BatchSamples<T>
  private var sums: NetworkSums<T>

  var dimension: Int { objective.dimension }

  init(_ objective: NetworkObjective<T>, batchSize: Int) {
    self.objective = objective
    gradient = [T](repeating: 0, count: objective.dimension)
    samples = BatchSamples(objective.inputs, objective.targets, capacity: batchSize)
    sums = objective.makeSums(ofUpTo: batchSize)
  }

  /// Makes the samples order[range] the current batch.
  mutating func load(_ order: Span<Int>, _ range: Range<Int>) {
    samples.load(objective.inputs, objective.targets, order, range)
  }

  mutating func evaluate(at parameters: Span<T>) -> T {
    // A span of one buffer locks all of `self`: what is read is referred to twice, and the buffer
    // that is written is taken out meanwhile.
    let (objective, samples) = (objective, samples)
    var result = lend(&gradient)
    defer { swap(&result, &gradient) }
    var target = result.mutableSpan
    let (total, _) = sums.gradient(
      objective.loss, at: parameters, inputs: samples.inputs.span.extracting(samples.used),
      samples.targets, counting: false, into: &target)
    if objective.weightDecay != 0 { axpy(objective.weightDecay, parameters, into: &target) }
    return T(total / Double(samples.count)) + objective.penalty(parameters)
  }

  mutating func value(at parameters: Span<T>) -> T {
    let (objective, samples) = (objective, samples)
    let total = sums.value(
      objective.loss, at: parameters, inputs: samples.inputs.span.extracting(samples.used),
      samples.targets)
    return T(total / Double(samples.count)) + objective.penalty(parameters)
  }

  /// Of the current batch as an objective of its own.
  func linearized(at parameters: Span<T>) -> HessianOperator<NetworkObjective<T>> {
    HessianOperator(
      of: objective.replacing(inputs: samples.matrix, targets: samples.own),
      at: Array(copying: parameters))
  }
}
