import Foundation
import Oracles
import Testing

/// How surely the laws of random matrices find the smallest faults that matter, over seeds.
@Suite(.tags(.statistical)) struct EnsemblePowerTests {
  private static let seeds = (0..<15).map { UInt64($0) * 1_000_003 + 17 }

  /// On how many seeds a law accuses a sampler.
  private func accusations(_ subject: EnsembleSubject, by name: String) throws -> Int {
    let oracle = try #require(EnsembleOracle.all.first { $0.name == name })
    return Self.seeds.count { seed in
      do {
        try oracle.check(subject, seed: seed)
        return false
      } catch {
        return true
      }
    }
  }

  // 15 of 15 say that the power is at least 0.78 (Clopper, Pearson 1934, 95 %).
  @Test(arguments: [
    ("variance 1 on the diagonal", "normal entries", "GOE"),
    ("larger by 2 %", "squares", "GOE"),
    ("mean 0.1", "two levels", "GOE"),
    ("variance 1.3 for 1", "semicircle", "Laplace"),
    ("Wishart of one degree less", "trace", "Wishart in plain loops"),
    ("the edge at 2√n", "Tracy–Widom edge", "β-Hermite, β = 1"),
    ("GUE's levels", "number variance", "GUE"),
    ("equal distances in the bulk", "number variance", "β-Hermite, β = 1"),
    ("the strength's root for a spike's", "overlap", "spiked Wigner"),
  ])
  func `small faults are found on every seed, and nothing right on any`(
    fault: String, law: String, right: String
  ) throws {
    let mutant = try #require(ensembleMutants.first { $0.fault == fault })
    let control = try #require(ensembleMutants.first { $0.sampler == right && $0.fault == nil })
    let found = try accusations(mutant.subject, by: law)
    #expect(GSL.proportion(hits: found, trials: Self.seeds.count, confidence: 0.95).lowerBound > 0.75)
    #expect(try accusations(control.subject, by: law) == 0)
  }

  // F₁(−6) = 2.7e-6 and 1 − F₁(6) = 1.9e-6 (Tracy, Widom 1996): what right matrices come to, though
  // seldom; ten units they never do.
  @Test(arguments: [600.0, 1000, 100_000], [-6.0, 6, -10, 10])
  func `a Wishart matrix's edges may be six units off and not ten`(
    degrees: Double, offset: Double
  ) throws {
    let oracle = try #require(EnsembleOracle.all.first { $0.name == "edges" })
    let (a, b) = (299.5.squareRoot(), (degrees - 0.5).squareRoot())
    let (low, high) = ((b - a) * (b - a), (b + a) * (b + a))
    for (low, high) in [
      (low + offset * (b - a) * cbrt(1 / a - 1 / b), high),
      (low, high + offset * (b + a) * cbrt(1 / a + 1 / b)),
    ] {
      let values = (0..<300).map { low + Double($0) / 299 * (high - low) }
      let subject = EnsembleSubject(.wishart(degrees: Int(degrees))) { _, _ in values }
      if offset.magnitude < 9 {
        #expect(try oracle.check(subject))
      } else {
        #expect(throws: PropertyViolation.self) { try oracle.check(subject) }
      }
    }
  }

  @Test func `laws of large n say nothing of a spike near its threshold`() throws {
    for (strength, isHeld) in [(1.05, false), (1.49, false), (1.5, true), (3, true)] {
      let subject = EnsembleSubject(
        .spikedWigner(strength: strength),
        spike: { n, _ in
          let unit = [1.0] + [Double](repeating: 0, count: n - 1)
          return (unit, unit)
        }
      ) { n, _ in (1...n).map { Double($0) / Double(n) } }
      for name in ["spike", "overlap"] {
        let oracle = try #require(EnsembleOracle.all.first { $0.name == name })
        if isHeld {
          #expect(throws: PropertyViolation.self, "\(name)") { try oracle.check(subject) }
        } else {
          #expect(try !oracle.check(subject), "\(name) at \(strength)")
        }
      }
    }
  }
}
