import Oracles
import Saddle
import Support
import Testing

/// Convolutional networks against plain loops with Taylor arithmetic, against finite differences,
/// and against themselves.
@Suite struct ConvolutionTests {
  private let tight = Tolerance(
    absolute: 1e-13, relative: 1e-12, why: "at most 160 parameters, sums of 40 samples")

  /// The networks of 40 seeds, in ten tests.
  private func forEachCase(
    _ block: Int, isSmooth: Bool = false, _ body: (ConvolutionCase, Seed) throws -> Void
  ) throws {
    for value in 40 * block + 1...40 * (block + 1) {
      let seed = Seed(UInt64(value))
      try body(ConvolutionCase(seed: seed, isSmooth: isSmooth), seed)
    }
  }

  @Test func `the networks that are drawn have layers of every kind`() throws {
    var found: [String: Int] = [:]
    var (projections, many) = (0, 0)
    func count(_ layers: [Layer]) {
      for layer in layers {
        found[layer.kind, default: 0] += 1
        if case .residual(let body, let shortcut) = layer {
          if shortcut.contains(where: { $0.kind == "convolution" }) { projections += 1 }
          count(body + shortcut)
        }
      }
    }
    for block in 0..<10 {
      try forEachCase(block) { network, _ in
        count(network.objective.network.layers)
        if network.objective.samples > 32 { many += 1 }
      }
    }
    for kind in [
      "dense", "convolution", "maxPool", "averagePool", "flatten", "activation", "batchNorm",
      "residual", "layerNorm", "groupNorm", "embedding", "offset", "attention",
    ] { #expect(found[kind, default: 0] >= 45, "\(kind) in \(found)") }
    #expect(projections >= 20 && many >= 40, "\(projections) projections, \(many) of two chunks")
  }

  @Test(.tags(.oracle), arguments: 0..<10)
  func `value and gradient are those of plain loops`(block: Int) throws {
    try forEachCase(block) { network, seed in
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

  @Test(.tags(.oracle), arguments: 0..<10)
  func `Hessian products are those of Taylor arithmetic`(block: Int) throws {
    try forEachCase(block) { network, seed in
      var generator = seed.generator
      let v = network.direction(&generator)
      expectClose(
        network.objective.linearized(at: network.parameters).apply(v),
        network.oracle.hessianVectorProduct(at: network.parameters, along: v), within: tight,
        "\(network.name), \(seed)")
    }
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(40))
  func `the dense Hessian is that of Taylor arithmetic`(seed: Seed) throws {
    let network = try ConvolutionCase(seed: seed)
    guard network.parameters.count <= 70 else { return }
    let hessian = network.objective.hessian(at: network.parameters)
    expectClose(
      hessian.elements, Array(network.oracle.hessian(at: network.parameters).joined()),
      within: tight, network.name)
    #expect(hessian == hessian.transpose, "exactly symmetric")
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(12))
  func `a Hessian product is the difference of gradients`(seed: Seed) throws {
    let network = try ConvolutionCase(seed: seed)
    // A difference across a kink or a tie means nothing.
    guard network.oracle.distanceToKink(at: network.parameters) > 0.01 else { return }
    var generator = seed.generator
    let v = network.direction(&generator)
    let product = network.objective.linearized(at: network.parameters).apply(v)
    let estimates = try FiniteDifferences(firstStep: 0x1p-10).hessianVectorProduct(
      fromGradient: { network.objective.gradient(at: $0).gradient }, at: network.parameters,
      along: v)
    for (i, estimate) in estimates.enumerated() {
      #expect(
        estimate.admits(product[i], factor: 10, slack: 1e-12),
        "\(network.name): \(product[i]) against \(estimate)")
      #expect(estimate.error < 1e-4, "a difference that says nothing")
    }
  }

  @Test func `Taylor remainders fall with slopes two and three`() throws {
    var judged = 0
    try forEachCase(0, isSmooth: true) { network, seed in
      var generator = seed.generator
      let slopes = try slopesAlongSome(network, &generator)
      // Where rounding leaves too few octaves there is nothing to judge; most cases have them.
      guard slopes.withHessian.octaves >= 3 || slopes.exact else { return }
      judged += 1
      #expect(slopes.passes, "\(network.name), \(seed): \(slopes)")
    }
    #expect(judged >= 30, "only \(judged) of 40 cases could be judged")
  }

  @Test func `a Hessian that is one per cent wrong is seen by its slope`() throws {
    var seen = 0
    for seed in Seed.campaign(20) {
      let network = try ConvolutionCase(seed: seed, isSmooth: true)
      let directions = seed.generator
      var generator = directions
      guard try slopesAlongSome(network, &generator).withHessian.octaves >= 6 else { continue }
      generator = directions
      let planted = try slopesAlongSome(network, &generator, hessianFactor: 1.01)
      #expect(!planted.hessianPasses, "\(network.name): \(planted)")
      seen += 1
    }
    #expect(seen >= 10, "only \(seen)")
  }

  /// The slopes along the first of three directions that pass, or along the last. Along one the third
  /// derivative may happen to be small against the fourth, so that the remainder has no order yet
  /// where it drowns in rounding; a Hessian that is wrong fails along all.
  private func slopesAlongSome(
    _ network: ConvolutionCase, _ generator: inout RandomStream,
    hessianFactor: Double = 1
  ) throws -> TaylorSlopes {
    var found = try slopes(
      network, along: network.direction(&generator), hessianFactor: hessianFactor)
    for _ in 0..<2 where !found.passes {
      found = try slopes(
        network, along: network.direction(&generator), hessianFactor: hessianFactor)
    }
    return found
  }

  private func slopes(
    _ network: ConvolutionCase, along v: [Double], hessianFactor: Double = 1
  ) throws -> TaylorSlopes {
    let objective = network.objective
    return try TaylorTest.slopes(
      value: { objective.value(at: $0) }, gradient: { objective.gradient(at: $0).gradient },
      hessianVectorProduct: { x, v in
        objective.linearized(at: x).apply(v).map { hessianFactor * $0 }
      }, at: network.parameters, along: v)
  }

  @Test(arguments: 0..<10)
  func `products are symmetric and linear, and parts of each other`(block: Int) throws {
    try forEachCase(block) { network, seed in
      var generator = seed.generator
      let (u, v) = (network.direction(&generator), network.direction(&generator))
      func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
      func products(_ kind: CurvatureKind) -> ([Double], [Double]) {
        let matrix = network.objective.curvature(
          kind, at: network.parameters, includingPenalty: false)
        let both = matrix.apply(Matrix([u, v]))
        return (both.row(0), both.row(1))
      }
      let name = "\(network.name), \(seed)"
      let (hu, hv) = products(.hessian)
      expectClose(dot(u, hv), dot(v, hu), within: tight, name)
      let linear = network.objective.curvature(
        .hessian, at: network.parameters, includingPenalty: false)
      expectClose(
        linear.apply(zip(u, v).map { 2 * $0 - 3 * $1 }), zip(hu, hv).map { 2 * $0 - 3 * $1 },
        within: tight, name)
      let (gu, gv) = products(.gaussNewton)
      let (ru, _) = products(.residual)
      expectClose(zip(gu, ru).map { $0 + $1 }, hu, within: tight, name)
      expectClose(dot(u, gv), dot(v, gu), within: tight, name)
      #expect(dot(v, gv) >= -1e-15, "\(name): Gauss–Newton is positive semidefinite")
    }
  }

  @Test(arguments: 0..<2)
  func `without residuals the Hessian is Gauss–Newton's matrix`(block: Int) throws {
    try forEachCase(block) { network, seed in
      let outputs = network.oracle.outputs(at: network.parameters)
      let perfect = try NetworkObjective(
        network: network.objective.network, loss: .meanSquaredError,
        inputs: network.objective.inputs, targets: .values(Matrix(outputs)))
      var generator = seed.generator
      let v = network.direction(&generator)
      let gaussNewton = perfect.curvature(
        .gaussNewton, at: network.parameters, includingPenalty: false)
      let name = "\(network.name), \(seed)"
      #expect(perfect.value(at: network.parameters) < 1e-24)
      expectClose(
        perfect.linearized(at: network.parameters).apply(v), gaussNewton.apply(v),
        within: Tolerance(absolute: 1e-12, relative: 1e-12, why: "targets to rounding"), name)
    }
  }

  @Test(.tags(.oracle), arguments: try [Network.leNet5, .smallCIFAR])
  func `whole networks, whose products are cut in tiles, are those of plain loops`(
    network: Network
  ) throws {
    // 34 samples are two chunks of 17.
    let samples = network.parameterCount > 10_000 ? 34 : 2
    var generator = RandomStream(seed: 11)
    let θ: [Double] = network.initialParameters(using: &generator)
    let plain = PlainConvolution(
      input: (network.input.channels, network.input.height, network.input.width),
      layers: try network.layers.map { try PlainLayer($0) }, loss: .softmaxCrossEntropy,
      inputs: (0..<samples).map { _ in Draw.normals(network.inputs, using: &generator) },
      labels: (0..<samples).map { $0 % 10 })
    let objective = try ConvolutionCase.objective(plain, Double.self)
    let (u, v) = (
      Draw.direction(θ.count, using: &generator), Draw.direction(θ.count, using: &generator)
    )
    let (value, gradient) = objective.gradient(at: θ)
    let products = objective.linearized(at: θ).apply(Matrix([u, v]))
    func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    let sums = Tolerance(absolute: 1e-13, relative: 1e-10, why: "sums of 61,706 products")
    expectClose(value, plain.value(at: θ), within: tight)
    expectClose(dot(u, gradient), plain.firstDirectional(at: θ, along: u), within: sums)
    let expected = plain.secondDirectional(at: θ, along: u, and: v)
    expectClose(dot(u, products.row(1)), expected, within: sums)
    expectClose(dot(v, products.row(0)), expected, within: sums)
    // More directions than are taken at once.
    let block = objective.linearized(at: θ).apply(
      Matrix((0..<12).map { $0 % 8 == 3 ? u : v }))
    expectClose(block.row(3), products.row(0), within: sums)
    expectClose(block.row(11), products.row(0), within: sums)
    expectClose(block.row(10), products.row(1), within: sums)
  }

  @Test(.tags(.oracle), arguments: 0..<10)
  func `single precision agrees to its own rounding`(block: Int) throws {
    let loose = Tolerance(
      absolute: 2e-5, relative: 2e-4, why: "ulp 1.2e-7, sums and differences of some hundred terms")
    try forEachCase(block) { network, seed in
      // Where rounding decides a kink or a tie, the two precisions differ by rights.
      guard network.oracle.distanceToKink(at: network.parameters) > 1e-5 else { return }
      let single = try ConvolutionCase.objective(network.oracle, Float.self)
      let θ = network.parameters.map { Float($0) }
      let (value, gradient) = single.gradient(at: θ)
      let expected = network.objective.gradient(at: network.parameters)
      expectClose(Double(value), expected.value, within: loose, "\(network.name), \(seed)")
      expectClose(
        gradient.map { Double($0) }, expected.gradient, within: loose, "\(network.name), \(seed)")
      var generator = seed.generator
      let v = network.direction(&generator)
      expectClose(
        single.linearized(at: θ).apply(v.map { Float($0) }).map { Double($0) },
        network.objective.linearized(at: network.parameters).apply(v), within: loose,
        "\(network.name), \(seed)")
    }
  }
}
