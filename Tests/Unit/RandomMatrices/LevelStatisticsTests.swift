import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Spacings, ratios and number variance: by hand, against quadrature, and on random matrices.
@Suite struct LevelStatisticsTests {
  @Test(.tags(.oracle), arguments: SpacingLaw.allCases)
  func `spacing laws have mass 1, mean 1 and the integral of their density`(law: SpacingLaw) throws {
    let tolerance = Tolerance(absolute: 1e-11, why: "GSL's quadrature at 1e-12; e^−40 is left out")
    expectClose(try GSL.integral(of: law.density, from: 0, to: 40).value, 1, within: tolerance)
    expectClose(
      try GSL.integral(of: { $0 * law.density($0) }, from: 0, to: 40).value, 1, within: tolerance)
    for s in [0.01, 0.3, 1, 2.5] {
      let mass = try GSL.integral(of: law.density, from: 0, to: s).value
      expectClose(law.cumulative(s), mass, within: tolerance)
      expectClose(law.survival(s), 1 - mass, within: tolerance)
    }
    #expect(law.cumulative(-1) == 0 && law.survival(-1) == 1 && law.density(-1) == 0)
    for s in [1001, 1e200, .infinity] {
      #expect(law.cumulative(s) == 1 && law.survival(s) == 0 && law.density(s) == 0, "s = \(s)")
    }
    let nothing = Double.nan
    #expect(law.cumulative(nothing).isNaN && law.survival(nothing).isNaN)
    #expect(law.density(nothing).isNaN && law.ratioDensity(nothing).isNaN)
  }

  // 3 × 3 matrices: 4 − 2√3, 2√3/π − ½ (Atas et al. 2013); independent levels: 2 ln 2 − 1.
  @Test(.tags(.oracle)) func `ratio densities have mass 1 and the published means`() throws {
    let means = [
      SpacingLaw.poisson: 2 * log(2) - 1, .goe: 4 - 2 * sqrt(3), .gue: 2 * sqrt(3) / .pi - 0.5,
    ]
    for (law, mean) in means {
      let tolerance = Tolerance(absolute: 1e-12, why: "GSL's quadrature")
      expectClose(
        try GSL.integral(of: law.ratioDensity, from: 0, to: 1).value, 1, within: tolerance)
      expectClose(
        try GSL.integral(of: { $0 * law.ratioDensity($0) }, from: 0, to: 1).value, mean,
        within: tolerance)
    }
  }

