import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// The core's Hessian where its whole spectrum or its rank is known in closed form.
@Suite struct LinearNetworkSpectrumTests {
  /// d, M, K: fewer hidden units than modes, as many, more.
  static let shapes = [
    [1, 1, 1], [3, 2, 4], [5, 2, 3], [4, 3, 3], [3, 3, 3], [2, 5, 3], [3, 4, 2], [4, 6, 4],
  ]

  private func network(_ shape: [Int]) -> WhitenedLinearNetwork {
    var rng = RandomStream(seed: 7, name: "linear")
    let s = (0..<min(shape[0], shape[2])).map { 2.3 - 0.55 * Double($0) }
    return WhitenedLinearNetwork(
      inputs: shape[0], hidden: shape[1], outputs: shape[2], singularValues: s,
      samples: shape[0] + shape[2] + 9, using: &rng)
  }

  private func objective(
    _ widths: [Int], _ samples: [[Double]], _ targets: [[Double]],
    _ activation: Activation = .identity
  ) throws -> NetworkObjective<Double> {
    try NetworkObjective(
      network: Network.dense(widths, activation),
      loss: .meanSquaredError, inputs: Matrix(samples), targets: .values(Matrix(targets)))
  }

  /// What a Hessian's spectrum says against what is known: the worst eigenvalue in tolerances, and
  /// the counts.
  private func compare(
    _ hessian: Matrix<Double>, _ eigenvalues: [Double]
  ) throws -> (ratio: Double, index: Int, nullity: Int) {
    let found = try hessian.eigenvalues()
    let spectrum = try Spectrum(eigenvalues: found)
    let worst = worstDeviation(
      found, eigenvalues, within: Tolerance(absolute: 1e-12, why: "the issue's own bound"))
    return (
      worst?.ratio ?? .infinity, spectrum.index(at: 1e-10), spectrum.degeneracy(at: 1e-10).zeros
    )
  }

