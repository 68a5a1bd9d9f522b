import Foundation
import Oracles
import Saddle
import Support
import Testing

@Suite struct ThickRestartLanczosTests {
  private static let ends: [SpectralEnds] = [
    .least(2), .greatest(3), .bothEnds(2), .largestMagnitude(3),
  ]

  @Test(.tags(.oracle), arguments: Precision.allCases, ends)
  func `closed-form spectra have their ends, with multiplicity`(
    precision: Precision, ends: SpectralEnds
  ) throws {
    func check<T: Scalar>(_: T.Type) throws {
      var rng = RandomStream(seed: 5)
      for form in ClosedFormMatrix.all {
        let a = Matrix(form.rows).converted(to: T.self)
        let result = try ThickRestartLanczos<T>(ends: ends).run(
          on: DenseOperator(a), using: &rng)
        // Entries that are no Floats move the spectrum by an ulp of the largest.
        let rounded =
          T.self == Float.self ? try GSL.eigenvalues(a.converted(to: Double.self).asRows) : nil
        expectHolds(result, ends, of: rounded ?? form.eigenvalues, "\(form)")
        #expect(result.ending != .budgetSpent && result.ending != .stalled, "\(form)")
      }
    }
    switch precision {
    case .float: try check(Float.self)
    case .double: try check(Double.self)
    }
  }

  // 0, 2 ⁶, 4 ¹⁵, …, 10 ⁶, 12: 64 eigenvalues, 7 distinct ones.
  @Test(.tags(.oracle), arguments: [1, 2, 4])
  func `a hypercube's multiplicities are found through restarts`(block: Int) throws {
    let form = ClosedFormMatrix.hypercubeLaplacian(dimension: 6)
    var rng = RandomStream(seed: 6)
    let result = try ThickRestartLanczos<Double>(ends: .bothEnds(7), block: block, basisSize: 30)
      .run(on: DenseOperator(Matrix(form.rows)), using: &rng)
    expectHolds(result, .bothEnds(7), of: form.eigenvalues)
    #expect(result.ending == .converged)
    #expect(result.clusters.map(\.multiplicity) == [1, 6, 6, 1])
    expectClose(
      result.clusters.map(\.value), [0, 2, 10, 12],
      within: Tolerance(absolute: 1e-10, why: "residual² over gap"))
  }

  @Test(.tags(.oracle), arguments: TortureSpectrum.allCases, Precision.allCases)
  func `degenerate spectra end in bounded time with figures that hold`(
    name: TortureSpectrum, precision: Precision
  ) throws {
    let spectrum = name.values
    func check<T: Scalar>(_: T.Type) throws {
      var rng = RandomStream(seed: 7)
      let rows = RandomMatrix.symmetric(spectrum: spectrum, using: &rng)
      let a = Matrix(rows).converted(to: T.self)
      let exact = try GSL.eigenvalues(a.converted(to: Double.self).asRows)
      for ends in Self.ends {
        for block in [1, 3] {
          // Without a restart: to tell 2⁻²⁹ from 2⁻²⁸ beside 1 through restarts takes thousands
          // of products, as any polynomial would.
          let size = name.rawValue.hasPrefix("graded") ? nil : 14
          let result = try ThickRestartLanczos<T>(ends: ends, block: block, basisSize: size).run(
            on: DenseOperator(a), using: &rng)
          expectHolds(result, ends, of: exact, "\(name), \(ends), block \(block)")
          #expect(result.ending == .converged, "\(name), \(ends), block \(block)")
          #expect(result.products < 400, "\(name), \(ends), block \(block)")
        }
      }
    }
    switch precision {
    case .float: try check(Float.self)
    case .double: try check(Double.self)
    }
  }

  @Test(arguments: [0.3, 1e-1, 1e-2])
  func `a loose tolerance widens the intervals and certifies nothing false`(
    tolerance: Double
  ) throws {
    for seed in Seed.campaign(8) {
      var rng = seed.generator
      let a = Matrix(
        RandomMatrix.symmetric(
          spectrum: RandomSpectrum.clustered(count: 25, using: &rng), using: &rng))
      let result = try ThickRestartLanczos<Double>(
        ends: .bothEnds(3), tolerance: tolerance, basisSize: 12
      ).run(on: DenseOperator(a), using: &rng)
      expectHolds(
        result, .bothEnds(3), of: try GSL.eigenvalues(a.asRows), missesNone: false, "\(seed)")
    }
  }

