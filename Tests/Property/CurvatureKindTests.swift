import Oracles
import Saddle
import Support
import Testing

/// Every curvature matrix of random networks, as an operator and assembled, against its definition
/// as a sum over samples in plain loops.
@Suite struct CurvatureKindTests {
  private let tight = Tolerance(
    absolute: 1e-13, relative: 1e-12, why: "networks of at most 80 parameters, sums of 12 samples")

  private func hold(
    _ kind: CurvatureKind, of network: NetworkCase, to expected: [[Double]], _ seed: Seed
  ) {
    let (objective, θ) = (network.objective, network.parameters)
    let assembled = objective.curvatureMatrix(kind, at: θ, includingPenalty: false)
    let name = "\(kind) of \(network.name), \(seed)"
    expectClose(assembled.elements, Array(expected.joined()), within: tight, name)
    #expect(assembled == assembled.transpose, "exactly symmetric")
    expectClose(
      objective.curvature(kind, at: θ, includingPenalty: false)
        .dense(block: 1 + Int(seed.value % 5)).elements,
      assembled.elements, within: tight, name)
    let penalized = objective.curvatureMatrix(kind, at: θ, includingPenalty: true)
    let shift = kind.seesPenalty ? objective.weightDecay : 0
    var shifted = assembled
    for i in 0..<shifted.rows { shifted[i, i] += shift }
    expectClose(penalized.elements, shifted.elements, within: tight, name)
  }

  @Test(.tags(.oracle), arguments: DerivativeTests.combinations)
  func `Fisher is the mean over the model's labels, and so is Gauss–Newton`(
    activation: Activation, loss: Loss
  ) throws {
    for seed in Seed.campaign(10) {
      let network = try NetworkCase(seed: seed, activation: activation, loss: loss)
      let expected = network.oracle.fisher(at: network.parameters)
      hold(.fisher, of: network, to: expected, seed)
      hold(.gaussNewton, of: network, to: expected, seed)
    }
  }

  @Test(.tags(.oracle), arguments: DerivativeTests.combinations)
  func `empirical Fisher and covariance are those of the samples' gradients`(
    activation: Activation, loss: Loss
  ) throws {
    for seed in Seed.campaign(10) {
      let network = try NetworkCase(seed: seed, activation: activation, loss: loss)
      hold(
        .empiricalFisher, of: network, to: network.oracle.empiricalFisher(at: network.parameters),
        seed)
      hold(
        .gradientCovariance, of: network,
        to: network.oracle.gradientCovariance(at: network.parameters), seed)
    }
  }

  @Test(.tags(.oracle), arguments: DerivativeTests.combinations)
  func `the residual is Hessian less Gauss–Newton`(activation: Activation, loss: Loss) throws {
    for seed in Seed.campaign(10) {
      let network = try NetworkCase(seed: seed, activation: activation, loss: loss, weightDecay: 0)
      let θ = network.parameters
      let expected = zip(network.oracle.hessian(at: θ), network.oracle.fisher(at: θ)).map {
        zip($0, $1).map { $0 - $1 }
      }
      hold(.residual, of: network, to: expected, seed)
    }
  }

