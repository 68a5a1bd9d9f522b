import Foundation
import Oracles
import Saddle
import Support
import Testing

/// How often intervals hold the truth, verdicts are wrong, and claims that are true are found, by
/// simulation: a limit that is missed is missed with a probability below 1e-6.
@Suite struct AggregationCoverageTests {
  private static let confidence = 1 - 1e-6

  /// Where a probability may lie by what was seen of it.
  private func limits(_ hits: Int, of trials: Int) -> ClosedRange<Double> {
    GSL.proportion(hits: hits, trials: trials, confidence: Self.confidence)
  }

  /// Standard deviations of seeds, of optimizers and of their pairs.
  struct Effects: CustomTestStringConvertible {
    let seeds, optimizers, pairs: Double
    var testDescription: String { "\(seeds), \(optimizers), \(pairs)" }
  }

  static let effects = [
    Effects(seeds: 1, optimizers: 1, pairs: 1), Effects(seeds: 0, optimizers: 0, pairs: 1),
    Effects(seeds: 1, optimizers: 0, pairs: 0.3), Effects(seeds: 0, optimizers: 1, pairs: 1),
    Effects(seeds: 0.3, optimizers: 1, pairs: 0.3), Effects(seeds: 1, optimizers: 0.1, pairs: 1),
  ]

  private func table(
    _ effects: Effects, seeds: Int, optimizers: Int, mean: Double = 0,
    using generator: inout some RandomNumberGenerator
  ) -> [[Double?]] {
    let columns = (0..<optimizers).map { _ in effects.optimizers * generator.normal() }
    return (0..<seeds).map { _ in
      let row = mean + effects.seeds * generator.normal()
      return columns.map { row + $0 + effects.pairs * generator.normal() } as [Double?]
    }
  }

  @Test(.tags(.statistical), arguments: effects, [2, 3])
  func `95 per cent of a mixed mean cover at least that`(effects: Effects, optimizers: Int) throws {
    var generator = RandomStream(seed: 1, name: "mixed")
    let trials = 4000
    let hits = try (0..<trials).count { _ in
      let table = table(effects, seeds: 10, optimizers: optimizers, using: &generator)
      return try #require(CrossedMean(table)).interval(level: 0.95).contains(0)
    }
    #expect(limits(hits, of: trials).upperBound >= 0.95, "\(hits) of \(trials)")
  }

  // With one optimizer it is Student's own interval: neither too narrow nor too wide.
  @Test(.tags(.statistical)) func `of one optimizer it covers 95 per cent and no more`() throws {
    var generator = RandomStream(seed: 2, name: "mixed")
    let trials = 4000
    let hits = try (0..<trials).count { _ in
      let table = table(
        Effects(seeds: 1, optimizers: 0, pairs: 0.5), seeds: 10, optimizers: 1, using: &generator)
      return try #require(CrossedMean(table)).interval(level: 0.95).contains(0)
    }
    #expect(limits(hits, of: trials).contains(0.95), "\(hits) of \(trials)")
  }

  // What seeds have in common, a run counted as a seed would hide.
  @Test(.tags(.statistical)) func `runs that are taken for seeds cover too seldom`() throws {
    var generator = RandomStream(seed: 3, name: "mixed")
    let trials = 1000
    let hits = try (0..<trials).count { _ in
      let table = table(
        Effects(seeds: 1, optimizers: 0, pairs: 0.3), seeds: 10, optimizers: 3, using: &generator)
      let flat = table.flatMap { $0 }.map { [$0] }
      return try #require(CrossedMean(flat)).interval(level: 0.95).contains(0)
    }
    #expect(limits(hits, of: trials).upperBound < 0.9, "\(hits) of \(trials)")
  }