  @Test func `deflated null vectors leave the rest of the spectrum`() throws {
    // One component per block: the indicator of each is a null vector.
    let path = ClosedFormMatrix.pathLaplacian(order: 12)
    var a = Matrix<Double>(rows: 24, columns: 24)
    for i in 0..<12 {
      for j in 0..<12 {
        a[i, j] = path.rows[i][j]
        a[i + 12, j + 12] = path.rows[i][j]
      }
    }
    let null = Matrix((0..<2).map { part in (0..<24).map { $0 / 12 == part ? 1.0 : 0 } })
    var rng = RandomStream(seed: 8)
    let result = try ThickRestartLanczos<Double>(ends: .least(4), basisSize: 12).run(
      on: DenseOperator(a), deflating: null, using: &rng)
    let rest = path.eigenvalues.dropFirst().flatMap { [$0, $0] }
    expectHolds(result, .least(4), of: rest)
    for row in result.vectors.asRows {
      for vector in null.asRows { #expect(dot(row.span, vector.span).magnitude < 1e-12) }
    }
    // Everything deflated: nothing is left to find.
    let all = try ThickRestartLanczos<Double>(ends: .least(4)).run(
      on: DiagonalOperator(diagonal: [1.0, 2]), deflating: Matrix([[1, 0], [1, 1]]), using: &rng)
    #expect(all.values == [] && all.ending == .invariantSubspace(step: 0))
  }

  @Test func `orders 0 and 1, and more pairs than there are`() throws {
    var rng = RandomStream(seed: 9)
    let none = try ThickRestartLanczos<Double>(ends: .least(3)).run(
      on: DiagonalOperator(diagonal: [Double]()), using: &rng)
    #expect(none.values == [] && none.products == 0)
    let one = try ThickRestartLanczos<Double>(ends: .bothEnds(3)).run(
      on: DiagonalOperator(diagonal: [-4.0]), using: &rng)
    #expect(one.values == [-4] && one.ending == .invariantSubspace(step: 1))
    let all = try ThickRestartLanczos<Double>(ends: .greatest(9), block: 7).run(
      on: DiagonalOperator(diagonal: [1, 1, 1, 0.5]), using: &rng)
    expectClose(
      all.values, [0.5, 1, 1, 1], within: Tolerance(absolute: 1e-14, why: "all of space"))
    #expect(all.ending == .invariantSubspace(step: 4))
    #expect(all.search?.missProbability == 0)
    let nothing = try ThickRestartLanczos<Double>(ends: .greatest(0)).run(
      on: DiagonalOperator(diagonal: [1.0]), using: &rng)
    #expect(nothing.values == [])
  }

  @Test(arguments: [0, 0.3])
  func `a product that is not finite ends it with a typed error`(bound: Double) throws {
    var rng = RandomStream(seed: 10)
    let a = DenseOperator(Matrix(RandomMatrix.goe(order: 20, using: &rng)))
    #expect {
      try ThickRestartLanczos<Double>(ends: .greatest(4)).run(
        on: FailingOperator(matrix: a, bound: bound), using: &rng)
    } throws: { error in
      guard case .productNotFinite(_, coordinate: 1)? = error as? KrylovError else { return false }
      return true
    }
  }

