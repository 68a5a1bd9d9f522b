import Foundation
import Saddle

/// A product of another process, that costs it nothing: what is between Saddle and a model in Python. As
/// many numbers as ResNet-18 has, whose own product takes about a second.
struct PipeRoundTrip: Workload {
  let name = "pipe"
  let summary = "product of a program that has its answer, 11·10⁶ numbers, float32, there and back"
  // A twentieth of what torch takes for ResNet-18's product on 128 small images, on two cores.
  let targets: [Target] = [.seconds(atMost: 0.06)]
  let peer = PeerAvailability.absent(because: "it is what lies between Saddle and the peers")

  private static let parameters = 11_173_962
  private static let program = """
    import numpy as np, saddle_client as saddle
    from saddle_client.objective import Objective
    class Ready(Objective):
        name, parameters, dtype, samples, kinds = "ready", \(parameters), "float32", None, ("hessian",)
        def point(self): return np.zeros(self.parameters, np.float32)
        def value(self, theta): return 0.5 * float(theta @ theta)
        def gradient(self, theta): return self.value(theta), theta
        answer = np.ones((1, parameters), np.float32)
        def product(self, theta, vectors, kind): return self.answer
    saddle.serve(Ready())
    """

  func measure(beside roofline: inout Roofline) throws -> [Figure: Double] {
    let python = ProcessInfo.processInfo.environment["SADDLE_PEER_PYTHON"] ?? "python3"
    let objective = try RemoteObjective(
      command: "PYTHONPATH=python/src exec \(python) -c '\(Self.program)'")
    let operation = objective.linearized(at: [Double](repeating: 0, count: Self.parameters))
    var generator = RandomStream(seed: 1, name: "vectors")
    let vector = Matrix<Double>(
      rows: 1, columns: Self.parameters,
      elements: (0..<Self.parameters).map { _ in generator.normal() })
    var products = Matrix<Double>(rows: 1, columns: Self.parameters)
    let timings = Timings(repetitions: 15, warmUps: 3) { operation.apply(vector, into: &products) }
    if let failure = objective.failure { throw failure }
    return [Figure: Double](timings).merging([.parameters: Double(Self.parameters)]) { $1 }
  }
}
