/// A layered network's objective on one mini-batch at a time, in buffers that are made once.
struct LayeredBatchModel<T: Scalar>: BatchModel {
  let objective: LayeredObjective<T>
  var gradient: [T]
  private var samples: BatchSamples<T>
  private var sums: LayeredSums<T>
  /// Where the Hessian is asked for; empty until it is.
  private var base: [T] = []
  /// The Hessian of the batch at `base`, made when it is first asked for.
  private var linearization: LayeredCurvature<T>?

  var dimension: Int { objective.dimension }

  init(_ objective: LayeredObjective<T>, batchSize: Int) {
    self.objective = objective
    gradient = [T](repeating: 0, count: objective.dimension)
    samples = BatchSamples(objective.inputs, objective.targets, capacity: batchSize)
    sums = LayeredSums(objective.program, dimension: objective.dimension)
  }

  mutating func load(_ order: Span<Int>, _ range: Range<Int>) {
    samples.load(objective.inputs, objective.targets, order, range)
    linearization = nil
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
  private func batch() -> LayeredObjective<T> {
    objective.replacing(inputs: samples.matrix, targets: samples.own)
  }
}