  @Test func `vectors of another length or not finite are refused`() throws {
    var rng = RandomStream(seed: 11)
    let lanczos = try ThickRestartLanczos<Double>(ends: .least(1))
    let a = DiagonalOperator(diagonal: [1.0, 2])
    #expect(throws: KrylovError.self) {
      try lanczos.run(on: a, deflating: Matrix([[1, 2, 3]]), using: &rng)
    }
    #expect(throws: KrylovError.self) {
      try lanczos.run(on: a, startingFrom: Matrix([[1, .nan]]), using: &rng)
    }
  }

  @Test func `spent products are an ending, and what is reported still holds`() throws {
    var rng = RandomStream(seed: 12)
    let a = Matrix(RandomMatrix.goe(order: 40, using: &rng))
    let result = try ThickRestartLanczos<Double>(ends: .greatest(5), maximumProducts: 9).run(
      on: DenseOperator(a), using: &rng)
    #expect(result.ending == .budgetSpent)
    #expect(result.products == 9 + 5)
    #expect(result.gapBounds.allSatisfy { $0 == nil })
    expectHolds(
      result, .greatest(5), of: try GSL.eigenvalues(a.asRows), missesNone: false)
  }

  @Test func `settings out of range are named`() {
    func expectRefused(_ setting: String, _ body: () throws(KrylovError) -> Void) {
      #expect {
        try body()
      } throws: { error in
        guard case .invalid(setting, _, _)? = error as? KrylovError else { return false }
        return true
      }
    }
    expectRefused("k") { () throws(KrylovError) in
      _ = try ThickRestartLanczos<Double>(ends: .least(-1))
    }
    expectRefused("tolerance") { () throws(KrylovError) in
      _ = try ThickRestartLanczos<Double>(ends: .least(1), tolerance: .nan)
    }
    expectRefused("block") { () throws(KrylovError) in
      _ = try ThickRestartLanczos<Double>(ends: .least(1), block: 0)
    }
    expectRefused("maximumProducts") { () throws(KrylovError) in
      _ = try ThickRestartLanczos<Double>(ends: .least(1), maximumProducts: 0)
    }
    expectRefused("missProbability") { () throws(KrylovError) in
      _ = try ThickRestartLanczos<Double>(ends: .least(1), missProbability: 1)
    }
  }

  @Test func `the basis keeps to its memory, and says where it cannot`() throws {
    let a = DiagonalOperator(diagonal: (0..<100).map { Double($0) })
    var rng = RandomStream(seed: 13)
    // 2 wanted + 3·1 for one restart, 2 for the result, 3 for the block: ten rows of 800 bytes.
    let tight = try ThickRestartLanczos<Double>(ends: .greatest(2), memory: 10 * 800).run(
      on: a, using: &rng)
    #expect(tight.ending == .converged)
    expectHolds(tight, .greatest(2), of: a.diagonal)
    #expect(throws: KrylovError.memory(needed: 8000, allowed: 7999)) {
      try ThickRestartLanczos<Double>(ends: .greatest(2), memory: 7999).run(on: a, using: &rng)
    }
  }

  @Test func `the same seed gives the same result, bit for bit`() throws {
    let a = DenseOperator(Matrix(ClosedFormMatrix.gridLaplacian(6, 7).rows))
    func run() throws -> EigenpairResult<Double> {
      var rng = RandomStream(seed: 14)
      return try ThickRestartLanczos(ends: .bothEnds(3), basisSize: 14).run(on: a, using: &rng)
    }
    #expect(try run() == run())
  }

  @Test func `vectors of a run nearby make a good start`() throws {
    var rng = RandomStream(seed: 15)
    let a = Matrix(RandomMatrix.goe(order: 60, using: &rng))
    let lanczos = try ThickRestartLanczos<Double>(
      ends: .greatest(2), block: 2, searchesForMissed: false)
    let cold = try lanczos.run(on: DenseOperator(a), using: &rng)
    var moved = a
    for i in 0..<60 { moved[i, i] += 1e-6 * Double(i) }
    let warm = try lanczos.run(
      on: DenseOperator(moved), startingFrom: cold.vectors, using: &rng)
    #expect(warm.ending == .converged && 2 * warm.products < cold.products)
    #expect(cold.search == nil && cold.gapBounds.allSatisfy { $0 == nil })
  }

  // From a start in the space of the other eigenvectors, the greatest is never seen but by the
  // search.
  @Test func `what the start has nothing of is found by the search`() throws {
    let a = DiagonalOperator(diagonal: (0..<40).map { Double($0) })
    let start = Matrix([(0..<40).map { $0 < 39 ? 1.0 : 0 }])
    var rng = RandomStream(seed: 16)
    let blind = try ThickRestartLanczos<Double>(
      ends: .greatest(1), basisSize: 20, searchesForMissed: false
    ).run(on: a, startingFrom: start, using: &rng)
    #expect(blind.values[0] < 38.5)
    let result = try ThickRestartLanczos<Double>(ends: .greatest(1), basisSize: 20).run(
      on: a, startingFrom: start, using: &rng)
    expectHolds(result, .greatest(1), of: a.diagonal)
    #expect(result.search?.rounds == 2)
  }

  /// Four below a crowd and ten above it, as a trained network's Hessian has them.
  private func valuesBesideACrowd(_ order: Int) -> [Double] {
    (0..<order).map { i in
      if i < 10 { return 10 * pow(0.7, Double(i)) }
      if i < 14 { return -pow(0.8, Double(i - 10)) }
      return 0.05 * cos(Double.pi * (Double(i) - 13.5) / Double(order - 14))
    }
  }

  @Test(arguments: [1, 2, 4])
  func `values beside a crowd are searched for by a few fresh starts, and not by its edge`(
    block: Int
  ) throws {
    let a = DiagonalOperator(diagonal: valuesBesideACrowd(4000))
    var rng = RandomStream(seed: 17)
    let result = try ThickRestartLanczos<Double>(
      ends: .bothEnds(4), tolerance: 1e-8, block: block,
      basisSize: block * 30
    ).run(on: a, using: &rng)
    expectHolds(result, .bothEnds(4), of: a.diagonal.sorted())
    #expect(result.ending == .converged)
    let search = try #require(result.search)
    #expect(search.missProbability <= 1e-6 && search.missProbability > 0)
    #expect(result.products < 200 * block, "the edge of the crowd takes thousands")
    #expect(search.residuals.contains { $0 > result.threshold }, "the edge has converged?")
  }

  @Test(arguments: [1, 3])
  func `the probability is the theorem's`(block: Int) throws {
    let order = 900
    let a = DiagonalOperator(diagonal: valuesBesideACrowd(order))
    var rng = RandomStream(seed: 18)
    // Room for all: one search, and no restart.
    let result = try ThickRestartLanczos<Double>(
      ends: .bothEnds(4), tolerance: 1e-8, block: block, basisSize: 300
    ).run(on: a, using: &rng)
    let search = try #require(result.search)
    #expect(search.rounds == 1 && search.next.count == 2)
    let apart = min(search.next[0] - result.values[3], result.values[4] - search.next[1])
    let spread = search.next[1] - search.next[0]
    let root = (apart / (2 * apart + spread)).squareRoot()
    let ofOne = 1.648 * Double(order).squareRoot() * exp(-root * Double(2 * search.steps - 1))
    let room = Double((300 - 8) / block)
    let expected = 8 * room * (0..<block).reduce(1) { product, _ in product * ofOne }
    #expect(expected <= 1e-6)
    expectClose(
      search.missProbability, expected, within: Tolerance(relative: 1e-6, why: "a check's values"))
  }

  /// A restart drops the far end, whose distance the steps before it have had to bear.
  @Test(arguments: [24, 40])
  func `an outlier at the other end leaves no bound, restarted or not`(basisSize: Int) throws {
    let crowd = (0..<4000).map { Double($0) / 3999 }
    let a = DiagonalOperator(diagonal: [-400] + crowd + [2.5, 3])
    var rng = RandomStream(seed: 19)
    let result = try ThickRestartLanczos<Double>(
      ends: .greatest(2), tolerance: 1e-8, basisSize: basisSize, maximumProducts: 300
    ).run(on: a, using: &rng)
    expectHolds(result, .greatest(2), of: a.diagonal)
    let search = try #require(result.search)
    #expect(search.missProbability == 1 && search.rounds == 1)
    #expect(result.ending == .budgetSpent || search.residuals[0] <= result.threshold)
  }

  @Test(arguments: Seed.campaign(20))
  func `copies of values beside a crowd are missed by no search`(seed: Seed) throws {
    // Each of the wanted is there twice; one vector's Krylov space sees one of them.
    let crowd = valuesBesideACrowd(500)
    let a = DiagonalOperator(diagonal: crowd + crowd[..<3] + crowd[10..<13])
    var rng = RandomStream(seed: seed.value)
    let result = try ThickRestartLanczos<Double>(ends: .bothEnds(6), tolerance: 1e-8).run(
      on: a, using: &rng)
    expectHolds(result, .bothEnds(6), of: a.diagonal.sorted())
    #expect(result.ending == .converged)
  }
}
