import Foundation
import Oracles
import Saddle
import Support
import Testing

/// How often a 95 % band holds the truth, over fixed seeds. A count is expected where the exact
/// (Clopper–Pearson) interval for the probability behind it, at a confidence of 1 − 1e-6, holds
/// 95 %.
@Suite(.tags(.statistical)) struct BandCoverageTests {
  private static let confidence = 1 - 1e-6

  /// GOE of order 40, one outlier at each end.
  private let eigenvalues: [Double]
  private let matrix: DenseOperator<Double>
  /// Below the bulk's quarters, and just beside both outliers.
  private let points: [Double]

  init() throws {
    var generator = RandomStream(seed: 11, name: "coverage")
    let bulk = try GSL.eigenvalues(RandomMatrix.goe(order: 38, using: &generator))
    let values = [-20] + bulk + [30]
    eigenvalues = values
    matrix = DenseOperator(
      Matrix(
        rows: 40, columns: 40,
        elements: (0..<1600).map { $0 % 41 == 0 ? values[$0 / 41] : 0 }))
    points = [0, 9, 19, 29, 38].map { (values[$0] + values[$0 + 1]) / 2 }
  }

  private func density(
    _ seed: Int, steps: Int, probes: Int, _ reorthogonalization: Reorthogonalization = .none
  ) throws -> SpectralDensity {
    var generator = RandomStream(seed: UInt64(seed), name: "probes")
    return try StochasticLanczosQuadrature(
      steps: steps, probes: probes, reorthogonalization: reorthogonalization
    ).density(of: matrix, using: &generator)
  }

  /// How many of the seeds' bands hold the truth, at each point and at all.
  private func hits(
    seeds: Int, _ truth: [Double], _ band: (Int) throws -> DensityBand
  ) rethrows -> (each: [Int], all: Int) {
    var each = truth.map { _ in 0 }
    var all = 0
    for seed in 1...seeds {
      let band = try band(seed)
      for i in truth.indices where band.lower[i] <= truth[i] && truth[i] <= band.upper[i] {
        each[i] += 1
      }
      if band.contains(truth) { all += 1 }
    }
    return (each, all)
  }

  private func interval(_ hits: Int, of seeds: Int) -> ClosedRange<Double> {
    GSL.proportion(hits: hits, trials: seeds, confidence: Self.confidence)
  }

  private var cumulative: [Double] {
    points.map { PrescribedMeasure(eigenvalues: eigenvalues).cumulative($0) }
  }

  private func smoothed(_ width: Double) -> [Double] {
    points.map { x in
      PrescribedMeasure(eigenvalues: eigenvalues).mean {
        erfc(($0 - x) / (width * 2.0.squareRoot())) / 2
      }
    }
  }

  @Test(arguments: [1, 4])
  func `where quadrature is exact, the distribution function's band holds 95 % of the time`(
    probes: Int
  ) throws {
    let seeds = 1000
    let found = try hits(seeds: seeds, cumulative) { seed in
      try density(seed, steps: 40, probes: probes, .full).cumulativeBand(at: points)
    }
    for (hits, x) in zip(found.each, points) {
      #expect(interval(hits, of: seeds).contains(0.95), "\(hits) of \(seeds) at \(x)")
    }
    // All five points at once are missed more often, unless the band is for all.
    #expect(interval(found.all, of: seeds).upperBound < 0.95, "\(found.all) of \(seeds)")
    let joint = try hits(seeds: seeds, cumulative) { seed in
      try density(seed, steps: 40, probes: probes, .full)
        .cumulativeBand(at: points, simultaneous: true)
    }
    #expect(interval(joint.all, of: seeds).upperBound >= 0.95, "\(joint.all) of \(seeds)")
  }

  @Test(arguments: [6, 14])
  func `with few steps it holds more often, for single points and for all at once`(
    steps: Int
  ) throws {
    let seeds = 1000
    let single = try hits(seeds: seeds, cumulative) { seed in
      try density(seed, steps: steps, probes: 4).cumulativeBand(at: points)
    }
    let joint = try hits(seeds: seeds, cumulative) { seed in
      try density(seed, steps: steps, probes: 4).cumulativeBand(at: points, simultaneous: true)
    }
    for hits in single.each + [joint.all] {
      #expect(interval(hits, of: seeds).upperBound >= 0.95, "\(hits) of \(seeds)")
    }
  }

  @Test(arguments: [(BandSource.probeLaw, 1), (.probeLaw, 6), (.spread, 6)])
  func `a smoothed distribution function's band holds 95 % of the time`(
    source: BandSource, probes: Int
  ) throws {
    let seeds = 1000
    let width = 2.5
    let found = try hits(seeds: seeds, smoothed(width)) { seed in
      try #require(
        try density(seed, steps: 36, probes: probes)
          .smoothedCumulative(at: points, width: width, from: source))
    }
    for (k, hits) in found.each.enumerated() {
      // One eigenvalue's share is far from normal: at the outliers the spread's band falls short,
      // and the law's does not.
      let isOutlier = k == 0 || k == points.count - 1
      if source == .spread && isOutlier {
        #expect(interval(hits, of: seeds).upperBound < 0.95, "\(hits) of \(seeds)")
      } else if probes == 1 && isOutlier {
        // Here the law's largest variance is taken, more than there is.
        #expect(interval(hits, of: seeds).upperBound >= 0.95, "\(hits) of \(seeds)")
      } else {
        #expect(interval(hits, of: seeds).contains(0.95), "\(hits) of \(seeds) at \(points[k])")
      }
    }
  }

  @Test(arguments: [1, 5])
  func `the interval of an atom's share holds 95 % of the time`(probes: Int) throws {
    var generator = RandomStream(seed: 12)
    let eigenvalues = RandomSpectrum.lowRank(count: 60, rank: 6, using: &generator)
    let matrix = DenseOperator(
      Matrix(RandomMatrix.symmetric(spectrum: eigenvalues, using: &generator)))
    let method = try StochasticLanczosQuadrature(steps: 20, probes: probes)
    let seeds = 1000
    var hits = 0
    for seed in 1...seeds {
      var generator = RandomStream(seed: UInt64(seed), name: "probes")
      let atom = try method.density(of: matrix, using: &generator).atom(tolerance: 0.01)
      if atom.interval.contains(0.9) { hits += 1 }
    }
    #expect(interval(hits, of: seeds).contains(0.95), "\(hits) of \(seeds)")
  }
}
