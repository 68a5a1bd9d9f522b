import Foundation
import Saddle
import Support
import Testing

@Suite struct ModelTests {
  @Test func `parameters lie layer by layer, weights before biases`() throws {
    let network = try Network.dense([3, 4, 2], .relu)
    #expect(network.parameterCount == 3 * 4 + 4 + 4 * 2 + 2)
    #expect(network.denseLayers.map(\.weights) == [0..<12, 16..<24])
    #expect(network.denseLayers.map(\.biases) == [12..<16, 24..<26])
  }

  @Test(arguments: [[], [3], [3, 0, 2], [-1, 2]])
  func `widths that make no network are refused`(widths: [Int]) {
    #expect(throws: ModelError.invalidWidths(widths)) {
      try Network.dense(widths, .tanh)
    }
  }

  @Test(
    arguments: [
      [784, .max], [.max, .max], [4, 4_000_000_000, 4_000_000_000, 2], [50_000, 50_000],
    ])
  func `a network beyond BLAS's indices is refused, whatever overflows`(widths: [Int]) {
    #expect(throws: ModelError.tooManyParameters(widths: widths)) {
      try Network.dense(widths, .tanh)
    }
  }

  @Test func `tanh in single precision is right to 6 ulp, odd, and never beyond 1`() throws {
    let grid: [Float] = (-10_000...10_000).map { Float($0) / 1000 } + [1e-20, -1e-30, 1e30, -3e38]
    // One sample, weights 1, biases x and 0: the output is φ(x), and so is the derivative of
    // ½·output² by the last bias.
    let objective = try NetworkObjective<Float>(
      network: Network.dense([1, 1, 1], .tanh),
      loss: .meanSquaredError, inputs: Matrix([[0]]), targets: .values(Matrix([[0]])))
    for x in grid {
      let value = objective.gradient(at: [1, x, 1, 0]).gradient[3]
      let expected = tanh(Double(x))
      #expect(abs(Double(value) - expected) <= 6 * Double(Float(expected).ulp), "tanh \(x)")
      #expect(value.magnitude <= 1)
      #expect(value == -objective.gradient(at: [1, -x, 1, 0]).gradient[3], "odd at \(x)")
    }
  }

  @Test func `a loss near zero keeps its digits`() throws {
    // Logits 40 and 0: the loss is log(1 + e⁻⁴⁰), far below the rounding of 1.
    let objective = try NetworkObjective<Double>(
      network: Network.dense([1, 2], .tanh),
      loss: .softmaxCrossEntropy, inputs: Matrix([[1]]), targets: .classes([0]))
    expectClose(objective.value(at: [40, 0, 0, 0]), exp(-40.0), within: rounding)
  }

  @Test func `a network with impossible widths is not decoded`() throws {
    let network = try Network.dense([3, 4, 2], .gelu)
    let short = #"{"widths": [3, 4, 2], "activation": "gelu"}"#
    for data in [try JSONEncoder().encode(network), Data(short.utf8)] {
      #expect(try JSONDecoder().decode(Network.self, from: data) == network)
    }
    let broken = short.replacing("[3, 4, 2]", with: "[3, 0, 2]")
    #expect(throws: ModelError.invalidWidths([3, 0, 2])) {
      try JSONDecoder().decode(Network.self, from: Data(broken.utf8))
    }
  }

  @Test(arguments: Initialization.allCases)
  func `initial weights have the spread that their distribution names`(
    initialization: Initialization
  ) throws {
    let network = try Network.dense([80, 40, 10], .tanh)
    var generator = RandomStream(seed: 2, name: "init")
    let θ: [Double] = network.initialParameters(initialization, using: &generator)
    let layer = network.denseLayers[0]
    let weights = θ[layer.weights]
    let variance = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
    let expected =
      initialization == .glorotNormal || initialization == .glorotUniform ? 2.0 / 120 : 2.0 / 80
    // 3200 draws: a normal's sample variance has a relative standard error of √(2/3200) = 2.5 %.
    #expect(abs(variance / expected - 1) < 0.125, "\(variance) against \(expected)")
    if initialization == .glorotUniform {
      #expect(weights.allSatisfy { $0.magnitude <= (6.0 / 120).squareRoot() })
    }
    #expect(θ[layer.biases].allSatisfy { $0 == 0 })
  }

  @Test func `both precisions start at the same point`() throws {
    let network = try Network.dense([5, 4, 3], .tanh)
    var generators = (RandomStream(seed: 7), RandomStream(seed: 7))
    let double: [Double] = network.initialParameters(using: &generators.0)
    let single: [Float] = network.initialParameters(using: &generators.1)
    #expect(double.map { Float($0) } == single)
  }

  // One sample, one layer: z = Wx + b = [1·2 + 0·1 + 1, 0.5·2 − 1·1 + 0] = [3, 0].
  private func objective(_ loss: Loss) throws -> NetworkObjective<Double> {
    try NetworkObjective(
      network: Network.dense([2, 2], .tanh), loss: loss,
      inputs: Matrix([[2, 1]]), targets: .classes([1]))
  }
  private let θ = [1.0, 0, 0.5, -1, 1, 0]
  private let rounding = Tolerance(absolute: 1e-15, relative: 1e-15, why: "a dozen operations")

  @Test func `cross-entropy and its gradient are those worked by hand`() throws {
    let (value, gradient) = try objective(.softmaxCrossEntropy).gradient(at: θ)
    // −log(e⁰/(e³ + e⁰)) = log(1 + e³); p₀ = 1/(1 + e⁻³); ∂L/∂z = [p₀, −p₀].
    let p = 1 / (1 + exp(-3.0))
    expectClose(value, log1p(exp(3.0)), within: rounding)
    expectClose(gradient, [2 * p, p, -2 * p, -p, p, -p], within: rounding)
  }

  @Test func `squared error and its gradient are those worked by hand`() throws {
    let (value, gradient) = try objective(.meanSquaredError).gradient(at: θ)
    // ½((3 − 0)² + (0 − 1)²) = 5; ∂L/∂z = [3, −1].
    expectClose(value, 5, within: rounding)
    expectClose(gradient, [6, 3, -2, -1, 3, -1], within: rounding)
  }

  @Test func `logits of a thousand neither overflow nor give NaN`() throws {
    let θ = [500.0, 0, -500, 0, 0, 0]
    let (value, gradient) = try objective(.softmaxCrossEntropy).gradient(at: θ)
    expectClose(value, 2000, within: rounding)
    #expect(gradient.allSatisfy { $0.isFinite })
  }

  @Test(arguments: Activation.allCases)
  func `activations do not overflow far from zero`(activation: Activation) throws {
    let objective = try NetworkObjective<Double>(
      network: Network.dense([1, 1, 1], activation),
      loss: .meanSquaredError, inputs: Matrix([[800], [-800]]), targets: .classes([0, 0]))
    let θ = [1.0, 0, 1, 0]
    #expect(objective.value(at: θ).isFinite)
    #expect(objective.gradient(at: θ).gradient.allSatisfy { $0.isFinite })
    #expect(objective.hessian(at: θ).elements.allSatisfy { $0.isFinite })
  }
}
