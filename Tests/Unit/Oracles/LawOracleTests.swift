import Foundation
import Oracles
import Saddle
import Support
import Testing

/// What the oracles of laws compare with, against closed forms and published figures.
@Suite struct LawOracleTests {
  // n = 10 as printed by Marsaglia, Tsang and Wang 2003; n = 3 with 50 digits.
  @Test func `counting gives the published values of Kolmogorov's distribution`() {
    for (n, d, expected) in [(3, 0.4, 0.4053333333333335), (10, 0.274, 0.6284796154565043)] {
      expectClose(
        UniformBand(count: n).probability(within: d), expected,
        within: Tolerance(relative: 1e-13, why: "sums of positive terms"), "n = \(n)")
    }
    // 2d − 1; 2(2d − ½)² and 1 − 2(1 − d)².
    for d in [0.1, 0.3, 0.45, 0.6, 0.9] {
      let rounding = Tolerance(absolute: 1e-15, why: "rounding")
      expectClose(UniformBand(count: 1).probability(within: d), max(0, 2 * d - 1), within: rounding)
      let two = d < 0.25 ? 0 : d < 0.5 ? 2 * pow(2 * d - 0.5, 2) : 1 - 2 * (1 - d) * (1 - d)
      expectClose(UniformBand(count: 2).probability(within: d), two, within: rounding)
    }
    #expect(UniformBand(count: 5).probability(within: 0.1) == 0)
    #expect(UniformBand(count: 5).probability(within: 1) == 1)
  }

  @Test func `the cubic's density has the moments of added free cumulants`() throws {
    for (variance, ratio) in [(0.3, 0.5), (1, 2)] {
      let law = FreeConvolution(variance: variance, ratio: ratio)
      let expected =
        (FreeCumulants.semicircle(variance: variance, count: 4)
        + .marchenkoPastur(ratio: ratio, scale: 1, count: 4)).moments
      let moments = try (0...4).map { k in
        try law.components.reduce(0) { sum, part in
          sum
            + (try GSL.integral(
              of: { law.density($0) * pow($0, Double(k)) }, from: part.lowerBound,
              to: part.upperBound, absolute: 1e-9, relative: 1e-9
            ).value)
        }
      }
      expectClose(
        moments, expected, within: Tolerance(relative: 1e-8, why: "GSL's quadrature at 1e-9"))
      let end = try #require(law.components.last?.upperBound)
      expectClose(
        try law.mass(below: end), 1, within: Tolerance(absolute: 1e-9, why: "GSL's quadrature"))
    }
  }

  // Between the parts where τ² > (∛v + ∛w)³: ratio 8 gives τ = w = 8, so ∛v < 2.
  @Test func `a gap opens where the closed form says`() throws {
    let open = FreeConvolution(variance: 7, ratio: 8)
    #expect(open.components.count == 2)
    #expect(FreeConvolution(variance: 8.5, ratio: 8).components.count == 1)
    expectClose(
      try open.mass(below: open.components[0].upperBound), 7.0 / 8,
      within: Tolerance(absolute: 1e-8, why: "GSL's quadrature; the mass that was at zero"))
  }

  @Test func `what a subject cannot do is not asked`() throws {
    for law in [
      LawSubject.Law.semicircle(radius: 2), .marchenkoPastur(ratio: 2), .tracyWidom(beta: 1),
      .spacings(beta: 2), .kolmogorov(count: 3), .numberVariance(beta: 1), .unfolding,
    ] {
      for oracle in LawOracle.all {
        #expect(try !oracle.check(LawSubject(law)), "\(oracle) of \(law)")
      }
    }
    let law = SemicircleLaw(radius: 2)
    let subject = LawSubject(
      .semicircle(radius: 2), density: law.density, cumulative: law.cumulative,
      survival: law.survival, quantile: law.quantile)
    let silent = try LawOracle.all.filter { try !$0.check(subject) }.map(\.name)
    #expect(
      silent == [
        "tails", "cluster function", "growth", "windows", "ranks", "rigidity", "unfolded spacings",
      ])
  }
}
