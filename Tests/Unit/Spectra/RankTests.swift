import Oracles
import Saddle
import Support
import Testing

@Suite struct RankTests {
  private let tight = Tolerance(relative: 1e-14, why: "a few operations")

  @Test func `the stable rank is that worked by hand`() throws {
    // (9 + 4 + 4 + 1)/9 = 2.
    expectClose(stableRank([-3, 2, 2, 1]), 2, within: tight)
    expectClose(stableRank([Double](repeating: -7, count: 5)), 5, within: tight)
    #expect(stableRank([0, 0]) == 0 && stableRank([]) == 0)
    // Squares would over- and underflow.
    expectClose(stableRank([3e200, 3e200]), 2, within: tight)
    expectClose(stableRank([3e-200, 3e-200]), 2, within: tight)
    let norm = try #require(stableRank(squaredFrobeniusNorm: 18, radius: 3))
    expectClose(norm, 2, within: tight)
    #expect(stableRank(squaredFrobeniusNorm: 0, radius: 0) == 0)
    #expect(stableRank(squaredFrobeniusNorm: 1, radius: 0) == nil)
    #expect(stableRank(squaredFrobeniusNorm: .nan, radius: 1) == nil)
  }

  @Test func `the numerical rank counts what is above the tolerance`() {
    #expect(numericalRank([-1, 1e-3, 0, 1e-4], tolerance: 1e-3) == 1)
    #expect(numericalRank([-1, 1e-3, 0, 1e-4], tolerance: 0.99e-3) == 2)
    #expect(numericalRank([-1, 1e-3, 0, 1e-4], tolerance: 0) == 3)
    #expect(numericalRank([0, 0], tolerance: 0) == 0)
  }

  @Test func `the largest gap of the top is found, with its runner-up`() {
    // Ratios 2, 5, 4/3, 1.5; −9 is no outlier of this end.
    let outliers = OutlierCount(largestGapIn: [20, 10, 2, 1.5, 1, 0, -9], classes: 3)
    #expect(outliers.count == 2)
    #expect(outliers.least == 10 && outliers.next == 2 && outliers.ratio == 5)
    #expect(outliers.runnerUp == OutlierCount.Gap(above: 1, ratio: 2))
    #expect(outliers.classes == 3)
    // The top alone is enough.
    let top = OutlierCount(largestGapIn: [2, 20, 1.5, 10], candidates: 3)
    #expect(top.count == 2 && top.ratio == 5)
    // Nor does the scale matter.
    #expect(OutlierCount(largestGapIn: [20, 10, 2, 1.5, 1].map { $0 * 1e-30 }).count == 2)
  }

  @Test func `a spectrum without a gap has no outliers`() {
    let even = OutlierCount(largestGapIn: (0..<20).map { 100 - 4 * Double($0) })
    #expect(even.count == 0 && even.least == nil)
    #expect(even.ratio.map { $0 < 1.5 } == true)
    #expect(OutlierCount(largestGapIn: []).count == 0)
    #expect(OutlierCount(largestGapIn: [-1, -2]).count == 0)
    #expect(OutlierCount(largestGapIn: [1]).count == 0)
  }

  @Test func `a gap beyond the candidates or below the floor is none`() {
    let values = [8.0, 7, 6, 1, 0.9, 1e-14, 1e-20]
    #expect(OutlierCount(largestGapIn: values, candidates: 2).count == 0)
    #expect(OutlierCount(largestGapIn: values, candidates: 6).count == 3)
  }

  @Test func `positive values that stand together above zeros all stand apart`() {
    let low = OutlierCount(largestGapIn: [3, 2.5, 2, 0, 0, -1e-17], classes: 4)
    #expect(low.count == 3 && low.ratio == nil && low.next == 0)
  }

  @Test func `an edge counts what is above it`() {
    let outliers = OutlierCount(in: [5, 4, 1, 0.5, -2], above: 1, classes: 2)
    #expect(outliers.count == 2 && outliers.least == 4 && outliers.next == 1)
    #expect(outliers.ratio == 4)
    #expect(OutlierCount(in: [1, 0], above: 3).count == 0)
    #expect(OutlierCount(in: [4], above: 3).next == nil)
  }

  @Test func `each layer's block has its own spectrum within the whole's`() throws {
    let blocks = [
      ParameterBlock(name: "layer 1", range: 0..<6), ParameterBlock(name: "layer 2", range: 6..<9),
    ]
    var rng = RandomStream(seed: 40)
    let a = Matrix(RandomMatrix.goe(order: 9, using: &rng))
    let whole = try GSL.eigenvalues(a.asRows)
    let parts = try BlockSpectrum.all(of: a, blocks: blocks)
    #expect(parts.map(\.block.name) == ["layer 1", "layer 2"])
    for part in parts {
      let rows = part.block.range.map { i in part.block.range.map { a[i, $0] } }
      expectClose(
        part.spectrum.eigenvalues, try GSL.eigenvalues(rows),
        within: Tolerance(absolute: 1e-13, why: "n ≤ 6"))
      #expect(part.spectrum.least >= whole[0] && part.spectrum.greatest <= whole[8])
      let squares = rows.joined().reduce(0) { $0 + $1 * $1 }
      expectClose(part.share, squares / a.elements.reduce(0) { $0 + $1 * $1 }, within: tight)
    }
    #expect(throws: SpectrumError.block(name: "b", order: 9)) {
      try BlockSpectrum.all(of: a, blocks: [ParameterBlock(name: "b", range: 8..<10)])
    }
  }
}