  // 0, 1, 1.5, 3.5: spacings 1, ½, 2; ratios ½, ¼. Worked by hand.
  @Test func `spacings and ratios worked by hand`() throws {
    #expect(try LevelStatistics.spacings([0, 1, 1.5, 3.5]) == [1, 0.5, 2])
    #expect(try LevelStatistics.spacingRatios([0, 1, 1.5, 3.5]) == [0.5, 0.25])
    #expect(try LevelStatistics.spacingRatios([0, 0, 1]) == [0])
    #expect(throws: RandomMatrixError.repeated(position: 1)) {
      try LevelStatistics.spacingRatios([0, 1, 1, 1])
    }
    #expect(throws: RandomMatrixError.notAscending(position: 1)) {
      try LevelStatistics.spacings([1, 0])
    }
    #expect(throws: RandomMatrixError.levelNotFinite(position: 1)) {
      try LevelStatistics.spacings([1, .nan])
    }
    #expect(throws: RandomMatrixError.tooFewLevels(count: 2, needed: 3)) {
      try LevelStatistics.spacingRatios([1, 2])
    }
    #expect(throws: RandomMatrixError.tooFewLevels(count: 1, needed: 2)) {
      try LevelStatistics.spacings([1])
    }
    #expect(throws: RandomMatrixError.self) { try LevelStatistics.spacings([-1e308, 1e308]) }
    #expect(try LevelStatistics.unfolded([], by: SemicircleLaw(radius: 1)) == [])
    #expect(throws: RandomMatrixError.tooFewLevels(count: 0, needed: 2)) {
      try LevelStatistics.numberVariance([], length: 1)
    }
  }

  // Equally spaced levels: the count is ⌊L⌋ or ⌈L⌉, with variance f(1 − f) for f = L − ⌊L⌋ over
  // whole periods.
  @Test(arguments: [0.25, 1, 1.5, 7.75])
  func `the number variance of a picket fence`(length: Double) throws {
    let f = length - length.rounded(.down)
    let levels = (0...4000).map(Double.init)
    expectClose(
      try LevelStatistics.numberVariance(levels, length: length), f * (1 - f),
      within: Tolerance(absolute: 1e-3, why: "part of a period at the end, of 4000"))
    // Neither unfolded nor of mean L: the same counts in other units.
    expectClose(
      try LevelStatistics.numberVariance(levels.map { 3 * $0 - 7 }, length: 3 * length),
      f * (1 - f), within: Tolerance(absolute: 1e-3, why: "the same"))
  }

  @Test func `the number variance equals that of windows on a fine grid`() throws {
    var rng = RandomStream(seed: 1, name: "levels")
    let levels = (0..<30).map { _ in rng.uniform(0, 30) }.sorted()
    let (low, length, pieces) = (levels[0], 4.3, 40000)
    let end = levels[29] - length
    let counts = (0..<pieces).map { k in
      let start = low + (end - low) * (Double(k) + 0.5) / Double(pieces)
      return Double(levels.count { $0 >= start && $0 < start + length })
    }
    let mean = counts.reduce(0, +) / Double(pieces)
    let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pieces)
    expectClose(
      try LevelStatistics.numberVariance(levels, length: length), variance,
      within: Tolerance(absolute: 0.01, why: "60 jumps, each within half a grid step"))
    for bad in [0, -1, 40, Double.nan] {
      #expect(throws: RandomMatrixError.self) {
        try LevelStatistics.numberVariance(levels, length: bad)
      }
    }
  }

  @Test func `unfolding by the exact law gives the ranks' scale`() throws {
    let law = SemicircleLaw(radius: 2)
    let exact = (0..<9).map { law.quantile((Double($0) + 0.5) / 9) }
    expectClose(
      try LevelStatistics.unfolded(exact, by: law), (0..<9).map { Double($0) + 0.5 },
      within: Tolerance(absolute: 1e-13, why: "quantile and distribution function undo each other"))
  }

  // √((a − d)² + 4b²) is Rayleigh for N(0, 2) on and N(0, 1) off the diagonal: exactly the surmise
  // over its mean √(2π), and over √2 more for the ensemble's scale.
  @Test(.tags(.statistical))
  func `the spacing of 2 × 2 GOE matrices is the surmise exactly`() throws {
    var rng = RandomStream(seed: 4, name: "two")
    let draws = 20000
    let spacings = try (0..<draws).map { _ in
      let values = try RandomMatrixEnsemble.goe.spectrum(order: 2, using: &rng)
      let spacing = try LevelStatistics.spacings(values)[0]
      return spacing / Double.pi.squareRoot()
    }.sorted()
    let distance = spacings.enumerated().reduce(0) { worst, item in
      let f = SpacingLaw.goe.cumulative(item.element)
      let n = Double(draws)
      return max(worst, f - Double(item.offset) / n, Double(item.offset + 1) / n - f)
    }
    // √(ln(2e6)/2N) bounds chance.
    #expect(distance <= (log(2e6) / (2 * Double(draws))).squareRoot(), "\(distance)")
  }

  // 4 − 2√3 and 2√3/π − ½: the ratio's densities are exact for 3 × 3 matrices (Atas et al. 2013).
  @Test(
    .tags(.statistical),
    arguments: zip([RandomMatrixEnsemble.goe, .gue], [0.535898384862245, 0.602657790843585]))
  func `the mean ratio of 3 × 3 matrices is exact`(
    ensemble: RandomMatrixEnsemble, exact: Double
  ) throws {
    var rng = RandomStream(seed: 5, name: "three")
    let ratios = try (0..<20000).map { _ in
      try LevelStatistics.spacingRatios(ensemble.spectrum(order: 3, using: &rng))[0]
    }
    let (mean, error) = Average.of(ratios)
    #expect((mean - exact).magnitude <= 6 * error && error < 0.003, "\(mean) ± \(error)")
  }

  /// The middle half, where the density is far from the edges.
  private func bulk(
    _ ensemble: RandomMatrixEnsemble, order: Int, draws: Int
  ) throws -> [[Double]] {
    var rng = RandomStream(seed: 2, name: "bulk")
    let law = SemicircleLaw(radius: 2)
    return try (0..<draws).map { _ in
      let values = try ensemble.spectrum(order: order, using: &rng)
      return Array(try LevelStatistics.unfolded(values, by: law)[order / 4..<3 * order / 4])
    }
  }

  // Neighbouring ratios are correlated, so the error is taken over matrices. The published means
  // are given to 1e-4, and order 300 is not infinity: 0.003.
  @Test(.tags(.statistical), arguments: zip([SpacingLaw.goe, .gue], [1.0, 2.0]))
  func `ratios have the mean of Atas et al., spacings follow the surmise`(
    law: SpacingLaw, beta: Double
  ) throws {
    let levels = try bulk(.betaHermite(beta: beta), order: 300, draws: 60)
    let ratios = try levels.map { level in
      let values = try LevelStatistics.spacingRatios(level)
      return values.reduce(0, +) / Double(values.count)
    }
    let (mean, error) = Average.of(ratios)
    #expect((mean - law.meanRatio).magnitude <= 6 * error + 0.003, "\(mean) ± \(error)")
    #expect(6 * error < 0.025, "no power against the other class: ± \(error)")
    // 1.3e-2 is the surmise's own error (Mehta 2004, §1.5); √(ln(2e6)/2N) bounds chance.
    let spacings = try levels.flatMap { try LevelStatistics.spacings($0) }.sorted()
    let chance = (log(2e6) / (2 * Double(spacings.count))).squareRoot()
    func distance(_ law: SpacingLaw) -> Double {
      spacings.enumerated().reduce(0) { worst, item in
        let f = law.cumulative(item.element)
        let n = Double(spacings.count)
        return max(worst, f - Double(item.offset) / n, Double(item.offset + 1) / n - f)
      }
    }
    #expect(distance(law) <= chance + 0.013, "\(distance(law))")
    for other in SpacingLaw.allCases where other != law {
      #expect(distance(other) > chance + 0.013, "taken for \(other)")
    }
    // Mehta's formula is asymptotic: 0.02 at L = 5, with windows' overlap in the error.
    let variances = try levels.map { try LevelStatistics.numberVariance($0, length: 5) }
    let found = Average.of(variances)
    #expect(
      (found.mean - law.numberVariance(5)).magnitude <= 6 * found.error + 0.02,
      "\(found.mean) ± \(found.error) against \(law.numberVariance(5))")
  }

  @Test(.tags(.statistical)) func `independent levels are Poisson's`() throws {
    var rng = RandomStream(seed: 3, name: "poisson")
    let levels = (0..<20000).map { _ in rng.uniform(0, 20000) }.sorted()
    let ratios = Average.of(try LevelStatistics.spacingRatios(levels))
    #expect((ratios.mean - SpacingLaw.poisson.meanRatio).magnitude <= 6 * 1.5 * ratios.error)
    // Var over 10⁴ independent windows of a Poisson variable of mean 2: relative error 1.6 %.
    expectClose(
      try LevelStatistics.numberVariance(levels, length: 2), SpacingLaw.poisson.numberVariance(2),
      within: Tolerance(relative: 0.1, why: "six standard errors of 1.6 %"))
  }
}
