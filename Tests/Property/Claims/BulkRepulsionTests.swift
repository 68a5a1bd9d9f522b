import Foundation
import Saddle
import Support
import Testing

/// Levels of which it is known how they keep apart, on densities that are no semicircle's.
@Suite struct BulkRepulsionTests {
  /// (mean ratio, control) over some spectra of both signs.
  private func measured(
    _ spectrum: (inout RandomStream) throws -> [Double]
  ) throws -> (mean: Double, control: Double, count: Int) {
    var generator = RandomStream(seed: 1, name: "bulk")
    var sums = (own: 0.0, count: 0, control: 0.0, controls: 0)
    for _ in 0..<30 {
      let levels = try spectrum(&generator).sorted()
      let bulk = try #require(try BulkRepulsion(of: levels, outliers: 3, using: &generator))
      sums.own += bulk.sum
      sums.count += bulk.count
      sums.control += bulk.controlSum
      sums.controls += bulk.controlCount
    }
    return (sums.own / Double(sums.count), sums.control / Double(sums.controls), sums.count)
  }

  /// Four standard errors of a mean of so many ratios (0.315 each, their neighbours' part in it).
  private func slack(_ count: Int) -> Double { 4 * 0.315 / Double(count).squareRoot() }

  @Test(.tags(.statistical)) func `a random matrix keeps apart as its control does, on any density`() throws {
    let found = try measured { generator in
      try RandomMatrixEnsemble.goe.spectrum(order: 600, using: &generator).map { level in
        // Over four decades, on either side of zero.
        (level < 0 ? -1 : 1) * exp(4 * level.magnitude - 8)
      }
    }
    #expect((found.mean - found.control).magnitude < 2 * slack(found.count), "\(found)")
    #expect((found.mean - SpacingLaw.goe.meanRatio).magnitude < 0.01, "\(found)")
  }

  @Test(.tags(.statistical)) func `independent levels do not, and their control does`() throws {
    let found = try measured { generator in
      (0..<600).map { _ in exp(4 * generator.uniform()) * (generator.uniform() < 0.5 ? -1 : 1) }
    }
    #expect((found.mean - SpacingLaw.poisson.meanRatio).magnitude < slack(found.count), "\(found)")
    #expect((found.control - SpacingLaw.goe.meanRatio).magnitude < 0.01, "\(found)")
  }

  @Test func `zeros, outliers and sides with few levels are no bulk`() throws {
    var generator = RandomStream(seed: 2, name: "bulk")
    let few = (0..<40).map { 0.5 + Double($0) / 40 }
    #expect(try BulkRepulsion(of: few, outliers: 0, using: &generator) == nil)
    let zeros = [Double](repeating: 0, count: 100)
    #expect(try BulkRepulsion(of: zeros + few, outliers: 0, using: &generator) == nil)
    // Equal distances: every ratio is 1, whatever lies at zero or stands apart.
    let even = (0..<100).map { 1 + Double($0) / 128 }
    let bulk = try BulkRepulsion(of: zeros + even + [5, 70], outliers: 2, using: &generator)
    #expect(bulk?.count == 98 && bulk?.meanRatio == 1)
  }
}
