import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// Structural zeros are all the zeros that every θ has: of data of every rank, with biases and
/// without, of dense and convolutional first layers.
///
/// There are at least twice as many samples as a hidden layer has units, since fewer add zeros of
/// their own, which are not counted.
@Suite struct StructuralZerosTests {
  private static let samples = 24

  /// Whole numbers of a rank of at most so much, in parts of 32.
  private func inputs(
    features: Int, rank: Int, using generator: inout RandomStream
  ) -> Matrix<Double> {
    func draw(_ rows: Int, _ columns: Int, _ most: Int) -> Matrix<Double> {
      Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { _ in
          Double(generator.index(below: 2 * most + 1) - most)
        })
    }
    let product = draw(Self.samples, rank, 12) * draw(rank, features, 3)
    return Matrix(
      rows: product.rows, columns: features, elements: product.elements.map { $0 / 32 })
  }

  private func objective(
    _ network: Network, _ loss: Loss, _ inputs: Matrix<Double>, weightDecay: Double = 0
  ) throws -> NetworkObjective<Double> {
    try NetworkObjective(
      network: network, loss: loss, inputs: inputs,
      targets: .classes((0..<inputs.rows).map { Int32($0 % network.outputs) }),
      weightDecay: weightDecay)
  }

  /// The least number of eigenvalues within LAPACK's resolution of zero, over three θ.
  private func leastNullity(
    _ objective: some Objective<Double>, using generator: inout RandomStream
  ) throws -> Int {
    try (0..<3).map { _ in
      let θ = (0..<objective.dimension).map { _ in generator.normal() }
      let spectrum = try Spectrum(eigenvalues: objective.hessian(at: θ).eigenvalues())
      return spectrum.degeneracy(at: spectrum.resolution).zeros
    }.min() ?? 0
  }

  private func check(
    _ objective: some Objective<Double>, _ name: String, using generator: inout RandomStream
  ) throws {
    let space = objective.structuralNullSpace
    #expect(space.isExact, "\(name): \(space)")
    #expect(
      try leastNullity(objective, using: &generator) == space.dimension, "\(name): \(space)")
    // Orthonormal, and flat at any θ to second order.
    let basis: Matrix<Double> = space.basis()
    try #require(basis.rows == space.dimension)
    let unit = Matrix<Double>(
      (0..<basis.rows).map { i in
        (0..<basis.rows).map { $0 == i ? 1 : 0 }
      })
    expectClose(
      (basis * basis.transpose).elements, unit.elements,
      within: Tolerance(absolute: 1e-13, why: "Householder's bases of some tens of numbers"), name)
    let θ = (0..<objective.dimension).map { _ in generator.normal() }
    let (_, gradient) = objective.gradient(at: θ)
    let hessian = objective.hessian(at: θ)
    let zero = Tolerance(absolute: 1e-12, why: "cancelling sums of numbers of order 10")
    expectClose(basis * gradient, [Double](repeating: 0, count: basis.rows), within: zero, name)
    let products = basis * hessian
    expectClose(
      products.elements, [Double](repeating: 0, count: products.elements.count), within: zero, name)
    // Taken out, they leave the others.
    let left = space.deflated(hessian)
    #expect(left == left.transpose, "\(name)")
    expectClose(
      (try left.eigenvalues() + [Double](repeating: 0, count: space.dimension)).sorted(),
      try hessian.eigenvalues(),
      within: Tolerance(absolute: 1e-11, why: "LAPACK's ratio for orders below 100"), name)
  }

  private let heads: [[Int]] = [[], [3], [3, 2]]

  @Test(arguments: Seed.campaign(8), [true, false])
  func `dense networks have as many zeros at every θ as are counted`(
    seed: Seed, hasBias: Bool
  ) throws {
    var generator = RandomStream(seed: seed.value, name: "structural zeros")
    for hidden in heads {
      for loss in Loss.allCases {
        let features = 5
        let rank = 1 + generator.index(below: features)
        let widths = hidden + [4]
        var layers: [Layer] = []
        for width in widths {
          if !layers.isEmpty { layers.append(.activation(.tanh)) }
          layers.append(.dense(outputs: width, hasBias: hasBias))
        }
        let network = try Network(input: Shape(channels: features), layers: layers)
        let inputs = inputs(features: features, rank: rank, using: &generator)
        try check(
          objective(network, loss, inputs), "\(network), \(loss), rank \(rank), \(seed)",
          using: &generator)
      }
    }
  }

  @Test(arguments: Seed.campaign(8), [true, false])
  func `convolutional networks have as many zeros at every θ as are counted`(
    seed: Seed, hasBias: Bool
  ) throws {
    var generator = RandomStream(seed: seed.value, name: "structural zeros of patches")
    // A 2 × 3 kernel on a 4 × 5 image: 3 × 3 positions, of which a pool leaves out the last.
    let tails: [[Layer]] = [
      [
        .activation(.tanh), .averagePool(size: 2, stride: 2), .flatten,
        .dense(outputs: 3, hasBias: hasBias),
      ],
      [.activation(.tanh), .flatten, .dense(outputs: 3, hasBias: hasBias)],
      // One logit a channel, and two.
      [.averagePool(size: 3, stride: 1), .flatten],
      [.averagePool(size: Extent(3, 2), stride: 1), .flatten],
    ]
    for (number, tail) in tails.enumerated() {
      for images in Images.allCases {
        // Zeros beyond the edges, which no dependence of the images has.
        let padding = number == 0 ? generator.index(below: 2) : 0
        let network = try Network(
          input: Shape(channels: 1, height: 4, width: 5),
          layers: [
            .convolution(
              channels: 2, kernel: Extent(2, 3), padding: Extent(0, padding), hasBias: hasBias)
          ] + tail)
        let inputs = images.draw(Self.samples, using: &generator)
        for loss in Loss.allCases {
          try check(
            objective(network, loss, inputs), "\(network), \(loss), \(images), \(seed)",
            using: &generator)
        }
      }
    }
  }

  /// Images of 4 × 5 pixels.
  private enum Images: CaseIterable {
    case random
    /// Each pixel of a row is the sum of the two before it, so that patches three wide depend on one
    /// another.
    case recurrent
    /// The same but for the last column, which a pool may leave out.
    case recurrentButForTheLast

    func draw(_ count: Int, using generator: inout RandomStream) -> Matrix<Double> {
      var images = Matrix<Double>(
        rows: count, columns: 20,
        elements: (0..<count * 20).map { _ in Double(generator.index(below: 25) - 12) / 32 })
      guard self != .random else { return images }
      for n in 0..<count {
        for row in 0..<4 {
          for x in 5 * row + 2..<5 * row + (self == .recurrent ? 5 : 4) {
            images[n, x] = images[n, x - 1] + images[n, x - 2]
          }
        }
      }
      return images
    }
  }

  @Test func `under weight decay none of them is a zero, by any method`() throws {
    var generator = RandomStream(seed: 3)
    let network = try Network(
      input: Shape(channels: 4),
      layers: [.dense(outputs: 3), .activation(.tanh), .dense(outputs: 3)])
    let inputs = inputs(features: 4, rank: 2, using: &generator)
    let plain = try objective(network, .softmaxCrossEntropy, inputs)
    let decayed = try objective(network, .softmaxCrossEntropy, inputs, weightDecay: 0.25)
    let θ = (0..<plain.dimension).map { _ in generator.normal() }
    let dimension = plain.structuralNullSpace.dimension
    #expect(dimension == 2 * 3 + 4 && decayed.structuralNullSpace.dimension == dimension)
    #expect(plain.structuralEigenvalue().zeros == dimension)
    var settings = MatrixFreeSettings()
    settings.pairs = 2
    settings.steps = 10
    func counted(_ objective: NetworkObjective<Double>) throws -> Int {
      try MatrixFreeAnalysis(of: objective, at: θ, settings: settings).spectrum.structuralZeros
    }
    #expect(try counted(plain) == dimension && counted(decayed) == 0)
    #expect(decayed.structuralEigenvalue().zeros == 0)
    #expect(decayed.structuralEigenvalue().value == 0.25)
    #expect(decayed.structuralEigenvalue(of: .residual).zeros == dimension)
    #expect(decayed.structuralEigenvalue(includingPenalty: false).zeros == dimension)
    #expect(try PointAnalysis(of: decayed, at: θ).spectrum.structuralZeros == 0)
    let at = try decayed.hessian(at: θ).eigenvalues().count { ($0 - 0.25).magnitude < 1e-13 }
    #expect(at == dimension)
  }

  @Test func `a streamed objective knows what its parts have in common`() throws {
    var generator = RandomStream(seed: 5)
    let network = try Network(
      input: Shape(channels: 6),
      layers: [.dense(outputs: 3), .activation(.tanh), .dense(outputs: 3)])
    let inputs = inputs(features: 6, rank: 4, using: &generator)
    let whole = try objective(network, .softmaxCrossEntropy, inputs)
    // The first part's samples span less than all do.
    let counts = [3, 9, 12]
    let parts = try [0..<3, 3..<12, 12..<24].map { rows in
      try objective(
        network, .softmaxCrossEntropy, Matrix(rows.map { inputs.row($0) }))
    }
    #expect(parts[0].structuralNullSpace.dimension > whole.structuralNullSpace.dimension)
    let streamed = try StreamedObjective(samples: counts) { parts[$0] }
    try check(streamed, "streamed", using: &generator)
    #expect(streamed.structuralNullSpace.parts == whole.structuralNullSpace.parts)
    #expect(AssembledObjective(whole).structuralNullSpace == whole.structuralNullSpace)
    #expect(LandscapeObjective(.rosenbrock()).structuralNullSpace.dimension == 0)
  }

  /// A network of one hidden layer on prepared images.
  private func prepared(
    _ data: DatasetDescription, hasBias: Bool
  ) throws -> (known: any SampledObjective<Double>, bare: NetworkObjective<Double>) {
    let examples = try data.examples(Double.self, from: DataFolder())
    let network = try Network(
      input: Shape(channels: examples.inputs.columns),
      layers: [
        .dense(outputs: 8, hasBias: hasBias), .activation(.tanh),
        .dense(outputs: 10, hasBias: hasBias),
      ])
    let experiment = Experiment(
      name: "structure", data: data, architecture: .network(network),
      origin: .trained(
        by: OptimizerDescription("sgd", ["learningRate": 0.1]),
        plan: try TrainingPlan(epochs: 1, batchSize: 4, seed: 1)))
    return (
      try experiment.prepared(from: DataFolder()).objective(Double.self),
      try NetworkObjective(
        network: network, loss: .softmaxCrossEntropy, inputs: examples.inputs,
        targets: .classes(examples.labels.map { Int32($0) }))
    )
  }

  @Test(.requiresMNIST)
  func `twenty images of MNIST make 249 zeros at every θ`() throws {
    var generator = RandomStream(seed: 1)
    let (known, bare) = try prepared(
      DatasetDescription(.mnist(file: .train, first: 20), pooling: 4), hasBias: true)
    let space = known.structuralNullSpace
    #expect(space.dimension == 249 && space.parts.map(\.count) == [240, 9])
    #expect(space.isExact)
    #expect(bare.structuralNullSpace.dimension == 249)
    #expect(try leastNullity(bare, using: &generator) == 249)
  }

  @Test(arguments: Standardization.allCases, [true, false])
  func `standardized images have the rank that they had before rounding`(
    standardization: Standardization, hasBias: Bool
  ) throws {
    var generator = RandomStream(seed: 1)
    // 12 images of 16 pixels, of which standardization by features takes one dimension more.
    let (known, bare) = try prepared(
      DatasetDescription(
        .syntheticDigits(seed: 3, count: 12), pooling: 7, standardization: standardization),
      hasBias: hasBias)
    let space = known.structuralNullSpace
    #expect(space.isExact, "\(space)")
    #expect(space.dimension == bare.structuralNullSpace.dimension, "\(space)")
    #expect(try leastNullity(bare, using: &generator) == space.dimension, "\(space)")
  }

  @Test func `tables of rounded numbers have their rank within a tolerance, and say so`() throws {
    var generator = RandomStream(seed: 9)
    let network = try Network(
      input: Shape(channels: 4),
      layers: [.dense(outputs: 3), .activation(.tanh), .dense(outputs: 3)])
    // The last feature is a rounded sum of the others.
    let inputs = Matrix<Double>(
      (0..<Self.samples).map { _ in
        let x = (0..<3).map { _ in generator.normal() }
        return x + [0.3 * x[0] - 0.7 * x[1] + x[2] / 3]
      })
    let objective = try objective(network, .softmaxCrossEntropy, inputs)
    let space = objective.structuralNullSpace
    #expect(space.dimension == 3 + 4 && !space.isExact, "\(space)")
    #expect(space.parts[0].isExact == false && space.parts[1].isExact, "\(space)")
    #expect(try leastNullity(objective, using: &generator) == 7)
  }
}
