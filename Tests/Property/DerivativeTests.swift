import Oracles
import Saddle
import Support
import Testing

/// Values, gradients and Hessians of random networks against plain loops, Taylor arithmetic and
/// finite differences.
@Suite struct DerivativeTests {
  private let tight = Tolerance(
    absolute: 1e-14, relative: 1e-12, why: "networks of at most 80 parameters, sums of 12 samples")

  static let combinations = Activation.allCases.flatMap { a in Loss.allCases.map { (a, $0) } }

  private func forEachCase(
    _ activation: Activation, _ loss: Loss, count: Int, _ body: (NetworkCase, Seed) throws -> Void
  ) throws {
    for seed in Seed.campaign(count) {
      try body(NetworkCase(seed: seed, activation: activation, loss: loss), seed)
    }
  }

  @Test(.tags(.oracle), arguments: combinations)
  func `value and gradient are those of plain loops`(
    activation: Activation, loss: Loss
  ) throws {
    try forEachCase(activation, loss, count: 40) { network, seed in
      let (value, gradient) = network.objective.gradient(at: network.parameters)
      let expected = network.oracle.value(at: network.parameters)
      expectClose(value, expected, within: tight, "\(network.name), \(seed)")
      expectClose(
        network.objective.value(at: network.parameters), expected, within: tight,
        "\(network.name), \(seed)")
      expectClose(
        gradient, network.oracle.gradient(at: network.parameters), within: tight,
        "\(network.name), \(seed)")
    }
  }

  @Test(.tags(.oracle), arguments: combinations)
  func `the assembled Hessian is that of Taylor arithmetic`(
    activation: Activation, loss: Loss
  ) throws {
    try forEachCase(activation, loss, count: 20) { network, seed in
      let hessian = network.objective.hessian(at: network.parameters)
      expectClose(
        hessian.elements,
        Array(network.oracle.hessian(at: network.parameters).joined()), within: tight,
        "\(network.name), \(seed)")
      #expect(hessian == hessian.transpose, "exactly symmetric")
    }
  }

  @Test(arguments: combinations)
  func `the assembled Hessian is its products' columns`(
    activation: Activation, loss: Loss
  ) throws {
    try forEachCase(activation, loss, count: 40) { network, seed in
      let linearized = network.objective.linearized(at: network.parameters)
      expectClose(
        linearized.dense(block: 1 + Int(seed.value % 7)).elements,
        network.objective.hessian(at: network.parameters).elements, within: tight,
        "\(network.name), \(seed)")
    }
  }

  @Test(.tags(.oracle), arguments: combinations)
  func `a Hessian-vector product is the difference of gradients`(
    activation: Activation, loss: Loss
  ) throws {
    try forEachCase(activation, loss, count: 10) { network, seed in
      // A difference across a kink means nothing.
      guard network.oracle.distanceToKink(at: network.parameters) > 0.02 else { return }
      var generator = seed.generator
      let v = network.direction(&generator)
      let product = network.objective.linearized(at: network.parameters).apply(v)
      let differences = FiniteDifferences(firstStep: 0x1p-10)
      let estimates = try differences.hessianVectorProduct(
        fromGradient: { network.oracle.gradient(at: $0) }, at: network.parameters, along: v)
      for (i, estimate) in estimates.enumerated() {
        #expect(
          estimate.admits(product[i], factor: 10, slack: 1e-12),
          "\(network.name), \(seed): \(product[i]) against \(estimate)")
        #expect(estimate.error < 1e-4, "a difference that says nothing")
      }
    }
  }

  @Test(
    .tags(.oracle),
    arguments: Activation.allCases.filter(\.isSmooth), Loss.allCases)
  func `Taylor remainders fall with slopes two and three`(
    activation: Activation, loss: Loss
  ) throws {
    var judged = 0
    try forEachCase(activation, loss, count: 10) { network, seed in
      var generator = seed.generator
      let slopes = try slopes(network, along: network.direction(&generator))
      // Where rounding leaves too few octaves there is nothing to judge; most cases have them.
      guard slopes.withHessian.octaves >= 3 || slopes.exact else { return }
      judged += 1
      #expect(slopes.passes, "\(network.name), \(seed): \(slopes)")
    }
    #expect(judged >= 7, "only \(judged) of 10 cases could be judged")
  }

  @Test func `a Hessian that is one per cent wrong is seen by its slope`() throws {
    let network = try NetworkCase(
      seed: Seed(3), activation: .tanh, loss: .softmaxCrossEntropy)
    var generator = Seed(3).generator
    let v = network.direction(&generator)
    #expect(try slopes(network, along: v).hessianPasses)
    let planted = try slopes(network, along: v, hessianFactor: 1.01)
    #expect(!planted.hessianPasses, "\(planted)")
    #expect((planted.order3 ?? 3) < 2.2, "\(planted)")
  }

  private func slopes(
    _ network: NetworkCase, along v: [Double], hessianFactor: Double = 1
  ) throws -> TaylorSlopes {
    let objective = network.objective
    return try TaylorTest.slopes(
      value: { objective.value(at: $0) }, gradient: { objective.gradient(at: $0).gradient },
      hessianVectorProduct: { x, v in
        objective.linearized(at: x).apply(v).map { hessianFactor * $0 }
      }, at: network.parameters, along: v)
  }

  @Test(arguments: Seed.campaign(50))
  func `products are symmetric and linear`(seed: Seed) throws {
    let network = try NetworkCase(seed: seed)
    var generator = seed.generator
    let (u, v) = (network.direction(&generator), network.direction(&generator))
    let hessian = network.objective.linearized(at: network.parameters)
    let (hu, hv) = (hessian.apply(u), hessian.apply(v))
    expectClose(
      zip(u, hv).reduce(0) { $0 + $1.0 * $1.1 }, zip(v, hu).reduce(0) { $0 + $1.0 * $1.1 },
      within: tight, network.name)
    expectClose(
      hessian.apply(zip(u, v).map { 2 * $0 - 3 * $1 }), zip(hu, hv).map { 2 * $0 - 3 * $1 },
      within: tight, network.name)
  }

  @Test(arguments: Seed.campaign(20))
  func `single precision agrees to its own rounding`(seed: Seed) throws {
    let network = try NetworkCase(seed: seed)
    let objective = network.objective
    let single = try NetworkObjective<Float>(
      network: objective.network, loss: objective.loss,
      inputs: objective.inputs.converted(to: Float.self),
      targets: .classes(network.drawn.labels.map { Int32($0) }),
      weightDecay: Float(objective.weightDecay))
    guard network.oracle.distanceToKink(at: network.parameters) > 1e-4 else { return }
    let parameters = network.parameters.map { Float($0) }
    let loose = Tolerance(absolute: 1e-5, relative: 1e-4, why: "Float, weights up to 3")
    expectClose(
      single.hessian(at: parameters).elements.map { Double($0) },
      objective.hessian(at: network.parameters).elements, within: loose, network.name)
    expectClose(
      single.linearized(at: parameters).dense().elements.map { Double($0) },
      objective.hessian(at: network.parameters).elements, within: loose, network.name)
  }
}