  @Test(.tags(.oracle), arguments: shapes)
  func `every balanced critical point has its whole spectrum, index and nullity`(
    shape: [Int]
  ) throws {
    let linear = network(shape)
    let landscape = LandscapeObjective(try linear.network.landscape())
    let core = try objective(shape, linear.samples, linear.targets)
    let weights = core.network.denseLayers.flatMap { Array($0.weights) }
    var rng = RandomStream(seed: 8, name: "rotation")
    for modes in linear.subsets {
      let q = RandomMatrix.orthogonal(order: shape[1], using: &rng)
      let known = linear.criticalPoint(modes: modes, rotation: q)
      let full = core.hessian(at: known.biasedLocation)
      let block = Matrix(weights.map { i in weights.map { full[i, $0] } })
      let gradient = core.gradient(at: known.biasedLocation)
      #expect(gradient.gradient.allSatisfy { $0.magnitude < 1e-13 }, "\(shape), \(modes)")
      expectClose(
        gradient.value, known.point.value, within: Tolerance(relative: 1e-13, why: "short sums"))
      for (name, hessian) in [
        ("landscape", landscape.hessian(at: known.point.location)), ("core", block),
      ] {
        let found = try compare(hessian, known.eigenvalues)
        #expect(found.ratio <= 1, "\(shape), \(modes), \(name): \(found)")
        #expect(found.index == known.point.index, "\(shape), \(modes), \(name): \(found)")
        #expect(found.nullity == known.point.nullity, "\(shape), \(modes), \(name): \(found)")
      }
      // The core's own Hessian, biases and all.
      let found = try compare(full, known.biasedEigenvalues)
      #expect(found.ratio <= 1, "\(shape), \(modes), with biases: \(found)")
      #expect(found.index == known.point.index, "\(shape), \(modes), with biases: \(found)")
      #expect(
        found.nullity == known.point.nullity + shape[1], "\(shape), \(modes), with biases")
    }
  }

  @Test func `one block that is one per cent wrong is seen at every critical point`() throws {
    for shape in Self.shapes {
      let linear = network(shape)
      let core = try objective(shape, linear.samples, linear.targets)
      let layers = core.network.denseLayers
      var rng = RandomStream(seed: 8, name: "rotation")
      for modes in linear.subsets {
        let q = RandomMatrix.orthogonal(order: shape[1], using: &rng)
        let known = linear.criticalPoint(modes: modes, rotation: q)
        let full = core.hessian(at: known.biasedLocation)
        for (a, b) in [(0, 0), (0, 1), (1, 1)] {
          let wrong = full.scaling(layers[a].weights, layers[b].weights, by: 1.01)
          // At the origin the diagonal blocks vanish: nothing is planted there.
          guard wrong != full, largestChange(wrong, full) > 1e-10 else { continue }
          let found = try compare(wrong, known.biasedEigenvalues)
          #expect(found.ratio > 1e6, "\(shape), \(modes), block (\(a), \(b)): \(found)")
        }
      }
    }
  }

  private func largestChange(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double {
    zip(a.elements, b.elements).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
  }

  // MARK: Rank

  private func coreHessian(
    _ drawn: DeepLinearRankCase, targets: [[Double]]
  ) throws -> Matrix<Double> {
    try drawn.coreHessian(.values(Matrix(targets)))
  }

  private func oracleHessian(_ drawn: DeepLinearRankCase, targets: [[Double]]) -> Matrix<Double> {
    let hidden = Array(drawn.widths.dropFirst().dropLast())
    return Matrix(
      DeepLinearNetwork(hidden: hidden, samples: drawn.samples, targets: targets)
        .hessian(at: drawn.weights))
  }

  private func drawn(
    _ seed: Seed, _ loss: Loss = .meanSquaredError
  ) -> DeepLinearRankCase {
    var generator = seed.generator
    return DeepLinearRankCase(loss, using: &generator)
  }

  /// Over the campaign zeros come out as at most 8e-16 and everything else as at least 4e-5.
  private func gap(_ matrix: Matrix<Double>) throws -> RankGap {
    try #require(try RankGap(of: Spectrum(eigenvalues: matrix.eigenvalues())))
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(80))
  func `the rank of a deep linear network's Hessian and of its parts is Singh's`(
    seed: Seed
  ) throws {
    let drawn = drawn(seed)
    let expected = drawn.expected
    let (y, z) = (drawn.targets, drawn.outputs)
    for (whole, outer) in [
      (try coreHessian(drawn, targets: y), try coreHessian(drawn, targets: z)),
      (oracleHessian(drawn, targets: y), oracleHessian(drawn, targets: z)),
    ] {
      let functional = Matrix(
        rows: whole.rows, columns: whole.columns,
        elements: zip(whole.elements, outer.elements).map { $0 - $1 })
      for (name, matrix, rank) in [
        ("H", whole, expected.total), ("outer", outer, expected.outer),
        ("functional", functional, expected.functional),
      ] {
        // A part may vanish altogether.
        let found = try RankGap(of: Spectrum(eigenvalues: matrix.eigenvalues()))
        // What is counted stands at least 1e6 times above what is not.
        #expect(
          found?.rank ?? 0 == rank && found?.ratio ?? .infinity > 1e6,
          "\(name), \(drawn.widths), r = \(drawn.inputRank): \(found)")
      }
    }
  }

  // Softmax cross-entropy, K − 1 for K (Singh et al. 2021): the claim's own trials.
  @Test(.tags(.oracle), arguments: Seed.campaign(80), [Loss.softmaxCrossEntropy, .meanSquaredError])
  func `the rank is the closed form's for both losses, with a gap of a thousand at the cut`(
    seed: Seed, loss: Loss
  ) throws {
    let drawn = drawn(seed, loss)
    let gap = try #require(try drawn.gap())
    #expect(drawn.holds(gap), "\(drawn.widths), r = \(drawn.inputRank), \(loss): \(gap)")
  }

  @Test func `a formula that forgets the softmax shift is refused by most networks`() throws {
    let refused = try Seed.campaign(80).count { seed in
      let drawn = drawn(seed, .softmaxCrossEntropy)
      let forgetful = DeepLinearNetwork.hessianRank(
        widths: drawn.widths, inputRank: drawn.inputRank)
      return try drawn.gap()?.rank != forgetful.total
    }
    #expect(refused >= 60, "\(refused) of 80")
  }

  @Test func `the cases reach every regime of the rank formulas`() {
    let drawn = Seed.campaign(80).map { self.drawn($0) }
    #expect(drawn.count { $0.inputRank < $0.widths[0] } >= 20, "inputs of deficient rank")
    for depth in 2...4 { #expect(drawn.count { $0.widths.count == depth + 1 } >= 15) }
    let narrow = drawn.count {
      ($0.widths.dropFirst().dropLast().min() ?? 0) < min($0.inputRank, $0.widths.last ?? 0)
    }
    #expect((20...60).contains(narrow), "a bottleneck in the hidden layers: \(narrow) of 80")
  }

  // H's blocks are products of factors whose ranges contain each other, so a factor on a whole
  // block leaves the rank alone: that fault is for the spectra above to find.
  @Test func `the rank sees one entry that is one per cent wrong, and is blind to a whole block`()
    throws
  {
    var (planted, entry, row, block) = (0, 0, 0, 0)
    for seed in Seed.campaign(80) {
      let drawn = drawn(seed)
      let whole = try coreHessian(drawn, targets: drawn.targets)
      // A regular Hessian stays regular.
      guard drawn.expected.total < whole.rows else { continue }
      planted += 1
      let first = drawn.widths[0] * drawn.widths[1]
      let second = first..<first + drawn.widths[1] * drawn.widths[2]
      func isSeen(_ rows: Range<Int>, _ columns: Range<Int>) throws -> Int {
        try gap(whole.scaling(rows, columns, by: 1.01)).rank == drawn.expected.total ? 0 : 1
      }
      entry += try isSeen(0..<1, first..<first + 1)
      row += try isSeen(0..<1, second)
      block += try isSeen(0..<first, second)
    }
    #expect(planted >= 60 && entry >= planted * 4 / 5 && row >= planted * 3 / 5)
    #expect(block == 0, "\(planted), \(entry), \(row)")
  }
}

extension Matrix<Double> {
  /// The matrix with one block and its mirror image multiplied.
  func scaling(_ rows: Range<Int>, _ columns: Range<Int>, by factor: Double) -> Matrix {
    var result = self
    for i in rows {
      for j in columns {
        result[i, j] = self[i, j] * factor
        result[j, i] = self[j, i] * factor
      }
    }
    return result
  }
}