  @Test(.tags(.statistical), arguments: [0.05, 0.3, 0.5, 0.95], [0.0, 0.5, 1])
  func `95 per cent of a share cover at least that, whatever runs of a seed have in common`(
    share: Double, common: Double
  ) throws {
    var generator = RandomStream(seed: 4, name: "share")
    let trials = 2000
    let hits = try (0..<trials).count { _ in
      let clusters = (0..<10).map { _ -> [Bool?] in
        // With probability `common` all runs of a seed are one toss.
        let (isOne, toss) = (generator.uniform() < common, generator.uniform() < share)
        return (0..<3).map { _ in isOne ? toss : generator.uniform() < share }
      }
      return try #require(ClusteredProportion(clusters)).interval(level: 0.95).contains(share)
    }
    #expect(limits(hits, of: trials).upperBound >= 0.95, "\(hits) of \(trials)")
  }

  @Test(.tags(.statistical), arguments: [10, 20])
  func `95 per cent of a bootstrap over clusters cover about that`(clusters: Int) throws {
    var generator = RandomStream(seed: 5, name: "bootstrap")
    let trials = 1500
    // A ratio of sums, as the spacings' is; the numerators of a cluster have an effect in common.
    let hits = try (0..<trials).count { _ in
      let sums = (0..<clusters).map { _ -> [Double] in
        let (effect, count) = (0.1 * generator.normal(), Double(20 + generator.index(below: 20)))
        return [count * (0.5 + effect) + 0.3 * count.squareRoot() * generator.normal(), count]
      }
      let estimate = try #require(
        ClusterBootstrap(sums, resamples: 499, using: &generator) { $0[0] / $0[1] })
      return estimate.interval(level: 0.95).contains(0.5)
    }
    let found = limits(hits, of: trials)
    #expect(found.upperBound >= 0.945 && found.lowerBound <= 0.975, "\(hits) of \(trials)")
  }

  private func plan(_ number: Int) -> ClaimProtocol {
    ClaimProtocol(
      id: "\(number)", statement: "", source: "", statistic: ClaimStatistic.allCases[number],
      region: ClaimRegion(from: 0), prediction: "", cost: "")
  }

  /// Verdicts on nine claims, each with a mean of its own inside or outside the region.
  private func verdicts(
    _ means: [Double], using generator: inout some RandomNumberGenerator
  ) throws -> [Verdict] {
    var supplied: [ClaimStatistic: ClaimSurvey.Measured] = [:]
    for (number, mean) in means.enumerated() {
      let table = table(
        Effects(seeds: 1, optimizers: 0.3, pairs: 0.5), seeds: 10, optimizers: 3, mean: mean,
        using: &generator)
      supplied[ClaimStatistic.allCases[number]] = ClaimSurvey.Measured(CrossedMean(table), "")
    }
    return try ClaimSurvey(
      means.indices.map(plan), runs: { _ in ([], 0) }, eigenvalues: { _, _ in nil }, supplied: supplied
    ).findings.map(\.verdict)
  }

  // At the region's end either verdict is a false alarm.
  @Test(.tags(.statistical))
  func `of nine claims at the margin any is decided in one of twenty cases at most`()
    throws
  {
    var generator = RandomStream(seed: 6, name: "alarms")
    let trials = 400
    let alarms = try (0..<trials).count { _ in
      try verdicts([Double](repeating: 0, count: 9), using: &generator).contains { $0 != .undecided }
    }
    #expect(limits(alarms, of: trials).lowerBound <= 0.05, "\(alarms) of \(trials)")
    // By itself each would be decided too often for nine.
    #expect(alarms < trials / 8, "\(alarms) of \(trials)")
  }

  // Four deviations between seeds inside: what the claims' own effects are of.
  @Test(.tags(.statistical))
  func `of nine claims that are plainly true or false most are decided, and rightly`()
    throws
  {
    var generator = RandomStream(seed: 7, name: "power")
    let trials = 100
    var (right, wrong) = (0, 0)
    for _ in 0..<trials {
      let means = (0..<9).map { $0 % 2 == 0 ? 4.0 : -4 }
      for (mean, verdict) in zip(means, try verdicts(means, using: &generator)) {
        if verdict == (mean > 0 ? .reproduced : .notReproduced) { right += 1 }
        if verdict == (mean > 0 ? .notReproduced : .reproduced) { wrong += 1 }
      }
    }
    #expect(limits(right, of: 9 * trials).lowerBound > 0.7 && wrong == 0, "\(right), \(wrong)")
  }
}
