/// The mean loss of a network over a data set, plus ½·weightDecay·‖θ‖² (of all parameters), so that
/// weight decay shifts the Hessian's spectrum by exactly its coefficient.
///
/// Where a ReLU is at its kink or a maximum pool at a tie, derivatives are those of one side: a
/// ReLU's slope is 0, and the first of equal elements is the largest.
///
/// Dense layers in a row (`DenseChain`) have kernels of their own; any other network runs as a
/// `NetworkProgram`, whose sums over chunks of samples are put together in a fixed order: results
/// are the same on any number of threads.
public struct NetworkObjective<T: Scalar>: Sendable {
  public let network: Network
  public let loss: Loss
  /// One sample a row, channel by channel and row by row: samples × network.inputs.
  public let inputs: Matrix<T>
  public let targets: Targets<T>
  public let weightDecay: T
  let program: NetworkProgram
  /// The same network where it is one of dense layers in a row: kernels of chains are then taken.
  let chain: DenseChain?
  private let sums = Pool<NetworkSums<T>>()
  /// The inputs before they were rounded, where that is known: for the structural null space alone.
  private let unrounded: WholeNumberInputs?
  private let structure = OnDemand<StructuralNullSpace>()

  /// - Parameter unrounded: the same inputs before they were rounded, where that is known.
  /// - Throws: `ObjectiveError` where shapes, labels or values do not fit.
  public init(
    network: Network, loss: Loss, inputs: Matrix<T>, targets: Targets<T>,
    weightDecay: T = 0, unrounded: WholeNumberInputs? = nil
  ) throws(ObjectiveError) {
    try ObjectiveError.check(
      loss, of: network, inputs: inputs, targets: targets, weightDecay: weightDecay)
    self.init(
      network: network, loss: loss, checked: inputs, targets: targets, weightDecay: weightDecay,
      NetworkProgram(network), DenseChain(network), unrounded: unrounded)
  }

  /// The same network and loss on some of the samples, which were checked with all of them.
  func replacing(inputs: Matrix<T>, targets: Targets<T>, weightDecay: T? = nil) -> Self {
    NetworkObjective(
      network: network, loss: loss, checked: inputs, targets: targets,
      weightDecay: weightDecay ?? self.weightDecay, program, chain, unrounded: nil)
  }

  /// Whether the kernels of dense layers are taken.
  package var hasDenseKernel: Bool { chain != nil }

  /// The same by the kernels of any network, whatever this one is: for comparison.
  package var withoutChain: Self {
    NetworkObjective(
      network: network, loss: loss, checked: inputs, targets: targets, weightDecay: weightDecay,
      program, nil, unrounded: unrounded)
  }

  private init(
    network: Network, loss: Loss, checked inputs: Matrix<T>, targets: Targets<T>, weightDecay: T,
    _ program: NetworkProgram, _ chain: DenseChain?, unrounded: WholeNumberInputs?
  ) {
    self.network = network
    self.loss = loss
    self.inputs = inputs
    self.targets = targets
    self.weightDecay = weightDecay
    self.program = program
    self.chain = chain
    self.unrounded = unrounded
  }

  public var samples: Int { inputs.rows }
  public var parameterBlocks: [ParameterBlock] { network.parameterBlocks }

  func inputSpan(_ rows: Range<Int>) -> Range<Int> {
    rows.lowerBound * inputs.columns..<rows.upperBound * inputs.columns
  }

  /// The chunks that a chain takes its samples in.
  var chunks: [Range<Int>] { chunks(of: ChainSums<T>.chunk) }

  func chunks(of size: Int) -> [Range<Int>] {
    stride(from: 0, to: samples, by: size).map { $0..<min($0 + size, samples) }
  }

  /// ½·weightDecay·‖θ‖².
  func penalty(_ parameters: Span<T>) -> T {
    weightDecay == 0 ? 0 : weightDecay * dot(parameters, parameters) / 2
  }

  func checkDimension(_ parameters: [T]) {
    precondition(
      parameters.count == dimension, "\(parameters.count) parameters for \(network)")
  }

  func makeSums(ofUpTo samples: Int) -> NetworkSums<T> {
    NetworkSums(program, chain, dimension: dimension, capacity: samples)
  }
}

extension NetworkObjective: SampledObjective {
  public typealias Linearization = NetworkCurvature<T>

  public var dimension: Int { network.parameterCount }

  public func value(at parameters: [T]) -> T {
    checkDimension(parameters)
    return withSums { sums in
      let total = sums.value(
        loss, at: parameters.span, inputs: inputs.elements.span, BatchTargets(targets, start: 0))
      return T(total / Double(samples)) + penalty(parameters.span)
    }
  }

  public func gradient(at parameters: [T]) -> (value: T, gradient: [T]) {
    let (total, _, gradient) = sum(at: parameters)
    return (T(total / Double(samples) + Double(penalty(parameters.span))), gradient)
  }

  public func evaluate(at parameters: [T]) -> Evaluation {
    let (total, correct, gradient) = sum(at: parameters)
    return Evaluation(
      loss: total / Double(samples) + Double(penalty(parameters.span)),
      accuracy: targets.areClasses(for: loss) ? Double(correct) / Double(samples) : nil,
      gradientNorm: Double(euclideanNorm(gradient.span)))
  }

  /// The losses and the right ones of all samples, and the gradient, penalty included.
  private func sum(at parameters: [T]) -> (total: Double, correct: Int, gradient: [T]) {
    checkDimension(parameters)
    return withSums { sums in
      var gradient = [T](repeating: 0, count: dimension)
      var target = gradient.mutableSpan
      let (total, correct) = sums.gradient(
        loss, at: parameters.span, inputs: inputs.elements.span, BatchTargets(targets, start: 0),
        counting: true, into: &target)
      if weightDecay != 0 { axpy(weightDecay, parameters.span, into: &target) }
      return (total, correct, gradient)
    }
  }

  private func withSums<Result>(_ body: (inout NetworkSums<T>) -> Result) -> Result {
    sums.withOne {
      makeSums(ofUpTo: samples)
    } with: {
      body(&$0)
    }
  }

  /// The mean of the samples' gradients, without the penalty's.
  func lossGradient(at parameters: [T]) -> [T] {
    replacing(inputs: inputs, targets: targets, weightDecay: 0).gradient(at: parameters).gradient
  }

  public var structuralNullSpace: StructuralNullSpace {
    structure.value {
      StructuralNullSpace(
        of: program, order: dimension, loss: loss, inputs: inputs, unrounded: unrounded)
    }
  }
}
