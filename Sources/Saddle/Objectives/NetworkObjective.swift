import RealModule

/// Why data, network and loss do not make an objective.
public enum ObjectiveError: Error, Equatable, CustomStringConvertible {
  case noSamples
  case inputWidth(samples: Int, network: Int)
  case targetCount(targets: Int, samples: Int)
  case targetWidth(targets: Int, network: Int)
  case labelOutOfRange(label: Int, sample: Int, outputs: Int)
  case lossNeedsClasses(Loss)
  case invalidWeightDecay(Double)
  case nonFiniteInput(sample: Int, feature: Int)

  public var description: String {
    switch self {
    case .noSamples: "the data set is empty: a mean over no samples is not defined"
    case .inputWidth(let samples, let network):
      "samples have \(samples) features, the network \(network) inputs: make its first width "
        + "\(samples)"
    case .targetCount(let targets, let samples): "\(targets) targets for \(samples) samples"
    case .targetWidth(let targets, let network):
      "targets have \(targets) values, the network \(network) outputs"
    case .labelOutOfRange(let label, let sample, let outputs):
      "sample \(sample) has label \(label), outside 0..<\(outputs), the network's outputs"
    case .lossNeedsClasses(let loss): "\(loss.rawValue) needs class labels, not target values"
    case .invalidWeightDecay(let decay):
      "weight decay \(decay): it must be finite and not negative"
    case .nonFiniteInput(let sample, let feature):
      "feature \(feature) of sample \(sample) is not a finite number"
    }
  }
}

extension ObjectiveError {
  /// Whether data, targets and loss fit a network with so many inputs and outputs.
  static func check<T: Scalar>(
    _ loss: Loss, inputs: Matrix<T>, targets: Targets<T>, weightDecay: T, networkInputs: Int,
    outputs: Int
  ) throws(ObjectiveError) {
    guard inputs.rows > 0 else { throw .noSamples }
    guard inputs.columns == networkInputs else {
      throw .inputWidth(samples: inputs.columns, network: networkInputs)
    }
    guard targets.count == inputs.rows else {
      throw .targetCount(targets: targets.count, samples: inputs.rows)
    }
    switch targets {
    case .classes(let labels):
      if let sample = labels.firstIndex(where: { !(0..<outputs).contains(Int($0)) }) {
        throw .labelOutOfRange(
          label: Int(labels[sample]), sample: sample, outputs: outputs)
      }
    case .values(let values):
      guard loss == .meanSquaredError else { throw .lossNeedsClasses(loss) }
      guard values.columns == outputs else {
        throw .targetWidth(targets: values.columns, network: outputs)
      }
    }
    guard weightDecay >= 0 && weightDecay.isFinite else {
      throw .invalidWeightDecay(Double(weightDecay))
    }
    if let at = firstNotFinite(inputs.elements) {
      throw .nonFiniteInput(sample: at / inputs.columns, feature: at % inputs.columns)
    }
  }
}

/// The mean loss of a network over a data set, plus ½·weightDecay·‖θ‖² (biases included), so that
/// weight decay shifts the Hessian's spectrum by exactly its coefficient.
public struct NetworkObjective<T: Scalar>: Sendable {
  public let network: FullyConnectedNetwork
  public let loss: Loss
  /// One sample a row: samples × network.inputs.
  public let inputs: Matrix<T>
  public let targets: Targets<T>
  public let weightDecay: T
  /// The inputs before they were rounded, where that is known: for the structural null space alone.
  private let unrounded: WholeNumberInputs?
  private let structure = OnDemand<StructuralNullSpace>()

  /// - Parameter unrounded: the same inputs before they were rounded, where that is known.
  /// - Throws: `ObjectiveError` where shapes, labels or values do not fit.
  public init(
    network: FullyConnectedNetwork, loss: Loss, inputs: Matrix<T>, targets: Targets<T>,
    weightDecay: T = 0, unrounded: WholeNumberInputs? = nil
  ) throws(ObjectiveError) {
    try ObjectiveError.check(
      loss, inputs: inputs, targets: targets, weightDecay: weightDecay,
      networkInputs: network.inputs,
      outputs: network.outputs)
    self.init(
      network: network, loss: loss, checked: inputs, targets: targets, weightDecay: weightDecay,
      unrounded: unrounded)
  }

  /// The same network and loss on some of the samples, which were checked with all of them.
  func replacing(inputs: Matrix<T>, targets: Targets<T>) -> Self {
    NetworkObjective(
      network: network, loss: loss, checked: inputs, targets: targets, weightDecay: weightDecay)
  }

  private init(
    network: FullyConnectedNetwork, loss: Loss, checked inputs: Matrix<T>, targets: Targets<T>,
    weightDecay: T, unrounded: WholeNumberInputs? = nil
  ) {
    self.network = network
    self.loss = loss
    self.inputs = inputs
    self.targets = targets
    self.weightDecay = weightDecay
    self.unrounded = unrounded
  }

  public var samples: Int { inputs.rows }

