import Saddle

/// Products with LeNet-5's Hessian at a fixed point, whose forward pass is kept. The roofline
/// counts every multiplication of the layers: two products of tangents forward and four back, but
/// only one forward and one back where the samples come in.
struct LeNetHessianVectorProduct<T: Scalar>: Workload {
  let name = "hvp-lenet5-\(T.self)".lowercased()
  let summary = "Hessian-vector product of LeNet-5, N = 1000, \(T.self), pass kept"
  let targets: [Target] = [.ratioToPeer(atLeast: 1), .productFraction(atLeast: 0.5)]

  private let samples = 1000

  func measure(beside roofline: inout Roofline) throws -> [Figure: Double] {
    let network = try Network.leNet5
    var data = RandomStream(seed: 1, name: "data")
    let inputs = Matrix<T>(
      rows: samples, columns: network.inputs,
      elements: (0..<samples * network.inputs).map { _ in T(data.uniform()) })
    let labels = (0..<samples).map { _ in Int32(data.index(below: network.outputs)) }
    let objective = try NetworkObjective<T>(
      network: network, loss: .softmaxCrossEntropy, inputs: inputs, targets: .classes(labels))
    var start = RandomStream(seed: 1, name: "init")
    let hessian = objective.linearized(at: network.initialParameters(using: &start))
    roofline.sample(T.self)
    var figures: [Figure: Double] = [
      .parameters: Double(hessian.dimension), .samples: Double(samples),
    ]
    figures.time(hessian, flops: flops(network), repetitions: (20, 10), beside: &roofline)
    return figures
  }

  private func flops(_ network: Network) -> Double {
    var products = 0
    for (number, layer) in network.placed.filter({ $0.weights != nil }).enumerated() {
      guard let weights = layer.weights else { continue }
      products += (number == 0 ? 2 : 6) * weights.range.count * layer.output.positions
    }
    return 2 * Double(products * samples)
  }
}
