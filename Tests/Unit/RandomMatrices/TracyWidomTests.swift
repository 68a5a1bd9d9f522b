import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Tracy and Widom's laws against published figures, Painlevé's equation and a finer rule.
@Suite struct TracyWidomTests {
  @Test(.tags(.oracle)) func `Airy's function is GSL's`() throws {
    let airy = AiryFunction()
    for k in stride(from: -1200, through: 4000, by: 37) {
      let x = Double(k) / 100
      let (got, expected) = (airy(x), try GSL.airy(x))
      let tolerance =
        x < 0
        ? Tolerance(absolute: 1e-14, why: "the stated accuracy")
        : Tolerance(relative: 1e-13, why: "the stated accuracy; exp(−169) costs 4e-14")
      expectClose(got.value, expected.value, within: tolerance, "Ai(\(x))")
      expectClose(got.slope, expected.slope, within: tolerance, "Ai′(\(x))")
    }
  }

  @Test(.tags(.oracle), arguments: TracyWidomLaw.Index.allCases)
  func `the laws solve Painlevé's equation`(index: TracyWidomLaw.Index) throws {
    let law = TracyWidomLaw(index)
    let points = try PainleveTracyWidom().points
    #expect(points.count == 105 && points.first?.s == -10 && points.last?.s == 16)
    let absolute = Tolerance(absolute: 1e-14, why: "the stated accuracy")
    let relative = Tolerance(relative: 1e-12, why: "that of the upper tail")
    for point in points where (2 * point.s).rounded() == 2 * point.s {
      let s = point.s
      let expected = index == .orthogonal ? point.goe : point.gue
      expectClose(try law.cumulative(s), expected.cumulative, within: absolute, "F(\(s))")
      let (density, survival) = (try law.density(s), try law.survival(s))
      expectClose(density, expected.density, within: absolute, "F′(\(s))")
      expectClose(survival, expected.survival, within: absolute, "1 − F(\(s))")
      if s >= 0, s <= 11 {
        expectClose(density, expected.density, within: relative, "F′(\(s))")
        expectClose(survival, expected.survival, within: relative, "1 − F(\(s))")
      }
    }
  }

  // The trapezoidal rule is exact to rounding for smooth densities that vanish at both ends.
  @Test(.tags(.oracle), arguments: TracyWidomLaw.Index.allCases)
  func `mean and variance are those of Painlevé's densities`(index: TracyWidomLaw.Index) throws {
    let law = TracyWidomLaw(index)
    let density = try PainleveTracyWidom().points.map { point in
      (s: point.s, weight: (index == .orthogonal ? point.goe : point.gue).density / 4)
    }
    let mean = density.reduce(0) { $0 + $1.s * $1.weight }
    let variance = density.reduce(0) { $0 + ($1.s - mean) * ($1.s - mean) * $1.weight }
    let tolerance = Tolerance(absolute: 1e-12, why: "given to twelve decimals or more")
    expectClose(law.mean, mean, within: tolerance)
    expectClose(law.variance, variance, within: tolerance)
  }

  // Means and variances as published: Bornemann 2010, Table 10, and Tracy, Widom's own.
  @Test(.tags(.oracle), arguments: TracyWidomLaw.Index.allCases)
  func `the densities have the published moments`(index: TracyWidomLaw.Index) throws {
    let law = TracyWidomLaw(index)
    let step = 0.25
    let points = stride(from: -10.0, through: 15, by: step).map { $0 }
    let weights = try points.map { step * (try law.density($0)) }
    func moment(_ k: Double, about center: Double) -> Double {
      zip(points, weights).reduce(0) { $0 + $1.1 * pow($1.0 - center, k) }
    }
    let tolerance = Tolerance(absolute: 2e-11, why: "published to 1e-11 or better")
    let (mean, variance) =
      index == .orthogonal
      ? (-1.2065335745820, 1.607781034581) : (-1.7710868074, 0.8131947928329)
    expectClose(moment(0, about: 0), 1, within: tolerance)
    expectClose(
      moment(1, about: 0), mean, within: Tolerance(absolute: 5e-11, why: "given to 1e-10"))
    expectClose(moment(2, about: moment(1, about: 0)), variance, within: tolerance)
    expectClose(law.mean, moment(1, about: 0), within: tolerance)
    expectClose(law.variance, variance, within: tolerance)
    // Skewness as published (Bornemann 2010, Table 10).
    expectClose(
      moment(3, about: law.mean) / pow(law.variance, 1.5),
      index == .orthogonal ? 0.29346452408 : 0.224084203610, within: tolerance)
  }