  /// Samples are taken through the network in chunks, so that a chunk's activations stay in cache
  /// and memory does not grow with the data.
  static var chunk: Int { 1024 }

  func inputSpan(_ rows: Range<Int>) -> Range<Int> {
    rows.lowerBound * inputs.columns..<rows.upperBound * inputs.columns
  }

  var chunks: [Range<Int>] { chunks(of: Self.chunk) }

  func chunks(of size: Int) -> [Range<Int>] {
    stride(from: 0, to: samples, by: size).map { $0..<min($0 + size, samples) }
  }

  func makePass() -> NetworkPass<T> {
    NetworkPass(network, capacity: min(samples, Self.chunk))
  }

  /// ½·weightDecay·‖θ‖².
  func penalty(_ parameters: Span<T>) -> T {
    weightDecay == 0 ? 0 : weightDecay * dot(parameters, parameters) / 2
  }

  private func checkDimension(_ parameters: [T]) {
    precondition(
      parameters.count == dimension, "\(parameters.count) parameters for \(network)")
  }
}

extension NetworkObjective: SampledObjective {
  public typealias Linearization = NetworkCurvature<T>

  public var dimension: Int { network.parameterCount }

  @specialized(where T == Float)
  @specialized(where T == Double)
  public func value(at parameters: [T]) -> T {
    checkDimension(parameters)
    var pass = makePass()
    var total = 0.0
    for rows in chunks {
      pass.forward(
        parameters.span, inputs: inputs.elements.span.extracting(inputSpan(rows)),
        rows: rows.count)
      total += pass.evaluate(
        loss, BatchTargets(targets, start: rows.lowerBound), rows: rows.count, scale: 1)
    }
    return T(total / Double(samples)) + penalty(parameters.span)
  }

  public func gradient(at parameters: [T]) -> (value: T, gradient: [T]) {
    let (evaluation, gradient) = evaluateWithGradient(at: parameters)
    return (T(evaluation.loss), gradient)
  }

  /// Loss, accuracy (nil for targets that are values) and gradient norm over all samples.
  public func evaluate(at parameters: [T]) -> Evaluation {
    evaluateWithGradient(at: parameters).evaluation
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  private func evaluateWithGradient(at parameters: [T]) -> (evaluation: Evaluation, gradient: [T]) {
    checkDimension(parameters)
    var pass = makePass()
    var gradient = [T](repeating: 0, count: dimension)
    var target = gradient.mutableSpan
    var total = 0.0
    var correct = 0
    for rows in chunks {
      let batch = inputs.elements.span.extracting(inputSpan(rows))
      pass.forward(parameters.span, inputs: batch, rows: rows.count)
      total += pass.evaluate(
        loss, BatchTargets(targets, start: rows.lowerBound), rows: rows.count,
        scale: 1 / T(samples))
      if case .classes(let labels) = targets {
        correct += pass.countCorrect(labels: labels.span.extracting(rows), rows: rows.count)
      }
      pass.backward(
        parameters.span, inputs: batch, rows: rows.count, adding: 1, into: &target)
    }
    if weightDecay != 0 { axpy(weightDecay, parameters.span, into: &target) }
    let value = total / Double(samples) + Double(penalty(parameters.span))
    var accuracy: Double?
    if case .classes = targets { accuracy = Double(correct) / Double(samples) }
    return (
      Evaluation(
        loss: value, accuracy: accuracy, gradientNorm: Double(euclideanNorm(gradient.span))),
      gradient
    )
  }

  /// The mean of the samples' gradients, without the penalty's.
  func lossGradient(at parameters: [T]) -> [T] {
    NetworkObjective(
      network: network, loss: loss, checked: inputs, targets: targets, weightDecay: 0
    ).gradient(at: parameters).gradient
  }

  public var parameterBlocks: [ParameterBlock] { network.parameterBlocks }

  public var structuralNullSpace: StructuralNullSpace {
    structure.value {
      // What is a fully connected network is one of layers too.
      guard let layered = try? LayeredNetwork(network) else {
        return StructuralNullSpace(order: dimension)
      }
      return StructuralNullSpace(
        of: LayeredProgram(layered), order: dimension, loss: loss, inputs: inputs,
        unrounded: unrounded)
    }
  }
}

/// A point of an objective in three figures.
public struct Evaluation: Codable, Equatable, Sendable {
  /// The objective's value: mean loss plus penalty.
  public let loss: Double
  /// The share of samples whose label's output is largest, where there are labels.
  public let accuracy: Double?
  /// ‖∇L‖₂ over all samples.
  public let gradientNorm: Double

  public init(loss: Double, accuracy: Double?, gradientNorm: Double) {
    self.loss = loss
    self.accuracy = accuracy
    self.gradientNorm = gradientNorm
  }

  /// Sums over thousands of samples in another order, or on other kernels, differ by less than this
  /// part of them.
  static let tolerance = 1e-11

  /// Whether loss and gradient are: elsewhere there is nothing to go on from or to analyze.
  var isFinite: Bool { loss.isFinite && gradientNorm.isFinite }
}
