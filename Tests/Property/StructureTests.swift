import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// What a change of network or data must do to the Hessian, and the zeros known beforehand.
@Suite struct StructureTests {
  private let tight = Tolerance(
    absolute: 1e-14, relative: 1e-12, why: "networks of at most 80 parameters, sums of 12 samples")

  @Test(arguments: Seed.campaign(30))
  func `weight decay shifts the spectrum by exactly its coefficient`(seed: Seed) throws {
    let plain = try NetworkCase(seed: seed, weightDecay: 0)
    let decayed = try NetworkCase(plain.drawn, weightDecay: 0.375)
    expectClose(
      try decayed.objective.hessian(at: plain.parameters).eigenvalues(),
      try plain.objective.hessian(at: plain.parameters).eigenvalues().map { $0 + 0.375 },
      within: tight, plain.name)
  }

  @Test func `under weight decay there are no structural zeros`() throws {
    let seed = try #require(
      Seed.campaign(50).first {
        try NetworkCase(seed: $0, loss: .softmaxCrossEntropy, weightDecay: 0).parameters.count > 20
      })
    let plain = try NetworkCase(seed: seed, loss: .softmaxCrossEntropy, weightDecay: 0)
    let decayed = try NetworkCase(plain.drawn, weightDecay: 0.375)
    let before = try PointAnalysis(of: plain.objective, at: plain.parameters).spectrum
    let after = try PointAnalysis(of: decayed.objective, at: decayed.parameters).spectrum
    #expect(before.structuralZeros > 0)
    #expect(after.structuralZeros == 0)
    // They stand at the coefficient instead.
    let moved = after.eigenvalues.count { abs($0 - 0.375) < 1e-12 }
    #expect(moved >= before.structuralZeros)
  }

  @Test func `a spectrum too large for the machine is refused before any work`() throws {
    let objective = try NetworkObjective<Double>(
      network: Network.dense([784, 64, 10], .tanh),
      loss: .softmaxCrossEntropy, inputs: Matrix(rows: 1, columns: 784), targets: .classes([0]))
    #expect {
      try PointAnalysis(of: objective, at: [Double](repeating: 0, count: objective.dimension))
    } throws: {
      if case .tooLarge(order: 50890, _, _) = $0 as? SpectrumError { true } else { false }
    }
  }

  @Test(arguments: Seed.campaign(30))
  func `samples given twice change nothing`(seed: Seed) throws {
    let once = try NetworkCase(seed: seed)
    let objective = once.objective
    let labels = (once.drawn.labels + once.drawn.labels).map { Int32($0) }
    let twice = try NetworkObjective<Double>(
      network: objective.network, loss: objective.loss,
      inputs: Matrix(once.drawn.inputs + once.drawn.inputs), targets: .classes(labels),
      weightDecay: objective.weightDecay)
    expectClose(
      twice.hessian(at: once.parameters).elements,
      objective.hessian(at: once.parameters).elements, within: tight, once.name)
  }

  @Test(arguments: Seed.campaign(10), Activation.allCases)
  func `more samples than a chunk are summed over all chunks`(
    seed: Seed, activation: Activation
  ) throws {
    // Chunks are of 1024 samples: 1200 samples are one and a part.
    let small = try NetworkCase(seed: seed, activation: activation)
    let copies = 1200 / small.drawn.inputs.count + 1
    let inputs = (0..<copies).flatMap { _ in small.drawn.inputs }
    let labels = (0..<copies).flatMap { _ in small.drawn.labels.map { Int32($0) } }
    let objective = try NetworkObjective<Double>(
      network: small.objective.network, loss: small.objective.loss, inputs: Matrix(inputs),
      targets: .classes(labels), weightDecay: small.objective.weightDecay)
    let θ = small.parameters
    let expected = small.objective.hessian(at: θ).elements
    expectClose(objective.hessian(at: θ).elements, expected, within: tight, small.name)
    expectClose(objective.linearized(at: θ).dense().elements, expected, within: tight, small.name)
    let loose = Tolerance(absolute: 1e-14, relative: 1e-12, why: "sums of 1200 samples")
    expectClose(
      objective.gradient(at: θ).gradient, small.objective.gradient(at: θ).gradient,
      within: loose, small.name)
  }

  @Test(arguments: Seed.campaign(20))
  func `hidden units may change places`(seed: Seed) throws {
    var generator = seed.generator
    let drawn = RandomNetwork.draw(using: &generator)
    let network = try NetworkCase(drawn, weightDecay: drawn.weightDecay)
    let layers = network.objective.network.denseLayers
    guard layers.count > 1 else { return }
    // Exchange the first and the last unit of the first hidden layer.
    var permutation = Array(network.parameters.indices)
    let (first, second) = (layers[0], layers[1])
    let (a, b) = (0, first.outputs - 1)
    for j in 0..<first.inputs {
      permutation.swapAt(
        first.weights.lowerBound + a * first.inputs + j,
        first.weights.lowerBound + b * first.inputs + j)
    }
    permutation.swapAt(first.biases.lowerBound + a, first.biases.lowerBound + b)
    for k in 0..<second.outputs {
      permutation.swapAt(
        second.weights.lowerBound + k * second.inputs + a,
        second.weights.lowerBound + k * second.inputs + b)
    }
    let exchanged = permutation.map { network.parameters[$0] }
    let before = network.objective.hessian(at: network.parameters)
    let after = network.objective.hessian(at: exchanged)
    let moved = permutation.flatMap { i in permutation.map { before[i, $0] } }
    expectClose(after.elements, moved, within: tight, network.name)
  }

  @Test(arguments: [Activation.tanh, .relu])
  func `two dead inputs and the softmax shift make sixteen zeros in a 6-5-4 network`(
    activation: Activation
  ) throws {
    var generator = RandomStream(seed: 11)
    let inputs = (0..<40).map { _ in
      (0..<6).map { $0 == 1 || $0 == 4 ? 0 : generator.normal() }
    }
    let labels = (0..<40).map { _ in Int32(generator.index(below: 4)) }
    let objective = try NetworkObjective<Double>(
      network: Network.dense([6, 5, 4], activation),
      loss: .softmaxCrossEntropy, inputs: Matrix(inputs), targets: .classes(labels))
    let space = objective.structuralNullSpace
    #expect(space.parts.map(\.count) == [10, 6] && space.isExact)
    #expect(space.dimension == 16)
    let θ = (0..<59).map { _ in generator.normal() }
    let spectrum = try Spectrum(
      eigenvalues: objective.hessian(at: θ).eigenvalues(), structuralZeros: space.dimension)
    let zeros = spectrum.degeneracy(at: spectrum.resolution)
    #expect(zeros.structural == 16)
    // ReLU units may die or pair up and add zeros of their own; tanh units do not.
    if activation == .tanh { #expect(zeros.zeros == 16) }
  }

  @Test(arguments: Seed.campaign(60))
  func `the structural null space is null, independent, and as large as it says`(
    seed: Seed
  ) throws {
    var generator = seed.generator
    let drawn = RandomNetwork.draw(using: &generator)
    // Make one feature constant but not zero, as global standardization does to dead pixels.
    let constant = Draw.integer(below: drawn.widths[0], using: &generator)
    let inputs = drawn.inputs.map { row in
      row.indices.map { $0 == constant ? -0.42 : row[$0] }
    }
    let plain = try NetworkCase(drawn, weightDecay: 0).objective
    let objective = try NetworkObjective<Double>(
      network: plain.network, loss: plain.loss, inputs: Matrix(inputs),
      targets: .classes(drawn.labels.map { Int32($0) }))
    let space = objective.structuralNullSpace
    let basis: Matrix<Double> = space.basis()
    #expect(basis.rows == space.dimension)
    let products = objective.linearized(at: drawn.parameters).apply(basis)
    expectClose(
      products.elements, [Double](repeating: 0, count: products.elements.count),
      within: Tolerance(absolute: 1e-13, why: "cancelling sums of order 1"), "\(drawn.widths)")
    // Independent: orthonormal.
    let gram = try (basis * basis.transpose).symmetrized().eigenvalues()
    expectClose(
      gram, [Double](repeating: 1, count: basis.rows),
      within: Tolerance(absolute: 1e-13, why: "Householder's bases of few numbers"),
      "\(drawn.widths)")
    #expect(space.dimension >= drawn.widths[1], "the constant feature")
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(20))
  func `a linear network at the origin has ± the singular values of YXᵀ/N`(seed: Seed) throws {
    var generator = seed.generator
    let (d, k, hidden, samples) = (4, 3, 1 + Int(seed.value % 3), 9)
    let x = (0..<samples).map { _ in Draw.normals(d, using: &generator) }
    let y = (0..<samples).map { _ in Draw.normals(k, using: &generator) }
    let oracle = TwoLayerLinearNetwork(hidden: hidden, samples: x, targets: y)
    let landscape = LandscapeObjective(try oracle.landscape())
    let origin = [Double](repeating: 0, count: oracle.dimension)
    let spectrum = try Spectrum(eigenvalues: landscape.hessian(at: origin).eigenvalues())
    expectClose(spectrum.eigenvalues, try oracle.spectrumAtOrigin(), within: tight)
    let point = landscape.landscape.criticalPoints[0]
    #expect(spectrum.index(at: 1e-10) == point.index)
    #expect(spectrum.degeneracy(at: 1e-10).zeros == point.nullity)

    // The core's own network adds biases; weights alone must give the same block.
    let objective = try NetworkObjective<Double>(
      network: Network.dense([d, hidden, k], .identity),
      loss: .meanSquaredError, inputs: Matrix(x), targets: .values(Matrix(y)))
    let layers = objective.network.denseLayers
    let weights = Array(layers[0].weights) + Array(layers[1].weights)
    let full = objective.hessian(
      at: [Double](repeating: 0, count: objective.dimension))
    let block = Matrix(weights.map { i in weights.map { full[i, $0] } })
    expectClose(try block.eigenvalues(), try oracle.spectrumAtOrigin(), within: tight)
  }

  @Test(.tags(.oracle))
  func `every known critical point has the index the analyzer counts`() throws {
    for landscape in [
      Landscape.himmelblau, .sixHumpCamel, .beale, .rosenbrock(), .monkeySaddle, .flatSaddle,
      .classicalSaddle,
    ] {
      let objective = LandscapeObjective(landscape)
      for point in landscape.criticalPoints {
        let values = try objective.hessian(at: point.location).eigenvalues()
        let spectrum = try Spectrum(eigenvalues: values)
        #expect(spectrum.index(at: 1e-8) == point.index, "\(landscape.name) at \(point.location)")
        let zeros = spectrum.radius == 0 ? 2 : spectrum.degeneracy(at: 1e-8).zeros
        #expect(zeros == point.nullity, "\(landscape.name) at \(point.location)")
        if point.index > 0 {
          var generator = RandomStream(seed: 1)
          let certificate = try NegativeCurvatureCertificate.search(
            hessian: objective.hessian(at: point.location), leastEigenvalue: spectrum.least,
            of: objective, at: point.location, using: &generator)
          #expect(certificate?.isValid == true, "\(landscape.name) at \(point.location)")
        }
      }
    }
  }
}
