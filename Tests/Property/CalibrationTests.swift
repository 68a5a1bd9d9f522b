import Foundation
import Oracles
import Saddle
import Support
import Testing

/// p-values over seeds, where there is nothing to find: as small as they say, and no smaller.
///
/// Each limit is passed by chance once in 10⁶ (`Calibration`). That it bites is shown on a p-value
/// with a fault beside each. Kolmogorov's, the sign test's and level repulsion's are among the
/// checks of `VerifierMutantTests`, the semicircle's bootstrap in `BulkFitTests`.
@Suite(.tags(.statistical)) struct CalibrationTests {
  private func requireAccused(_ pValues: [Double], isExact: Bool = false) {
    #expect(throws: PropertyViolation.self) {
      try Calibration(pValues).require(isExact: isExact)
    }
  }

  // P(p ≤ 0.05) of 2000 is told from 0.08, and P(p ≤ 0.01) from 0.025.
  @Test func `limits are told from what is beyond them`() throws {
    func pValues(_ small: Int, of count: Int, below alpha: Double) -> [Double] {
      (0..<count).map { $0 < small ? alpha / 2 : 0.5 }
    }
    #expect(throws: PropertyViolation.self) {
      try Calibration(pValues(160, of: 2000, below: 0.05)).require(isExact: false)
    }
    #expect(throws: PropertyViolation.self) {
      try Calibration(pValues(50, of: 2000, below: 0.01)).require(isExact: false)
    }
    try Calibration((0..<2000).map { (Double($0) + 0.5) / 2000 }).require(isExact: true)
    requireAccused([Double](repeating: 0.5, count: 2000), isExact: true)
    requireAccused([Double](repeating: .nan, count: 2000))
    try Calibration([Double](repeating: 0.5, count: 2000)).require(isExact: false)
  }

  @Test(arguments: [1, 2, 5, 40, 500]) func `Kolmogorov's p-value is uniform`(count: Int) throws {
    let law = try KolmogorovDistribution(count: count)
    var rng = SplitMix64(seed: UInt64(count))
    let pValues = (0..<4000 / (1 + count / 50)).map { _ in
      let sample = (0..<count).map { _ in Draw.unit(using: &rng) }.sorted()
      var distance = 0.0
      for (k, x) in sample.enumerated() {
        distance = max(distance, x - Double(k) / Double(count), Double(k + 1) / Double(count) - x)
      }
      return law.survival(at: distance)
    }
    try Calibration(pValues).require(isExact: true)
    requireAccused(pValues.map { $0 / 2 })
  }

  // The parameters are fitted: p is not exact, and must not be too small.
  @Test(arguments: zip([BulkLawFamily.marchenkoPastur, .freeConvolution], [150, 50]))
  func `other bootstraps' p-values are as small as they say on their matrices`(
    family: BulkLawFamily, count: Int
  ) throws {
    var rng = RandomStream(seed: 5, name: "calibration")
    let options = BulkFitOptions(families: [family], draws: 19)
    let n = 30
    let pastur = MarchenkoPasturLaw(ratio: 0.5)
    let sum = FreeConvolutionLaw(semicircleVariance: 0.3, plus: pastur)
    var (pValues, planted): ([Double], [Double]) = ([], [])
    for _ in 0..<count {
      var spectrum = try RandomMatrixSpectrum.wishart(
        order: n, degrees: 2 * Double(n), using: &rng
      ).map { $0 / (2 * Double(n)) }
      if family == .freeConvolution {
        spectrum = try RandomMatrixSpectrum.deformedGOE(
          eigenvalues: spectrum, variance: 0.3 / Double(n), using: &rng)
      }
      // Without repulsion: as many independent draws of the same law.
      let independent = (0..<n).map { _ in
        let p = rng.uniform()
        return family == .marchenkoPastur ? pastur.quantile(p) : sum.quantile(p)
      }.sorted()
      for (values, isPlanted) in [(spectrum, false), (independent, true)]
      where
        !isPlanted || planted.count < 40
      {
        let report = try BulkFitReport(
          of: Spectrum(eigenvalues: values), options: options, using: &rng)
        let p = try #require(report.fits.first?.bootstrap).cramerVonMises
        if isPlanted { planted.append(p) } else { pValues.append(p) }
      }
    }
    // Of 19 draws p is at least 0.05.
    let (rate, power) = (Calibration(pValues).rate(at: 0.05), Calibration(planted).rate(at: 0.05))
    #expect(rate.lowerBound <= 0.05, "\(rate)")
    #expect(power.lowerBound > 0.05, "\(power)")
  }

  // Six tests of one spectrum, adjusted by Holm: of 199 draws no adjusted p is below 0.03.
  @Test func `the least p-value of a report is as small as it says on GOE`() throws {
    var rng = RandomStream(seed: 6, name: "calibration")
    let options = BulkFitOptions(families: [.semicircle], semicircleDraws: 199)
    let law = SemicircleLaw(radius: 2)
    func least(_ values: [Double]) throws -> LawReport {
      try LawReport(of: Spectrum(eigenvalues: values), options: options, using: &rng)
    }
    var (adjusted, plain, planted): ([Double], [Double], [Double]) = ([], [], [])
    for k in 0..<160 {
      let report = try least(RandomMatrixSpectrum.goe(order: 60, using: &rng))
      adjusted.append(report.adjusted.map(\.adjusted).min() ?? .nan)
      plain.append(report.adjusted.map(\.pValue).min() ?? .nan)
      guard k < 30 else { continue }
      let levels = (0..<60).map { _ in law.quantile(rng.uniform()) }.sorted()
      planted.append(try least(levels).adjusted.map(\.adjusted).min() ?? .nan)
    }
    try Calibration(adjusted).require(isExact: false)
    #expect(Calibration(planted).rate(at: 0.05).lowerBound > 0.5)
    // Not adjusted, the least of six is small too often.
    #expect(plain.count { $0 <= 0.05 } > adjusted.count { $0 <= 0.05 })
  }
}
