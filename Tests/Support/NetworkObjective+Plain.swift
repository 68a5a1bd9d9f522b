import Oracles
import Saddle

extension NetworkObjective<Double> {
  /// A network of plain loops as the core's objective: the same samples, targets and penalty.
  public init(_ plain: PlainNetwork) throws {
    var labels: [Int32] = []
    var values: [[Double]] = []
    for target in plain.targets {
      switch target {
      case .label(let label): labels.append(Int32(label))
      case .values(let row): values.append(row)
      }
    }
    try self.init(
      network: Network.dense(
        plain.widths, Activation(rawValue: plain.activation.rawValue)!),
      loss: Loss(rawValue: plain.loss.rawValue)!, inputs: Matrix(plain.inputs),
      targets: labels.isEmpty ? .values(Matrix(values)) : .classes(labels),
      weightDecay: plain.weightDecay)
  }
}
