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
