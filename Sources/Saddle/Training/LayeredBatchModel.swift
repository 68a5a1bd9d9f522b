/// A layered network's objective on one mini-batch at a time, in buffers that are made once.
struct LayeredBatchModel<T: Scalar>: BatchModel {
  let objective: LayeredObjective<T>
  var gradient: [T]
  private var samples: BatchSamples<T>
  private var sums: LayeredSums<T>

  var dimension: Int { objective.dimension }

  init(_ objective: LayeredObjective<T>, batchSize: Int) {
    self.objective = objective
    gradient = [T](repeating: 0, count: objective.dimension)
    samples = BatchSamples(objective.inputs, objective.targets, capacity: batchSize)
    sums = LayeredSums(objective.program, dimension: objective.dimension)
  }

  mutating func load(_ order: Span<Int>, _ range: Range<Int>) {
    samples.load(objective.inputs, objective.targets, order, range)
  }

  mutating func evaluate(at parameters: Span<T>) -> T {
    let value = run(parameters, withGradient: true)
    let decay = objective.weightDecay
    var result = lend(&gradient)
    var target = result.mutableSpan
    target.update(repeating: 0)
    sums.addGradient(to: &target)
    if decay != 0 { axpy(decay, parameters, into: &target) }
    gradient = result
    return value
  }

  mutating func value(at parameters: Span<T>) -> T { run(parameters, withGradient: false) }

  private mutating func run(_ parameters: Span<T>, withGradient: Bool) -> T {
    let (samples, loss) = (samples, objective.loss)
    sums.run(
      loss, at: parameters, inputs: samples.inputs.span.extracting(samples.used), samples.targets,
      withGradient: withGradient)
    return T(sums.total / Double(samples.count)) + objective.penalty(parameters)
  }

  /// Of the current batch as an objective of its own.
  func linearized(at parameters: Span<T>) -> HessianOperator<LayeredObjective<T>> {
    HessianOperator(
      of: objective.replacing(inputs: samples.matrix, targets: samples.own),
      at: Array(copying: parameters))
  }
}