  @Test(arguments: TracyWidomLaw.Index.allCases)
  func `a rule of twice as many nodes changes nothing`(index: TracyWidomLaw.Index) throws {
    let (law, finer) = (TracyWidomLaw(index), TracyWidomLaw(index, nodes: 144))
    let absolute = Tolerance(absolute: 1e-14, why: "the stated accuracy")
    for s in [-10, -8, -6.5, -5, -3.3, -1, 0, 2, 5] {
      expectClose(try law.cumulative(s), try finer.cumulative(s), within: absolute, "F(\(s))")
      expectClose(try law.density(s), try finer.density(s), within: absolute, "F′(\(s))")
    }
    let relative = Tolerance(relative: 1e-12, why: "the stated accuracy of the upper tail")
    for s in [0.0, 2, 5, 9, 14, 20, 30] {
      expectClose(try law.survival(s), try finer.survival(s), within: relative, "1 − F(\(s))")
      expectClose(try law.density(s), try finer.density(s), within: relative, "F′(\(s))")
    }
  }

  // For large s the determinant is 1 − tr B: F₁ leaves ½∫ₛ^∞ Ai, F₂ leaves ∫ₛ^∞ (x − s)Ai(x)² dx.
  @Test(.tags(.oracle)) func `the far tails are Airy's`() throws {
    let s = 12.0
    let goe = try GSL.integral(
      of: { (try? GSL.airy($0).value) ?? .nan }, from: s, to: 40, absolute: 1e-40)
    let gue = try GSL.integral(
      of: { x in ((try? GSL.airy(x).value) ?? .nan).magnitudeSquared * (x - s) }, from: s, to: 40,
      absolute: 1e-60)
    // The next term is e^−55 of this.
    let tolerance = Tolerance(relative: 2e-12, why: "GSL's quadrature at 1e-12")
    expectClose(
      try TracyWidomLaw(.orthogonal).survival(s), goe.value / 2, within: tolerance)
    expectClose(try TracyWidomLaw(.unitary).survival(s), gue.value, within: tolerance)
  }

  // Quantiles of β = 1 by simulation and tables: −3.18038, −1.26857, 0.97932; Johnstone 2001.
  @Test func `quantiles are published ones and undo the distribution function`() throws {
    let law = TracyWidomLaw(.orthogonal)
    let got = try [0.05, 0.5, 0.95].map(law.quantile)
    expectClose(
      got, [-3.18038, -1.26857, 0.97932],
      within: Tolerance(absolute: 6e-6, why: "published to five digits"))
    for index in TracyWidomLaw.Index.allCases {
      let law = TracyWidomLaw(index)
      for p in [1e-6, 0.3, 0.9] {
        expectClose(
          try law.cumulative(law.quantile(p)), p,
          within: Tolerance(absolute: 2e-14, why: "the law's accuracy, and the last step"))
      }
      expectClose(
        try law.survival(law.upperQuantile(1e-9)), 1e-9,
        within: Tolerance(relative: 1e-12, why: "the upper tail's accuracy"))
    }
    for p in [0, 1, -1, Double.nan] {
      #expect(throws: RandomMatrixError.self) { try law.quantile(p) }
    }
    #expect(throws: RandomMatrixError.self) { try law.upperQuantile(0.6) }
  }

  @Test func `infinities have their limits and NaN is refused`() throws {
    let law = TracyWidomLaw(.unitary)
    #expect(try law.cumulative(-.infinity) == 0 && law.survival(-.infinity) == 1)
    #expect(try law.cumulative(.infinity) == 1 && law.survival(.infinity) == 0)
    #expect(try law.density(-.infinity) == 0 && law.density(.infinity) == 0)
    #expect(throws: RandomMatrixError.self) { try law.cumulative(.nan) }
    #expect(throws: RandomMatrixError.self) { try law.survival(.nan) }
    #expect(throws: RandomMatrixError.self) { try law.density(.nan) }
  }
}

extension Double {
  fileprivate var magnitudeSquared: Double { self * self }
}