  /// Each draw's ggᵀ is unbiased, and the draws are independent, so the mean of the elements'
  /// errors in units of their spread over 200 seeds is a normal number; its bound of 5 is passed by
  /// chance about once in two million.
  @Test(.tags(.statistical), arguments: Loss.allCases)
  func `the Monte-Carlo Fisher's mean over seeds is Fisher's`(loss: Loss) throws {
    let network = try NetworkCase(seed: Seed(11), activation: .tanh, loss: loss)
    let θ = network.parameters
    let expected = network.oracle.fisher(at: θ)
    // One number of each matrix: its quadratic form along one direction.
    var generator = Seed(12).generator
    let v = network.direction(&generator)
    func form(_ matrix: [[Double]]) -> Double {
      zip(v, matrix).reduce(0) { $0 + $1.0 * zip(v, $1.1).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    let draws = (0..<200).map { seed in
      form(
        network.objective.curvature(
          .monteCarloFisher(draws: 2, seed: UInt64(seed)), at: θ, includingPenalty: false
        ).dense().asRows)
    }
    let mean = draws.reduce(0, +) / 200
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199
    let z = (mean - form(expected)) / (variance / 200).squareRoot()
    #expect(z.magnitude < 5, "z = \(z)")
    #expect(variance > 0)
  }

  /// A wide layer makes assembly take 256 samples at once, where products take all 600.
  @Test func `a label's draws depend on the seed and the sample, not on chunks`() throws {
    var generator = Seed(5).generator
    let objective = try NetworkObjective<Double>(
      network: Network.dense([1, 64, 2], .tanh),
      loss: .softmaxCrossEntropy,
      inputs: Matrix(rows: 600, columns: 1, elements: (0..<600).map { _ in generator.normal() }),
      targets: .classes((0..<600).map { Int32($0 % 2) }))
    let θ = (0..<objective.dimension).map { _ in generator.normal() }
    let kind = CurvatureKind.monteCarloFisher(draws: 3, seed: 9)
    let assembled = objective.curvatureMatrix(kind, at: θ, includingPenalty: false)
    expectClose(
      objective.curvature(kind, at: θ, includingPenalty: false).dense().elements,
      assembled.elements,
      within: Tolerance(absolute: 1e-11, relative: 1e-11, why: "sums of 600 samples"))
    let other = objective.curvatureMatrix(
      .monteCarloFisher(draws: 3, seed: 10), at: θ, includingPenalty: false)
    #expect(other != assembled)
  }

  @Test(arguments: Seed.campaign(20))
  func `a streamed objective is the whole one`(seed: Seed) throws {
    let network = try NetworkCase(seed: seed)
    let (whole, θ) = (network.objective, network.parameters)
    guard case .classes(let labels) = whole.targets, labels.count > 1 else { return }
    let cut = 1 + Int(seed.value % UInt64(labels.count - 1))
    let parts = [0..<cut, cut..<labels.count]
    let streamed = try StreamedObjective(samples: parts.map(\.count)) { k in
      try NetworkObjective(
        network: whole.network, loss: whole.loss,
        inputs: Matrix(parts[k].map { whole.inputs.row($0) }),
        targets: .classes(Array(labels[parts[k]])), weightDecay: whole.weightDecay)
    }
    #expect(streamed.samples == labels.count && streamed.dimension == whole.dimension)
    expectClose(streamed.value(at: θ), whole.value(at: θ), within: tight, network.name)
    expectClose(
      streamed.gradient(at: θ).gradient, whole.gradient(at: θ).gradient, within: tight)
    let (evaluation, expected) = (streamed.evaluate(at: θ), whole.evaluate(at: θ))
    expectClose(evaluation.gradientNorm, expected.gradientNorm, within: tight)
    expectClose(evaluation.accuracy ?? -1, expected.accuracy ?? -1, within: tight)
    for kind in [
      CurvatureKind.hessian, .gaussNewton, .fisher, .empiricalFisher, .gradientCovariance, .residual,
    ] {
      for penalty in [false, true] {
        expectClose(
          streamed.curvature(kind, at: θ, includingPenalty: penalty).dense().elements,
          whole.curvatureMatrix(kind, at: θ, includingPenalty: penalty).elements, within: tight,
          "\(kind) of \(network.name), \(seed)")
      }
    }
  }

  @Test func `a part that cannot be loaded makes NaN and says why`() throws {
    struct Absent: Error {}
    let network = try NetworkCase(seed: Seed(2))
    let whole = network.objective
    let streamed = try StreamedObjective(samples: [whole.samples, 3]) { k in
      guard k == 0 else { throw Absent() }
      return whole
    }
    #expect(streamed.failure == nil)
    #expect(streamed.value(at: network.parameters).isNaN)
    #expect(streamed.failure is Absent)
    let products = streamed.linearized(at: network.parameters).apply(network.parameters)
    let numbers = products.count { !$0.isNaN }
    #expect(numbers == 0)
  }
}
