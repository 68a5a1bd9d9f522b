import Oracles
import Saddle
import Support

/// One random network twice: the oracle's, in plain loops, and the core's.
struct NetworkCase {
  let drawn: RandomNetwork
  let oracle: PlainNetwork
  let objective: NetworkObjective<Double>
  let parameters: [Double]

  init(
    seed: Seed, activation: Activation? = nil, loss: Loss? = nil, weightDecay: Double? = nil
  ) throws {
    var generator = seed.generator
    let drawn = RandomNetwork.draw(
      activation: activation.flatMap { .init(rawValue: $0.rawValue) },
      loss: loss.flatMap { .init(rawValue: $0.rawValue) }, using: &generator)
    try self.init(drawn, weightDecay: weightDecay ?? drawn.weightDecay)
  }

  init(_ drawn: RandomNetwork, weightDecay: Double) throws {
    self.drawn = drawn
    oracle = PlainNetwork(
      widths: drawn.widths, activation: drawn.activation, loss: drawn.loss,
      weightDecay: weightDecay, inputs: drawn.inputs, labels: drawn.labels)
    objective = try NetworkObjective(
      network: Network.dense(
        drawn.widths, Activation(rawValue: drawn.activation.rawValue)!),
      loss: Loss(rawValue: drawn.loss.rawValue)!, inputs: Matrix(drawn.inputs),
      targets: .classes(drawn.labels.map { Int32($0) }), weightDecay: weightDecay)
    parameters = drawn.parameters
  }

  var name: String {
    "\(drawn.widths) \(drawn.activation) \(drawn.loss), N = \(drawn.inputs.count)"
  }

  /// A random direction of norm about 1.
  func direction(_ generator: inout RandomStream) -> [Double] {
    let scale = 1 / Double(parameters.count).squareRoot()
    return parameters.map { _ in scale * generator.normal() }
  }
}
