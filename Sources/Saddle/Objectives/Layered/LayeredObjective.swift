/// The mean loss of a layered network over a data set, plus ½·weightDecay·‖θ‖² (of all parameters),
/// so that weight decay shifts the Hessian's spectrum by exactly its coefficient.
///
/// Where a ReLU is at its kink or a maximum pool at a tie, derivatives are those of one side: a
/// ReLU's slope is 0, and the first of equal elements is the largest.
///
/// Samples go through the network in chunks, on as many threads as BLAS takes. Sums over chunks are
/// put together in a fixed order: results are the same on any number of threads.
public struct LayeredObjective<T: Scalar>: Sendable {
  public let network: LayeredNetwork
  public let loss: Loss
  /// One sample a row, channel by channel and row by row: samples × network.inputs.
  public let inputs: Matrix<T>
  public let targets: Targets<T>
  public let weightDecay: T
  let program: LayeredProgram
  private let sums = Pool<LayeredSums<T>>()
  /// The inputs before they were rounded, where that is known: for the structural null space alone.
  private let unrounded: WholeNumberInputs?
  private let structure = OnDemand<StructuralNullSpace>()

  /// - Parameter unrounded: the same inputs before they were rounded, where that is known.
  /// - Throws: `ObjectiveError` where shapes, labels or values do not fit.
  public init(
    network: LayeredNetwork, loss: Loss, inputs: Matrix<T>, targets: Targets<T>,
    weightDecay: T = 0, unrounded: WholeNumberInputs? = nil
  ) throws(ObjectiveError) {
    try ObjectiveError.check(
      loss, inputs: inputs, targets: targets, weightDecay: weightDecay,
      networkInputs: network.inputs, outputs: network.outputs)
    self.init(
      network: network, loss: loss, checked: inputs, targets: targets, weightDecay: weightDecay,
      LayeredProgram(network), unrounded: unrounded)
  }

  /// The same network and loss on some of the samples, which were checked with all of them.
  func replacing(inputs: Matrix<T>, targets: Targets<T>, weightDecay: T? = nil) -> Self {
    LayeredObjective(
      network: network, loss: loss, checked: inputs, targets: targets,
      weightDecay: weightDecay ?? self.weightDecay, program)
  }

  private init(
    network: LayeredNetwork, loss: Loss, checked inputs: Matrix<T>, targets: Targets<T>,
    weightDecay: T, _ program: LayeredProgram, unrounded: WholeNumberInputs? = nil
  ) {
    self.network = network
    self.loss = loss
    self.inputs = inputs
    self.targets = targets
    self.weightDecay = weightDecay
    self.program = program
    self.unrounded = unrounded
  }

  public var samples: Int { inputs.rows }
  public var parameterBlocks: [ParameterBlock] { network.parameterBlocks }

  func inputSpan(_ rows: Range<Int>) -> Range<Int> {
    rows.lowerBound * inputs.columns..<rows.upperBound * inputs.columns
  }

  /// ½·weightDecay·‖θ‖².
  func penalty(_ parameters: Span<T>) -> T {
    weightDecay == 0 ? 0 : weightDecay * dot(parameters, parameters) / 2
  }

  func checkDimension(_ parameters: [T]) {
    precondition(
      parameters.count == dimension, "\(parameters.count) parameters for \(network)")
  }

  /// The mean of the samples' gradients, without the penalty's.
  func lossGradient(at parameters: [T]) -> [T] {
    replacing(inputs: inputs, targets: targets, weightDecay: 0).gradient(at: parameters).gradient
  }
}

extension LayeredObjective: SampledObjective {
  public typealias Linearization = LayeredCurvature<T>

  public var dimension: Int { network.parameterCount }

  public var structuralNullSpace: StructuralNullSpace {
    structure.value {
      StructuralNullSpace(
        of: program, order: dimension, loss: loss, inputs: inputs, unrounded: unrounded)
    }
  }

  public func value(at parameters: [T]) -> T {
    T(sum(at: parameters, withGradient: false).total / Double(samples)) + penalty(parameters.span)
  }

  public func gradient(at parameters: [T]) -> (value: T, gradient: [T]) {
    let (total, _, gradient) = sum(at: parameters, withGradient: true)
    return (T(total / Double(samples)) + penalty(parameters.span), gradient)
  }

  public func evaluate(at parameters: [T]) -> Evaluation {
    let (total, correct, gradient) = sum(at: parameters, withGradient: true)
    var accuracy: Double?
    if case .classes = targets { accuracy = Double(correct) / Double(samples) }
    return Evaluation(
      loss: total / Double(samples) + Double(penalty(parameters.span)), accuracy: accuracy,
      gradientNorm: Double(euclideanNorm(gradient.span)))
  }

  private func sum(
    at parameters: [T], withGradient: Bool
  ) -> (total: Double, correct: Int, gradient: [T]) {
    checkDimension(parameters)
    return sums.withOne {
      LayeredSums(program, dimension: dimension)
    } with: { sums in
      sums.run(
        loss, at: parameters.span, inputs: inputs.elements.span, BatchTargets(targets, start: 0),
        withGradient: withGradient)
      var gradient = [T](repeating: 0, count: withGradient ? dimension : 0)
      guard withGradient else { return (sums.total, sums.correct, gradient) }
      var target = gradient.mutableSpan
      sums.addGradient(to: &target)
      if weightDecay != 0 { axpy(weightDecay, parameters.span, into: &target) }
      return (sums.total, sums.correct, gradient)
    }
  }

  public func curvature(
    _ kind: CurvatureKind, at parameters: [T], includingPenalty: Bool
  ) -> LayeredCurvature<T> {
    curvature(kind, at: parameters, includingPenalty: includingPenalty, keepingAtMost: 1 << 29)
  }

  /// A curvature matrix as an operator: what its products share is kept, so that a product is only
  /// GEMMs and element-wise multiplications, or, where that takes more than so many bytes (512 MiB
  /// unless told otherwise), computed anew for each product.
  public func curvature(
    _ kind: CurvatureKind, at parameters: [T], includingPenalty: Bool, keepingAtMost bytes: Int
  ) -> LayeredCurvature<T> {
    checkDimension(parameters)
    return LayeredCurvature(
      self, at: parameters, kind, shift: penaltyShift(of: kind, includingPenalty: includingPenalty),
      memoryLimit: bytes)
  }
}
