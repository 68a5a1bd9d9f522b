import Oracles
import Saddle
import Support
import Testing

/// Extremal eigenpairs of random matrices: whatever the settings, what is claimed must hold.
@Suite struct KrylovTests {
  private func drawEnds(_ generator: inout RandomStream) -> SpectralEnds {
    let k = 1 + generator.index(below: 5)
    return [.least(k), .greatest(k), .bothEnds(k), .largestMagnitude(k)][generator.index(below: 4)]
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(300))
  func `every interval has an eigenvalue in it, and no copy is counted twice`(seed: Seed) throws {
    var rng = seed.generator
    let drawn = RandomSymmetric.draw(maximumOrder: 40, using: &rng)
    let spectrum = try GSL.eigenvalues(drawn.rows)
    let a = DenseOperator(Matrix(drawn.rows))
    let ends = drawEnds(&rng)
    let tolerance = [1e-12, 1e-8, 1e-4, 1e-2, 0.2][rng.index(below: 5)]
    let block = 1 + rng.index(below: 4)
    let size = rng.index(below: 2) == 0 ? nil : 6 + rng.index(below: 20)
    let name = "\(drawn.name), \(ends), \(tolerance), block \(block), basis \(size ?? 0)"
    let result = try ThickRestartLanczos<Double>(
      ends: ends, tolerance: tolerance, block: block, basisSize: size, maximumProducts: 1500
    ).run(on: a, using: &rng)
    // At a tolerance as wide as the spectrum's features "converged" says nothing on which they are.
    let isSharp = tolerance < 1e-3 && result.ending != .budgetSpent
    expectHolds(result, ends, of: spectrum, missesNone: isSharp, name)
    #expect(result.orthogonalityDefect < 1e-12, "\(name)")
    #expect(result.products <= 1500 + 2 * 5 + block, "\(name)")
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(100))
  func `so it is in single precision`(seed: Seed) throws {
    var rng = seed.generator
    let family = RandomSymmetric.Family.allCases.filter { $0 != .edge }
    let drawn = RandomSymmetric.draw(
      order: 1 + rng.index(below: 40), family: family[rng.index(below: family.count)], using: &rng)
    let a = Matrix(drawn.rows).converted(to: Float.self)
    let spectrum = try GSL.eigenvalues(a.converted(to: Double.self).asRows)
    let ends = drawEnds(&rng)
    let result = try ThickRestartLanczos<Float>(
      ends: ends, block: 1 + rng.index(below: 3), maximumProducts: 1500
    ).run(on: DenseOperator(a), using: &rng)
    expectHolds(
      result, ends, of: spectrum, missesNone: result.ending != .budgetSpent,
      "\(drawn.name), \(ends)")
    #expect(result.orthogonalityDefect < 1e-5)
  }

  // Multiplicities 1 to 6 at the top, drawn; block 1 sees one copy only at first. The reported
  // bound on a miss is 1e-6 or less where the search ended by it, and no run of 150 may miss:
  // false-alarm rate 1.5e-4 at most.
  @Test(.tags(.statistical)) func `no copy of a multiple eigenvalue is missed in 150 runs`() throws {
    for seed in Seed.campaign(150) {
      var rng = seed.generator
      let copies = 1 + rng.index(below: 6)
      var diagonal = (0..<150).map { _ in rng.uniform(-1, 0.8) }
      for i in 0..<copies { diagonal[i] = 1 }
      let lanczos = try ThickRestartLanczos<Double>(ends: .greatest(6), tolerance: 1e-6)
      let result = try lanczos.run(on: DiagonalOperator(diagonal: diagonal), using: &rng)
      #expect(result.ending == .converged, "\(seed)")
      #expect(result.clusters.last?.multiplicity == copies, "\(seed)")
      expectHolds(result, .greatest(6), of: diagonal.sorted(), "\(seed)")
    }
  }

  // The torture set at a size that must restart, and a wanted number that cuts into a cluster.
  @Test(.tags(.oracle), arguments: [1, 4])
  func `a large clustered spectrum has its ends through many restarts`(block: Int) throws {
    var rng = RandomStream(seed: 41)
    var diagonal = (0..<3000).map { _ in 1e-3 * rng.normal() }
    for i in 0..<10 { diagonal[i] = 5 + Double(i / 2) }
    for i in 10..<13 { diagonal[i] = -1 }
    let result = try ThickRestartLanczos<Double>(ends: .bothEnds(5), block: block, basisSize: 40)
      .run(on: DiagonalOperator(diagonal: diagonal), using: &rng)
    #expect(result.ending == .converged)
    expectHolds(result, .bothEnds(5), of: diagonal.sorted())
    #expect(Array(result.clusters.map(\.multiplicity).suffix(3)) == [1, 2, 2])
    #expect(result.clusters.first?.multiplicity == 3)
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(20))
  func `the ends of a GOE matrix of order 150 are as sharp as their gaps allow`(seed: Seed) throws {
    var rng = seed.generator
    let a = Matrix(RandomMatrix.goe(order: 150, using: &rng))
    let exact = try a.eigenvalues()
    let lanczos = try ThickRestartLanczos<Double>(ends: .bothEnds(3)).run(
      on: DenseOperator(a), using: &rng)
    expectHolds(lanczos, .bothEnds(3), of: exact)
    // Gap bounds are sharp where they are given: the outer two of each end.
    #expect(lanczos.gapBounds.count { $0 != nil } == 4, "\(lanczos.gapBounds)")
    expectClose(
      zip(lanczos.values, lanczos.gapBounds).compactMap { $1 == nil ? nil : $0 },
      [exact[0], exact[1], exact[148], exact[149]],
      within: Tolerance(relative: 1e-12, why: "(1e-8)² over the gap"))
  }

  @Test(.tags(.oracle), arguments: [1, 3])
  func `products may be spent at any moment, that of convergence included`(block: Int) throws {
    var rng = RandomStream(seed: 13)
    let a = Matrix(RandomMatrix.goe(order: 40, using: &rng))
    let spectrum = try GSL.eigenvalues(a.asRows)
    var endings: [EigenpairEnding] = []
    for steps in 1...80 {
      let products = block * steps
      let result = try ThickRestartLanczos<Double>(
        ends: .greatest(2), block: block, maximumProducts: products
      ).run(on: DenseOperator(a), using: &rng)
      endings.append(result.ending)
      expectHolds(result, .greatest(2), of: spectrum, missesNone: false, "\(products) products")
    }
    #expect(endings.first == .budgetSpent && endings.last == .converged)
  }
}
