import Oracles
import Saddle
import Support
import Testing

@Suite struct DiscreteMeasureTests {
  private func random(
    _ count: Int, using generator: inout RandomStream
  ) throws -> DiscreteMeasure {
    let weights = (0..<count).map { _ in generator.uniform() }
    let sum = weights.reduce(0, +)
    // Some nodes coincide, within a measure and between two.
    return try DiscreteMeasure(
      nodes: (0..<count).map { _ in generator.uniform(-4, 4).rounded() + generator.uniform() },
      weights: weights.map { $0 / sum })
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(60))
  func `the Wasserstein distance is the cost of moving mass`(seed: Seed) throws {
    var generator = seed.generator
    let a = try random(1 + generator.index(below: 8), using: &generator)
    let b = try random(1 + generator.index(below: 8), using: &generator)
    let expected = PrescribedMeasure(nodes: a.nodes, weights: a.weights)
      .wasserstein1(to: PrescribedMeasure(nodes: b.nodes, weights: b.weights))
    let near = Tolerance(absolute: 1e-13, why: "sums of ten numbers below 5")
    expectClose(try a.wasserstein1(to: b), expected, within: near)
    expectClose(try b.wasserstein1(to: a), expected, within: near)
    #expect(try a.wasserstein1(to: a) == 0)
  }

  @Test func `a shift of all mass costs the shift`() throws {
    let a = try DiscreteMeasure(eigenvalues: [3, 1, 2])
    let b = try DiscreteMeasure(eigenvalues: [6, 5, 4])
    expectClose(try a.wasserstein1(to: b), 3, within: Tolerance(relative: 1e-15, why: "hand"))
    // Worked by hand: half of the mass at 0 and 4 against all at 1.
    let c = try DiscreteMeasure(nodes: [4, 0], weights: [0.5, 0.5])
    #expect(try c.wasserstein1(to: DiscreteMeasure(eigenvalues: [1])) == 2)
  }

  @Test func `unequal masses are refused, not renormalized`() throws {
    let a = try DiscreteMeasure(nodes: [1], weights: [1])
    let b = try DiscreteMeasure(nodes: [1], weights: [1.001])
    #expect(throws: SpectralEstimateError.massesDiffer(1, 1.001)) { try a.wasserstein1(to: b) }
    #expect(throws: SpectralEstimateError.massesDiffer(1, 0)) {
      try a.wasserstein1(to: DiscreteMeasure(eigenvalues: []))
    }
  }

  @Test func `nodes and weights are checked`() throws {
    #expect(throws: SpectralEstimateError.self) {
      try DiscreteMeasure(nodes: [.nan], weights: [1])
    }
    #expect(throws: SpectralEstimateError.self) {
      try DiscreteMeasure(nodes: [0], weights: [-1e-300])
    }
  }

  @Test func `mass, moments and distribution function are as worked by hand`() throws {
    let a = try DiscreteMeasure(nodes: [2, -1, 2], weights: [0.25, 0.5, 0.125])
    #expect(a.nodes == [-1, 2, 2])
    #expect(a.mass == 0.875)
    #expect(a.moment(0) == 0.875 && a.moment(1) == 0.25 && a.moment(3) == 2.5)
    #expect(a.cumulative(at: -1.1) == 0)
    #expect(a.cumulative(at: -1) == 0.5)
    #expect(a.cumulative(at: 2) == 0.875)
    #expect(a.mass(in: -1...1) == 0.5)
  }
}
