import Oracles
import Saddle
import Support
import Testing

/// Diagonals, Kronecker factors and Jacobian products against the exact matrices, which other tests
/// hold to plain loops, and where they are exact.
@Suite struct CurvatureApproximationTests {
  private let tight = Tolerance(
    absolute: 1e-12, relative: 1e-11, why: "at most 160 parameters, two eigensystems of order 30")

  private static let kinds: [CurvatureKind] = [
    .gaussNewton, .fisher, .monteCarloFisher(draws: 3, seed: 5), .empiricalFisher,
  ]

  /// Networks of dense layers and of all others.
  private func forEachNetwork(
    _ count: Int, _ body: (NetworkObjective<Double>, [Double], String, Seed) throws -> Void
  ) throws {
    for seed in Seed.campaign(count) {
      let dense = try NetworkCase(seed: seed)
      try body(dense.objective, dense.parameters, "\(dense.name), \(seed)", seed)
      let other = try ConvolutionCase(seed: seed)
      try body(other.objective, other.parameters, "\(other.name), \(seed)", seed)
    }
  }

  @Test(.tags(.oracle)) func `the diagonal is the matrix's`() throws {
    try forEachNetwork(40) { objective, θ, name, seed in
      let kind = Self.kinds[Int(seed.value % 4)]
      for isPenalized in [false, true] {
        let matrix = objective.curvatureMatrix(kind, at: θ, includingPenalty: isPenalized)
        expectClose(
          try objective.curvatureDiagonal(kind, at: θ, includingPenalty: isPenalized),
          θ.indices.map { matrix[$0, $0] }, within: tight, "\(kind) of \(name)")
      }
      let hessian = objective.linearized(at: θ)
      let matrix = objective.hessian(at: θ)
      expectClose(
        hessian.diagonal(block: 7), θ.indices.map { matrix[$0, $0] }, within: tight, name)
    }
  }

