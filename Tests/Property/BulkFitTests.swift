import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Does Wigner's law hold? Yes on GOE, also with zeros and outliers, no on what is not GOE.
@Suite struct BulkFitTests {
  private func verdict(_ eigenvalues: [Double], zeros: Int = 0, _ seed: Seed) throws
    -> Verdict
  {
    var rng = seed.generator
    return try BulkFitReport(
      of: Spectrum(eigenvalues: eigenvalues, structuralZeros: zeros),
      options: BulkFitOptions(families: [.semicircle]), using: &rng
    ).wigner.verdict
  }

  // By the rule GOE fails with probability 0.0005 and is undecided with 0.0095 and, where too
  // regular, 0.0005: of 16 spectra 4 or more undecided with probability 2e-5, one or more that
  // fails with 0.008. The seeds are fixed.
  @Test(.tags(.statistical)) func `it holds on GOE, with zeros and outliers too`() throws {
    var counts: [Verdict: Int] = [:]
    for seed in Seed.campaign(16) {
      var rng = RandomStream(seed: seed.value, name: "goe")
      let n = [60, 80, 100][Int(seed.value % 3)]
      var values = try GSL.eigenvalues(RandomMatrix.goe(order: n, using: &rng))
      var zeros = 0
      if seed.value % 2 == 0 {
        let radius = 2 * Double(n).squareRoot()
        values += [1.6, 2, 7, 100, -1.7].map { $0 * radius }
        zeros = 30
        values += (0..<zeros).map { _ in 1e-13 * rng.normal() }
      }
      counts[try verdict(values, zeros: zeros, seed), default: 0] += 1
    }
    #expect(counts[.notReproduced, default: 0] == 0 && counts[.undecided, default: 0] <= 3, "\(counts)")
  }

  @Test(.tags(.statistical), arguments: Seed.campaign(2))
  func `it fails on what is no semicircle`(seed: Seed) throws {
    var rng = seed.generator
    let uniform = (0..<100).map { _ in rng.uniform(-1, 1) }
    #expect(try verdict(uniform, seed) == .notReproduced, "uniform")
    #expect(try verdict((1...100).map { Double($0) }, seed) == .notReproduced, "evenly spread")
    for ratio in [0.2, 0.5, 1] {
      let wishart = try RandomMatrixSpectrum.wishart(order: 100, degrees: 100 / ratio, using: &rng)
      #expect(try verdict(wishart, seed) == .notReproduced, "Marchenko–Pastur of ratio \(ratio)")
    }
    let heavy = Matrix(RandomMatrix.heavyTailed(order: 150, index: 1.2, using: &rng))
    #expect(try verdict(heavy.eigenvalues(), seed) == .notReproduced, "a heavy tail")
  }

  @Test func `the law's own quantiles are too good to be a random matrix's`() throws {
    let law = SemicircleLaw(radius: 1)
    let quantiles = (0..<100).map { law.quantile((Double($0) + 0.5) / 100) }
    #expect(try verdict(quantiles, Seed(1)) == .undecided)
  }

  // p is a multiple of 0.01, each as likely where the draws are exchangeable with the sample, and
  // its counts are binomial. The second case leans on the growth law of n·W² as well, and on that of
  // n·D, which is of leading order: its p is too large there, 0.6 on average.
  @Test(.tags(.statistical), arguments: [(40, 400), (300, 40)])
  func `the bootstrap's p-values are uniform on GOE`(order: Int, limit: Int) throws {
    var rng = RandomStream(seed: 21, name: "uniform p")
    let options = BulkFitOptions(families: [.semicircle], semicircleDraws: 99, orderLimit: limit)
    let tests = try (0..<200).map { _ in
      let spectrum = try Spectrum(eigenvalues: RandomMatrixSpectrum.goe(order: order, using: &rng))
      let report = try BulkFitReport(of: spectrum, options: options, using: &rng)
      return try #require(report.fits.first?.bootstrap)
    }
    try Calibration(tests.map(\.kolmogorovSmirnov)).require(isExact: limit >= order)
    for pValues in [tests.map(\.cramerVonMises), tests.map(\.tooRegular)] {
      try Calibration(pValues).require(isExact: limit >= order)
      for share in [0.1, 0.5, 0.9] {
        #expect(Calibration(pValues).rate(at: share).contains(share), "P(p ≤ \(share))")
      }
      expectClose(
        pValues.reduce(0, +) / 200, 0.505,
        within: Tolerance(absolute: 5 * 0.0204, why: "5 standard errors of a uniform mean"))
      #expect(throws: PropertyViolation.self, "a factor of four shows") {
        try Calibration(pValues.map { $0 / 4 }).require(isExact: false)
      }
    }
  }

  @Test(.tags(.statistical)) func `each law is told from the others on its own matrices`() throws {
    var rng = RandomStream(seed: 22, name: "models")
    let options = BulkFitOptions(semicircleDraws: 99, draws: 39)
    let n = 150
    let wishart = try RandomMatrixSpectrum.wishart(order: n, degrees: 2 * Double(n), using: &rng)
      .map { $0 / (2 * Double(n)) }
    let sum = try RandomMatrixSpectrum.deformedGOE(
      eigenvalues: wishart, variance: 0.3 / Double(n), using: &rng)

    let pastur = try BulkFitReport(
      of: Spectrum(eigenvalues: wishart), options: options, using: &rng)
    #expect(pastur.best?.law.family == .marchenkoPastur)
    guard case .marchenkoPastur(let law) = try #require(pastur.fit(.marchenkoPastur)).law else {
      return #expect(Bool(false))
    }
    // The fluctuation of a Wishart matrix's linear statistics is O(1/n).
    expectClose(
      [law.ratio, law.scale, law.shift], [0.5, 1, 0],
      within: Tolerance(absolute: 0.1, why: "15/n"))
    #expect(try #require(pastur.fit(.semicircle)?.bootstrap).cramerVonMises == 0.01)
    #expect(try #require(pastur.fit(.marchenkoPastur)?.bootstrap).cramerVonMises > 0.025)

    let free = try BulkFitReport(of: Spectrum(eigenvalues: sum), options: options, using: &rng)
    #expect(try #require(free.fit(.freeConvolution)?.bootstrap).cramerVonMises > 0.025)
    #expect(try #require(free.fit(.semicircle)?.bootstrap).cramerVonMises == 0.01)
  }
}
