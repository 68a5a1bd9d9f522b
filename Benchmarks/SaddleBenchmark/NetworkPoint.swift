import Saddle

/// A tanh network with softmax cross-entropy on random data, and the point it starts from.
struct NetworkPoint<T: Scalar> {
  let objective: NetworkObjective<T>
  /// Glorot uniform weights, no biases.
  let parameters: [T]

  /// Inputs are uniform on [0, 1), of which a share is kept and the rest set to zero; labels are
  /// uniform over the outputs.
  init(widths: [Int], samples: Int, density: Double = 1) throws {
    let network = try Network.dense(widths, .tanh)
    var generator = RandomStream(seed: 1, name: "data")
    let inputs = Matrix<T>(
      rows: samples, columns: network.inputs,
      elements: (0..<samples * network.inputs).map { _ in
        let value = generator.uniform()
        return density == 1 || generator.uniform() < density ? T(value) : 0
      })
    let labels = (0..<samples).map { _ in Int32(generator.index(below: network.outputs)) }
    objective = try NetworkObjective(
      network: network, loss: .softmaxCrossEntropy, inputs: inputs, targets: .classes(labels))
    var start = RandomStream(seed: 1, name: "init")
    parameters = network.initialParameters(using: &start)
  }

  /// P and N.
  var sizes: [Figure: Double] {
    [.parameters: Double(parameters.count), .samples: Double(objective.samples)]
  }
}
