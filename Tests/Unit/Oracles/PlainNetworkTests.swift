import Foundation
import Oracles
import Testing

struct PlainNetworkTests {
  // One input 2, weight 3, bias 1 per output (second output: weight −1, bias 0): z = (7, −2).
  let affine = PlainNetwork(
    widths: [1, 2], activation: .tanh, loss: .meanSquaredError, inputs: [[2]], labels: [0])
  let θ = [3.0, -1, 1, 0]

  @Test func `parameters are row-major weights, then biases`() {
    #expect(affine.dimension == 4)
    #expect(affine.outputs(at: θ) == [[7, -2]])
  }

  // ½((7 − 1)² + 2²) = 20; ∂z = (6, −2); ∂w = 2·∂z; ∂b = ∂z. Worked by hand.
  @Test func `mean squared error matches the figures worked by hand`() {
    #expect(affine.value(at: θ) == 20)
    #expect(affine.gradient(at: θ) == [12, -4, 6, -2])
    #expect(
      affine.hessian(at: θ) == [[4, 0, 2, 0], [0, 4, 0, 2], [2, 0, 1, 0], [0, 2, 0, 1]])
  }

  @Test func `cross-entropy of logits 7 and −2 is log(1 + e⁻⁹)`() {
    let network = PlainNetwork(
      widths: [1, 2], activation: .tanh, loss: .softmaxCrossEntropy, inputs: [[2]], labels: [0])
    #expect(gap(network.value(at: θ), log1p(exp(-9))) < 1e-15)
  }

  @Test func `weight decay adds half its square and counts biases`() {
    let decayed = PlainNetwork(
      widths: [1, 2], activation: .tanh, loss: .meanSquaredError, weightDecay: 0.5,
      inputs: [[2]], labels: [0])
    #expect(decayed.value(at: θ) == 22.75)
    #expect(decayed.gradient(at: θ) == [13.5, -4.5, 6.5, -2])
    #expect(decayed.hessian(at: θ)[2][2] == 1.5)
  }

  @Test func `huge logits overflow nowhere`() {
    let network = PlainNetwork(
      widths: [1, 2], activation: .tanh, loss: .softmaxCrossEntropy, inputs: [[1]], labels: [1])
    let θ = [900.0, -900, 0, 0]
    #expect(network.value(at: θ) == 1800)
    #expect(network.gradient(at: θ) == [1, -1, 1, -1])
    #expect(network.secondDirectional(at: θ, along: [1, 0, 0, 0]).magnitude < 1e-300)
  }

  // Values of x, φ(x) from 30-digit arithmetic (mpmath).
  @Test(arguments: [
    (PlainNetwork.Activation.tanh, -0.716297870199024432), (.relu, 0),
    (.sigmoid, 0.289050497374996032), (.softplus, 0.341153874732087817),
    (.gelu, -0.165654112812083538), (.identity, -0.9),
  ])
  func `an activation at −0.9 has its known value`(
    activation: PlainNetwork.Activation, expected: Double
  ) {
    // 1-1-1 with unit weights and no bias: the output is φ(x).
    let network = PlainNetwork(
      widths: [1, 1, 1], activation: activation, loss: .meanSquaredError, inputs: [[-0.9]],
      labels: [0])
    let output = network.outputs(at: [1, 0, 1, 0])[0][0]
    #expect(gap(output, expected) < 2e-16, "\(output)")
  }

  @Test(arguments: PlainNetwork.Activation.allCases, PlainNetwork.Loss.allCases)
  func `backpropagation agrees with Taylor arithmetic along random directions`(
    activation: PlainNetwork.Activation, loss: PlainNetwork.Loss
  ) {
    var rng = SplitMix64(seed: 3)
    for _ in 0..<5 {
      let draw = RandomNetwork.draw(activation: activation, loss: loss, using: &rng)
      let network = draw.reference
      let v = Draw.direction(network.dimension, using: &rng)
      let g = network.gradient(at: draw.parameters)
      let slope = zip(g, v).reduce(0) { $0 + $1.0 * $1.1 }
      let exact = network.firstDirectional(at: draw.parameters, along: v)
      #expect(gap(slope, exact) <= 1e-14 * (1 + exact.magnitude))
    }
  }

  @Test(arguments: PlainNetwork.Activation.allCases, PlainNetwork.Loss.allCases)
  func `curvature by Taylor arithmetic agrees with differences of the gradient`(
    activation: PlainNetwork.Activation, loss: PlainNetwork.Loss
  ) throws {
    var rng = SplitMix64(seed: 4)
    let inputs = (0..<3).map { _ in Draw.normals(2, using: &rng) }
    let network = PlainNetwork(
      widths: [2, 3, 2, 2], activation: activation, loss: loss, weightDecay: 0.01,
      inputs: inputs, labels: [0, 1, 1])
    let θ = Draw.normals(network.dimension, using: &rng)
    let v = Draw.direction(network.dimension, using: &rng)
    let exact = network.hessianVectorProduct(at: θ, along: v)
    let product = try FiniteDifferences().hessianVectorProduct(
      fromGradient: network.gradient, at: θ, along: v)
    for (estimate, exact) in zip(product, exact) {
      #expect(estimate.error < 1e-9, "a useless estimate: \(estimate)")
      #expect(estimate.admits(exact), "\(estimate) against \(exact)")
    }
  }

  @Test func `on random networks differences admit the exact curvature, kinks and all`() throws {
    var rng = SplitMix64(seed: 7)
    var sharp = 0
    for _ in 0..<60 {
      let draw = RandomNetwork.draw(using: &rng)
      let network = draw.reference
      // At a kink itself there is no derivative to agree on.
      guard network.distanceToKink(at: draw.parameters) > 1e-4 else { continue }
      let v = Draw.direction(network.dimension, using: &rng)
      let exact = network.secondDirectional(at: draw.parameters, along: v)
      let product = try FiniteDifferences(levels: 12).hessianVectorProduct(
        fromGradient: network.gradient, at: draw.parameters, along: v)
      var form = Estimate(value: 0, error: 0)
      for (estimate, component) in zip(product, v) {
        form.value += component * estimate.value
        form.error += component.magnitude * estimate.error
      }
      #expect(form.admits(exact, factor: 2, slack: 1e-16), "\(draw): \(form) against \(exact)")
      if form.error < 1e-9 { sharp += 1 }
    }
    #expect(sharp >= 40, "only \(sharp) of 60 estimates are sharp")
  }

  // Unit 1 sees 2 − 1.5, unit 2 sees −2 + 1: the nearest kink is at 0.5.
  @Test func `the distance to a kink is the smallest input of a ReLU`() {
    let θ = [1.0, -1, -1.5, 1, 1, 1, 0]
    func network(_ activation: PlainNetwork.Activation) -> PlainNetwork {
      PlainNetwork(
        widths: [1, 2, 1], activation: activation, loss: .meanSquaredError, inputs: [[2]],
        labels: [0])
    }
    #expect(network(.relu).distanceToKink(at: θ) == 0.5)
    #expect(network(.tanh).distanceToKink(at: θ) == .infinity)
  }

  @Test func `the Hessian's quadratic form is the second directional derivative`() {
    var rng = SplitMix64(seed: 5)
    let draw = RandomNetwork.draw(activation: .gelu, loss: .softmaxCrossEntropy, using: &rng)
    let network = draw.reference
    let v = Draw.direction(network.dimension, using: &rng)
    let h = network.hessian(at: draw.parameters)
    var form = 0.0
    for i in v.indices { for j in v.indices { form += v[i] * h[i][j] * v[j] } }
    let direct = network.secondDirectional(at: draw.parameters, along: v)
    #expect(gap(form, direct) <= 1e-14 * (1 + direct.magnitude))
  }

  // Structural zeros (softmax shift: fan-in + 1 = 6; dead inputs × first width = 2·5): 16.
  @Test(arguments: [PlainNetwork.Activation.tanh, .relu])
  func `a 6-5-4 net with two dead inputs has exactly 16 zero eigenvalues`(
    activation: PlainNetwork.Activation
  ) throws {
    var rng = SplitMix64(seed: 6)
    var inputs = [[Double]]()
    for _ in 0..<30 { inputs.append(Draw.normals(4, using: &rng) + [0, 0]) }
    let network = PlainNetwork(
      widths: [6, 5, 4], activation: activation, loss: .softmaxCrossEntropy, inputs: inputs,
      labels: (0..<30).map { $0 % 4 })
    let θ = Draw.normals(network.dimension, using: &rng).map { 0.5 * $0 }
    let values = try GSL.eigenvalues(network.hessian(at: θ))
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    #expect(values.count { $0.magnitude <= 1e-13 * largest } == 16)
  }
}
