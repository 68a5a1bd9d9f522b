/// Why data, network and loss do not make an objective.
public enum ObjectiveError: Error, Equatable, CustomStringConvertible {
  case noSamples
  case inputWidth(samples: Int, network: Int)
  case targetCount(targets: Int, samples: Int)
  case targetWidth(targets: Int, network: Int)
  case labelOutOfRange(label: Int, sample: Int, outputs: Int)
  /// Probabilities of classes that are negative, or do not add up to 1.
  case noDistribution(sample: Int, sum: Double)
  case invalidWeightDecay(Double)
  case invalidLabelSmoothing(Double)
  case nonFiniteInput(sample: Int, feature: Int)
  case noToken(Double, sample: Int, feature: Int, tokens: Int)

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
    case .noDistribution(let sample, let sum):
      "the targets of sample \(sample), sum \(sum), are no probabilities of classes: cross-entropy "
        + "needs labels, or rows that are not negative and add up to 1"
    case .invalidWeightDecay(let decay):
      "weight decay \(decay): it must be finite and not negative"
    case .invalidLabelSmoothing(let share):
      "label smoothing \(share): it must be from 0 to 1"
    case .nonFiniteInput(let sample, let feature):
      "feature \(feature) of sample \(sample) is not a finite number"
    case .noToken(let value, let sample, let feature, let tokens):
      "feature \(feature) of sample \(sample) is \(value), no whole number in 0..<\(tokens), the "
        + "tokens of the embedding"
    }
  }
}

extension ObjectiveError {
  /// Whether data, targets and loss fit a network.
  static func check<T: Scalar>(
    _ loss: Loss, of network: Network, inputs: Matrix<T>, targets: Targets<T>, weightDecay: T
  ) throws(ObjectiveError) {
    let outputs = network.outputs
    guard inputs.rows > 0 else { throw .noSamples }
    guard inputs.columns == network.inputs else {
      throw .inputWidth(samples: inputs.columns, network: network.inputs)
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
      guard values.columns == outputs else {
        throw .targetWidth(targets: values.columns, network: outputs)
      }
      if loss == .softmaxCrossEntropy { try requireProbabilities(values) }
    }
    guard weightDecay >= 0 && weightDecay.isFinite else {
      throw .invalidWeightDecay(Double(weightDecay))
    }
    if let at = firstNotFinite(inputs.elements) {
      throw .nonFiniteInput(sample: at / inputs.columns, feature: at % inputs.columns)
    }
    if case .embedding(let tokens, _) = network.layers.first,
      let at = inputs.elements.firstIndex(where: {
        !($0 >= 0 && $0 < T(tokens) && $0.rounded(.down) == $0)
      })
    {
      throw .noToken(
        Double(inputs.elements[at]), sample: at / inputs.columns, feature: at % inputs.columns,
        tokens: tokens)
    }
  }

  /// Rows of probabilities, to the rounding of their sum.
  private static func requireProbabilities<T: Scalar>(
    _ values: Matrix<T>
  ) throws(ObjectiveError) {
    let tolerance = 4 * T(values.columns + 1) * .ulpOfOne
    for n in 0..<values.rows {
      let row = values.elements[n * values.columns..<(n + 1) * values.columns]
      let sum = row.reduce(0, +)
      guard row.allSatisfy({ $0 >= 0 }), (sum - 1).magnitude <= tolerance else {
        throw .noDistribution(sample: n, sum: Double(sum))
      }
    }
  }
}
