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
}