  @Test(.tags(.oracle)) func `what is no mean of squares is refused`() throws {
    let network = try NetworkCase(seed: Seed(1))
    for kind in [CurvatureKind.hessian, .residual, .gradientCovariance] {
      #expect(throws: ApproximationError.unsupported(kind)) {
        try network.objective.curvatureDiagonal(kind, at: network.parameters, includingPenalty: true)
      }
      #expect(throws: ApproximationError.unsupported(kind)) {
        try KroneckerCurvature(of: network.objective, at: network.parameters, kind)
      }
    }
  }

  @Test(.tags(.oracle)) func `Jacobian products are adjoint, and make the gradient and Gauss–Newton`()
    throws
  {
    try forEachNetwork(40) { objective, θ, name, seed in
      var generator = seed.generator
      let v = θ.map { _ in generator.normal() }
      let (n, k) = (objective.samples, objective.network.outputs)
      let jacobian = OutputJacobian(of: objective, at: θ)
      let image = jacobian.product(along: v)
      let u = Matrix(
        rows: n, columns: k, elements: (0..<n * k).map { _ in generator.normal() })
      let back = jacobian.transposedProduct(with: u)
      let (left, right) = (inner(u.elements, image.elements), inner(back, v))
      expectClose(left, right, within: tight, name)
      guard objective.loss == .meanSquaredError else { return }
      // (1/N)JᵀJv is Gauss–Newton's product.
      let product = objective.curvature(.gaussNewton, at: θ, includingPenalty: false).apply(v)
      expectClose(
        jacobian.transposedProduct(with: image).map { $0 / Double(n) }, product, within: tight, name)
    }
  }

  @Test(.tags(.oracle)) func `Jacobian products are the differences of outputs`() throws {
    // Of ½‖z − y‖² the value tells z: at h and −h along v, with y = e_k and without.
    for seed in Seed.campaign(10) {
      let network = try NetworkCase(seed: seed, activation: .tanh, loss: .meanSquaredError)
      var generator = seed.generator
      let v = network.direction(&generator)
      let image = OutputJacobian(of: network.objective, at: network.parameters).product(along: v)
      let h = 1e-5
      let ends = [h, -h].map { h in
        network.oracle.outputs(at: zip(network.parameters, v).map { $0 + h * $1 })
      }
      let differences = zip(ends[0].joined(), ends[1].joined()).map { ($0 - $1) / (2 * h) }
      expectClose(
        image.elements, differences,
        within: Tolerance(absolute: 1e-8, why: "differences of second order"),
        "\(network.name), \(seed)")
    }
  }

  @Test(.tags(.oracle), arguments: KroneckerCurvature<Double>.Eigenvalues.allCases)
  func `of one sample a dense layer's Kronecker product is its block`(
    eigenvalues: KroneckerCurvature<Double>.Eigenvalues
  ) throws {
    for seed in Seed.campaign(20) {
      let network = try NetworkCase(seed: seed)
      let (all, θ) = (network.objective, network.parameters)
      let one = try NetworkObjective(
        network: all.network, loss: all.loss, inputs: Matrix([all.inputs.row(0)]),
        targets: .classes([Int32(network.drawn.labels[0])]), weightDecay: all.weightDecay)
      let kind = Self.kinds[Int(seed.value % 4)]
      let approximation = try KroneckerCurvature(of: one, at: θ, kind, eigenvalues: eigenvalues)
      expectBlocks(
        approximation.assembled(), one.curvatureMatrix(kind, at: θ, includingPenalty: true),
        layers(of: one), "\(kind) of \(network.name), \(seed)")
    }
  }

  @Test(.tags(.oracle), arguments: KroneckerCurvature<Double>.Eigenvalues.allCases)
  func `for squared error in linear networks it is the block too`(
    eigenvalues: KroneckerCurvature<Double>.Eigenvalues
  ) throws {
    for seed in Seed.campaign(20) {
      let network = try NetworkCase(seed: seed, activation: .identity, loss: .meanSquaredError)
      let (objective, θ) = (network.objective, network.parameters)
      let approximation = try KroneckerCurvature(of: objective, at: θ, eigenvalues: eigenvalues)
      // The correction is a diagonal in the factors' basis, in which the block is one.
      expectBlocks(
        approximation.assembled(),
        objective.curvatureMatrix(.gaussNewton, at: θ, includingPenalty: true),
        layers(of: objective), "\(network.name), \(seed)")
    }
  }

  @Test(.tags(.oracle)) func `the correction is no further from the matrix`() throws {
    try forEachNetwork(30) { objective, θ, name, seed in
      let kind = Self.kinds[Int(seed.value % 4)]
      let matrix = objective.curvatureMatrix(kind, at: θ, includingPenalty: false)
      let distances = try WeightSharing.allCases.flatMap { sharing in
        try [KroneckerCurvature<Double>.Eigenvalues.ofFactors, .corrected].map { eigenvalues in
          let approximation = try KroneckerCurvature(
            of: objective, at: θ, kind, eigenvalues: eigenvalues, sharing: sharing,
            includingPenalty: false
          ).assembled()
          return distance(approximation, matrix, layers(of: objective))
        }
      }
      for pair in [distances[0...1], distances[2...3]] {
        #expect(
          pair[pair.startIndex + 1] <= pair[pair.startIndex] * (1 + 1e-9) + 1e-12, "\(kind) of \(name)")
      }
      // The correction keeps the trace.
      let corrected = try KroneckerCurvature(
        of: objective, at: θ, kind, eigenvalues: .corrected, includingPenalty: false)
      expectClose(
        corrected.eigenvalues.reduce(0, +), θ.indices.reduce(0) { $0 + matrix[$1, $1] },
        within: tight, name)
    }
  }

  @Test(.tags(.oracle)) func `positions are samples of a dense layer, whose losses add up`() throws {
    var generator = RandomStream(seed: 3)
    let (n, positions) = (5, 4)
    func drawn(_ count: Int) -> [Double] { (0..<count).map { _ in generator.normal() } }
    // Channels 3 → 4 → 2 at each of four places by itself.
    let layers: [Layer] = [
      .convolution(channels: 4, kernel: 1), .activation(.tanh),
      .convolution(channels: 2, kernel: 1),
    ]
    let inputs = Matrix(rows: n, columns: 3 * positions, elements: drawn(3 * positions * n))
    let targets = Matrix(rows: n, columns: 2 * positions, elements: drawn(2 * positions * n))
    let shared = try NetworkObjective(
      network: Network(
        input: Shape(channels: 3, height: 2, width: 2), layers: layers + [.flatten]),
      loss: .meanSquaredError, inputs: inputs, targets: .values(targets))
    func apart(_ x: Matrix<Double>, _ channels: Int) -> Matrix<Double> {
      Matrix(
        (0..<n).flatMap { i in
          (0..<positions).map { p in (0..<channels).map { x[i, $0 * positions + p] } }
        })
    }
    let dense = try NetworkObjective(
      network: .dense([3, 4, 2], .tanh), loss: .meanSquaredError, inputs: apart(inputs, 3),
      targets: .values(apart(targets, 2)))
    let θ = drawn(shared.dimension)
    let whole = try KroneckerCurvature(of: shared, at: θ).assembled()
    let parts = try KroneckerCurvature(of: dense, at: θ).assembled()
    expectClose(whole.elements, parts.elements.map { $0 * Double(positions) }, within: tight)
  }

  @Test(.tags(.oracle)) func `summed over positions it is exact where they are averaged`() throws {
    var generator = RandomStream(seed: 4)
    func drawn(_ count: Int) -> [Double] { (0..<count).map { _ in generator.normal() } }
    // A linear network that averages over its places.
    let objective = try NetworkObjective(
      network: Network(
        input: Shape(channels: 2, height: 3, width: 3),
        layers: [
          .convolution(channels: 3, kernel: 2), .averagePool(size: 2, stride: 2), .flatten,
          .dense(outputs: 2),
        ]), loss: .meanSquaredError, inputs: Matrix(rows: 6, columns: 18, elements: drawn(108)),
      targets: .values(Matrix(rows: 6, columns: 2, elements: drawn(12))))
    let θ = drawn(objective.dimension)
    let exact = objective.curvatureMatrix(.gaussNewton, at: θ, includingPenalty: true)
    let reduced = try KroneckerCurvature(of: objective, at: θ, sharing: .reduce).assembled()
    expectBlocks(reduced, exact, layers(of: objective), "averaged")
    let expanded = try KroneckerCurvature(of: objective, at: θ, sharing: .expand).assembled()
    #expect(distance(expanded, exact, layers(of: objective)) > 1e-3, "which expanding is not")
  }

  @Test(.tags(.oracle)) func `its inverse is one, and damping that is not enough is refused`() throws {
    try forEachNetwork(20) { objective, θ, name, seed in
      let approximation = try KroneckerCurvature(
        of: objective, at: θ, eigenvalues: seed.value % 2 == 0 ? .ofFactors : .corrected,
        includingPenalty: false)
      var generator = seed.generator
      let v = θ.map { _ in generator.normal() }
      let back = try approximation.inverse(damping: 0.3).apply(
        approximation.scaled(by: 1, shiftedBy: 0.3).apply(v))
      expectClose(back, v, within: tight, name)
      #expect(throws: ApproximationError.self) { try approximation.inverse(damping: -1e3) }
    }
  }

  /// The parameters of each affine layer, weights and biases, of dense networks; of others all.
  private func layers(of objective: NetworkObjective<Double>) -> [[Int]] {
    var layers: [[Int]] = []
    for block in objective.parameterBlocks {
      if block.name.hasSuffix("bias"), !layers.isEmpty, block.shape.count == 1 {
        layers[layers.count - 1] += Array(block.range)
      } else {
        layers.append(Array(block.range))
      }
    }
    return layers
  }

  private func expectBlocks(
    _ got: Matrix<Double>, _ expected: Matrix<Double>, _ layers: [[Int]], _ name: String
  ) {
    for (l, layer) in layers.enumerated() {
      expectClose(
        layer.flatMap { i in layer.map { got[i, $0] } },
        layer.flatMap { i in layer.map { expected[i, $0] } }, within: tight, "\(name), layer \(l)")
      let others = layers.indices.filter { $0 != l }.flatMap { layers[$0] }
      #expect(layer.allSatisfy { i in others.allSatisfy { got[i, $0] == 0 } })
    }
  }

  /// ‖got − expected‖_F over the layers' blocks.
  private func distance(
    _ got: Matrix<Double>, _ expected: Matrix<Double>, _ layers: [[Int]]
  ) -> Double {
    var sum = 0.0
    for layer in layers {
      for i in layer {
        for j in layer { sum += (got[i, j] - expected[i, j]) * (got[i, j] - expected[i, j]) }
      }
    }
    return sum.squareRoot()
  }
}
