import Foundation
import Oracles
import Saddle
import Support
import Testing

/// The bounds on mean eigenvalues from few probes, against exact laws.
@Suite struct ProbeBoundsTests {
  @Test func `the divergence is what its formula gives by hand`() {
    // ½·ln(½/¼) + ½·ln(½/¾) = ½·ln(4/3).
    expectClose(
      ProbeBounds.divergence(0.5, 0.25), 0.5 * log(4.0 / 3),
      within: Tolerance(relative: 1e-15, why: "by hand"))
    #expect(ProbeBounds.divergence(0.3, 0.3) == 0)
    #expect(ProbeBounds.divergence(0, 0) == 0 && ProbeBounds.divergence(1, 1) == 0)
    #expect(ProbeBounds.divergence(0.5, 0) == .infinity)
    #expect(ProbeBounds.divergence(0.5, 1) == .infinity)
  }

  // One probe's share in the eigenvectors of m of n eigenvalues is Beta(m/2, (n − m)/2).
  @Test(.tags(.oracle)) func `no exact tail of a share is larger than the bound`() {
    for n in [2, 5, 40, 1000] {
      for m in [1, 2, n / 2, n - 1] where m >= 1 && m < n {
        let (α, β) = (Double(m) / 2, Double(n - m) / 2)
        let p = Double(m) / Double(n)
        for s in stride(from: 0.01, to: 1, by: 0.01) {
          let below = GSL.betaCumulative(s, α, β)
          let tail = s > p ? 1 - below : below
          let bound = exp(-Double(n) / 2 * ProbeBounds.divergence(p, s))
          #expect(tail <= bound * (1 + 1e-9) + 1e-14, "\(m) of \(n) at \(s): \(tail), \(bound)")
        }
      }
    }
  }

  @Test func `limits enclose what was observed, and the more the surer they are`() {
    for x in [-1.0, -0.999, -0.2, 0, 0.5, 1] {
      var last = x...x
      for miss in [0.4, 0.1, 0.025, 1e-6] {
        let limits = ProbeBounds.interval(
          observed: x...x, range: -1...1, freedom: 30, miss: miss)
        #expect(limits.lowerBound <= last.lowerBound && limits.upperBound >= last.upperBound)
        #expect(limits.lowerBound >= -1 && limits.upperBound <= 1)
        last = limits
      }
    }
  }

  @Test func `a known variance narrows them`() {
    let wide = ProbeBounds.interval(observed: 0...0, range: -1...1, freedom: 100, miss: 0.025)
    let narrow = ProbeBounds.interval(
      observed: 0...0, range: -1...1, variance: 1e-2, freedom: 100, miss: 0.025)
    #expect(narrow.upperBound < 0.3 * wide.upperBound)
    expectClose(
      narrow.lowerBound, -narrow.upperBound,
      within: Tolerance(relative: 1e-9, why: "a symmetric question"))
    // Without variance (1 − s)^freedom = miss at the limits, s = (x − mean)/(edge − mean): 0.0362….
    let s = 1 - pow(0.025, 0.01)
    let none = ProbeBounds.interval(
      observed: 0.3...0.3, range: -1...1, variance: 0, freedom: 100, miss: 0.025)
    expectClose(
      [none.lowerBound, none.upperBound], [(0.3 - s) / (1 - s), (0.3 + s) / (1 - s)],
      within: Tolerance(absolute: 1e-12, why: "bisection"))
  }

  // Every other of 40 eigenvalues is 1, the others are 0: a probe's uᵀAu is Beta(10, 10), of standard
  // deviation 0.11. Nothing is deflated, so that the limits are the probes' alone.
  @Test(.tags(.statistical), arguments: [1, 2, 4])
  func `limits of a trace and a norm hold the truth in 95 % of draws`(probes: Int) throws {
    let operand = Diagonal<Double>((0..<40).map { Double($0 % 2) })
    let draws = 200
    var (traces, norms) = (0, 0)
    for seed in 1...UInt64(draws) {
      var generator = RandomStream(seed: seed)
      let density = try StochasticLanczosQuadrature(steps: 2, probes: probes)
        .density(of: operand, using: &generator)
      if density.traceInterval().interval.contains(20) { traces += 1 }
      if density.squaredNormInterval().interval.contains(20) { norms += 1 }
    }
    for hits in [traces, norms] {
      let limits = GSL.proportion(hits: hits, trials: draws, confidence: 1 - 1e-6)
      #expect(limits.upperBound >= 0.95, "\(hits) of \(draws)")
    }
  }

  @Test func `a range of one point leaves nothing open`() {
    let limits = ProbeBounds.interval(observed: 2...2, range: 2...2, freedom: 3, miss: 0.025)
    #expect(limits == 2...2)
  }

  @Test(arguments: [1, 2, 5, 30], [1, 4])
  func `a range from few steps has all eigenvalues in it`(steps: Int, probes: Int) throws {
    // One eigenvalue far out, which few probes have much of.
    let values = [-3.0] + (0..<200).map { cos(Double($0)) } + [7]
    for seed in 1...20 as ClosedRange<UInt64> {
      var generator = RandomStream(seed: seed)
      let range = try StochasticLanczosQuadrature(steps: steps, probes: probes)
        .density(of: Diagonal<Double>(values), using: &generator).range()
      #expect(range.lowerBound <= -3 && range.upperBound >= 7, "\(range)")
      // And with enough steps it is no wider than that by a few per cent.
      if steps == 30 {
        #expect(range.lowerBound > -3.9 && range.upperBound < 7.9, "\(range)")
      }
    }
  }

  @Test func `an operator's range is exact where the Krylov space is invariant`() throws {
    for value in [0.0, 2, -1e-300] {
      var generator = RandomStream(seed: 1)
      let range = try StochasticLanczosQuadrature(steps: 9, probes: 1).density(
        of: Diagonal<Double>([Double](repeating: value, count: 30)), using: &generator
      ).range()
      expectClose(
        [range.lowerBound, range.upperBound], [value, value],
        within: Tolerance(relative: 1e-14, why: "one step"))
    }
  }
}
