import Saddle
import Support
import Testing

/// What rounding may have changed of a loss and its gradient.
@Suite struct EvaluationRoundingTests {
  private func objective(
    order: [Int], weightDecay: Double = 0
  ) throws -> NetworkObjective<Double> {
    var generator = RandomStream(seed: 3, name: "rounding")
    let rows = order.map { _ in (0..<3).map { _ in generator.normal() } }
    let labels = order.map { _ in Int32(generator.index(below: 2)) }
    return try NetworkObjective<Double>(
      network: FullyConnectedNetwork(widths: [3, 2, 2], activation: .tanh),
      loss: .softmaxCrossEntropy, inputs: Matrix(order.map { rows[$0] }),
      targets: .classes(order.map { labels[$0] }), weightDecay: weightDecay)
  }

  private let θ = (0..<14).map { Double($0) / 7 - 1 }

  private func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  @Test func `samples in another order change loss and gradient by less`() throws {
    let forward = try objective(order: Array(0..<500))
    let backward = try objective(order: Array((0..<500).reversed()))
    var generator = RandomStream(seed: 1, name: "probes")
    let (value, gradient) = forward.gradient(at: θ)
    let (otherValue, otherGradient) = backward.gradient(at: θ)
    let rounding = try EvaluationRounding(of: forward, at: θ, value: value, using: &generator)
    let difference = norm(zip(gradient, otherGradient).map { $0 - $1 })
    #expect(difference > 0, "the orders are to differ")
    #expect(difference <= rounding.gradientNorm)
    #expect((value - otherValue).magnitude <= rounding.loss)
  }

  @Test func `the bound is of the samples' gradients, which cancel in their mean`() throws {
    let objective = try objective(order: Array(0..<60), weightDecay: 0.5)
    var generator = RandomStream(seed: 1, name: "probes")
    let rounding = try EvaluationRounding(of: objective, at: θ, value: 2, using: &generator)
    // Sample by sample; of 14 parameters 16 products take the trace exactly.
    let squares = try (0..<60).map { n in
      let one = try NetworkObjective<Double>(
        network: objective.network, loss: objective.loss,
        inputs: Matrix([objective.inputs.row(n)]), targets: objective.targets.only(n))
      return one.gradient(at: θ).gradient.reduce(0) { $0 + $1 * $1 }
    }
    let expected = 1e-11 * ((squares.reduce(0, +) / 60).squareRoot() + 0.5 * norm(θ))
    #expect((rounding.gradientNorm / expected - 1).magnitude < 1e-10)
    #expect(rounding.loss == 2e-11)
  }
}

extension Targets<Double> {
  fileprivate func only(_ n: Int) -> Targets<Double> {
    guard case .classes(let labels) = self else { return self }
    return .classes([labels[n]])
  }
}
