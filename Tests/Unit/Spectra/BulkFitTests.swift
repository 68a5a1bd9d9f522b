import Foundation
import Oracles
import Saddle
import Support
import Testing

@Suite struct BulkFitTests {
  private let noDraws = BulkFitOptions(semicircleDraws: 0, draws: 0)

  private func report(
    _ eigenvalues: [Double], structuralZeros: Int = 0, _ options: BulkFitOptions
  ) throws -> BulkFitReport {
    var rng = RandomStream(seed: 1, name: "fit")
    return try BulkFitReport(
      of: Spectrum(eigenvalues: eigenvalues, structuralZeros: structuralZeros), options: options,
      using: &rng)
  }

  /// The law's quantiles (i − ½)/n, to which it fits with no residual at all.
  private func quantiles(_ law: some SpectralLaw, _ count: Int) -> [Double] {
    (0..<count).map { law.quantile((Double($0) + 0.5) / Double(count)) }
  }

  @Test func `a semicircle is found from its quantiles`() throws {
    let fit = try #require(
      report(quantiles(SemicircleLaw(center: 3, radius: 0.2), 40), noDraws).fit(.semicircle))
    guard case .semicircle(let law) = fit.law else { return #expect(Bool(false)) }
    let tolerance = Tolerance(relative: 1e-9, why: "no residual; the fit stops at 1e-9 of W²")
    expectClose([law.center, law.radius], [3, 0.2], within: tolerance)
    #expect(fit.isConverged && fit.outliersAbove + fit.outliersBelow == 0 && fit.bulk == 40)
    expectClose(
      fit.cramerVonMises, 1.0 / 480, within: Tolerance(relative: 1e-12, why: "the least there is"))
  }

  @Test(arguments: [(0.5, 2.0, 0.0), (0.9, -1.0, 7.0), (1.0, 1e-3, 0.0), (0.04, 10.0, -3.0)])
  func `a Marchenko–Pastur law is found from its quantiles`(
    ratio: Double, scale: Double, shift: Double
  ) throws {
    let planted = MarchenkoPasturLaw(ratio: ratio, scale: scale, shift: shift)
    let fit = try #require(report(quantiles(planted, 60), noDraws).fit(.marchenkoPastur))
    guard case .marchenkoPastur(let law) = fit.law else { return #expect(Bool(false)) }
    expectClose(
      [law.ratio, law.scale / scale, (law.shift - shift) / scale], [ratio, 1, 0],
      within: Tolerance(absolute: 1e-6, why: "no residual; the fit stops at 1e-9 of W²"))
    #expect(fit.isConverged && fit.bulk == 60)
  }

  @Test(arguments: [(0.25, 0.5, 1.0), (0.5, 0.9, -2.0), (0.1, 3.0, 0.5)])
  func `a free convolution is found from its quantiles`(
    variance: Double, ratio: Double, scale: Double
  ) throws {
    let planted = FreeConvolutionLaw(
      semicircleVariance: variance,
      plus: MarchenkoPasturLaw(ratio: ratio, scale: scale, shift: 1))
    let options = BulkFitOptions(families: [.freeConvolution], semicircleDraws: 0, draws: 0)
    let fit = try #require(report(quantiles(planted, 60), options).fit(.freeConvolution))
    guard case .freeConvolution(let law) = fit.law else { return #expect(Bool(false)) }
    expectClose(
      [law.mean, law.semicircleVariance, law.marchenkoPasturVariance, law.skewLength],
      [
        planted.mean, planted.semicircleVariance, planted.marchenkoPasturVariance,
        planted.skewLength,
      ], within: Tolerance(relative: 1e-5, why: "no residual; the fit stops at 1e-9 of W²"))
  }

  @Test(.tags(.oracle)) func `distances and likelihood are those of their definitions`() throws {
    var rng = RandomStream(seed: 5, name: "distance")
    let values = try RandomMatrixSpectrum.goe(order: 40, using: &rng)
    for fit in try report(values + [60, 90], noDraws).fits {
      #expect(fit.bulk == 40 && fit.outliersAbove == 2)
      let tolerance = Tolerance(relative: 1e-9, why: "rounding of differences")
      expectClose(
        fit.kolmogorovSmirnov,
        DistributionDistance.kolmogorovSmirnov(values, fit.law.cumulative), within: tolerance)
      expectClose(
        fit.cramerVonMises, DistributionDistance.cramerVonMises(values, fit.law.cumulative),
        within: tolerance)
      let share = 2.0 / 42
      let expected = (values + [60, 90]).reduce(0) {
        $0 + log((1 - share) * fit.law.density($1) + share / (90 - values[0]))
      }
      expectClose(fit.logLikelihood, expected, within: tolerance)
      expectClose(
        fit.akaike, 2 * Double(fit.law.family.parameterCount) - 2 * expected, within: tolerance)
    }
  }

  @Test func `zeros and outliers leave the fit of the bulk as it was`() throws {
    var rng = RandomStream(seed: 6, name: "zeros")
    let bulk = try RandomMatrixSpectrum.goe(order: 60, using: &rng)
    let options = BulkFitOptions(families: [.semicircle], semicircleDraws: 99)
    let plain = try report(bulk, options)
    // Rounding leaves structural zeros at 1e-14 and beyond the resolution at 1e-6.
    let zeros = [0, 0, 1e-14, -1e-14, 1e-6, -2e-6]
    let crowded = try report(bulk + zeros + [25, 31, -24, 200], structuralZeros: 6, options)
    let (a, b) = (try #require(plain.fits.first), try #require(crowded.fits.first))
    #expect(plain.zeros == 0 && crowded.zeros == 6 && crowded.structuralZeros == 6)
    #expect(b.outliersBelow == 1 && b.outliersAbove == 3 && b.bulk == 60)
    expectClose(
      [b.law.mean, b.law.variance, b.cramerVonMises],
      [a.law.mean, a.law.variance, a.cramerVonMises],
      within: Tolerance(relative: 1e-5, why: "two fits that stop at 1e-9 of W²"))
    #expect(a.bootstrap?.ofBulk == b.bootstrap?.ofBulk)
    #expect(crowded.wigner.verdict == .reproduced)
    // The extremes are all the spectrum's: two of 100, by the greatest of the draws and by itself.
    let edges = try #require(b.bootstrap?.edges)
    #expect(edges.greatest.pValue == 0.02 && edges.greatest.conditionalPValue < 1e-15)
  }

  @Test func `emergent zeros go by the tolerance that was given`() throws {
    let values = quantiles(SemicircleLaw(center: 2, radius: 1), 40) + [1e-5, -1e-5, 1e-9]
    #expect(try report(values, noDraws).zeros == 0)
    var options = noDraws
    options.zeroTolerance = 1e-6
    #expect(try report(values, options).zeros == 1)
    options.zeroTolerance = 1e-5
    let all = try report(values, options)
    #expect(all.zeros == 3 && all.zeroTolerance == 1e-5 && all.structuralZeros == 0)
  }

  @Test func `what lies outside in numbers is not called outliers`() throws {
    let bulk = quantiles(SemicircleLaw(radius: 1), 40)
    let few = try report(bulk + [3, 4, 5, 6], noDraws).fit(.semicircle)
    #expect(few?.outliersAbove == 4 && few?.exceedsOutlierLimit == false)
    let many = try report(bulk + [3, 4, 5, 6, 7], noDraws).fit(.semicircle)
    #expect(many?.outliersAbove == 0 && many?.bulk == 45 && many?.exceedsOutlierLimit == true)
    var options = noDraws
    options.outlierRule = .known(below: 1, above: 5)
    let known = try report(bulk + [3, 4, 5, 6, 7], options).fit(.semicircle)
    #expect(known?.outliersAbove == 5 && known?.outliersBelow == 1 && known?.bulk == 39)
  }

  @Test func `what no law can be fitted to is refused`() throws {
    #expect(throws: BulkFitError.tooFew(eigenvalues: 19, needed: 20)) {
      try report((0..<19).map { Double($0 + 1) }, noDraws)
    }
    #expect(throws: BulkFitError.tooFew(eigenvalues: 0, needed: 20)) {
      try report([Double](repeating: 0, count: 50), noDraws)
    }
    #expect(throws: BulkFitError.tooFew(eigenvalues: 19, needed: 20)) {
      try report((0..<25).map { Double($0) }, structuralZeros: 6, noDraws)
    }
    #expect(throws: BulkFitError.noSpread(at: 3)) {
      try report([Double](repeating: 3, count: 50), noDraws)
    }
    for scale in [1e200, 1e-200] {
      #expect {
        try report((1...30).map { Double($0) * scale }, noDraws)
      } throws: { error in
        if case .badlyScaled = error as? BulkFitError { true } else { false }
      }
    }
    #expect(throws: SpectrumError.notFinite(position: 1)) { try report([1, .nan], noDraws) }
    var options = noDraws
    options.outlierRule = .known(below: 10, above: 10)
    #expect(throws: BulkFitError.tooFew(eigenvalues: 10, needed: 20)) {
      try report((0..<30).map { Double($0 + 1) }, options)
    }
    options.outlierRule = .known(below: 40, above: 0)
    #expect(throws: BulkFitError.tooFew(eigenvalues: 0, needed: 20)) {
      try report((0..<30).map { Double($0 + 1) }, options)
    }
  }

  @Test(arguments: [0x1p300, 0x1p-300])
  func `a fit goes with the scale`(scale: Double) throws {
    var rng = RandomStream(seed: 9, name: "scale")
    let values = try RandomMatrixSpectrum.goe(order: 30, using: &rng)
    let options = BulkFitOptions(semicircleDraws: 9, draws: 0)
    let (plain, scaled) = (
      try report(values, options), try report(values.map { $0 * scale }, options)
    )
    for (a, b) in zip(plain.fits, scaled.fits) {
      expectClose(
        [b.law.support.lowerBound / scale, b.law.support.upperBound / scale, b.cramerVonMises],
        [a.law.support.lowerBound, a.law.support.upperBound, a.cramerVonMises],
        within: Tolerance(relative: 1e-7, why: "descents that part in rounding, to 1e-9 of W²"))
      #expect(a.bootstrap?.ofBulk == b.bootstrap?.ofBulk)
      guard let (a, b) = try a.bootstrap?.edges.map({ ($0, try #require(b.bootstrap?.edges)) })
      else { continue }
      #expect(a.greatest.pValue == b.greatest.pValue && a.least.pValue == b.least.pValue)
      expectClose(
        [b.greatest.position, b.least.position], [a.greatest.position, a.least.position],
        within: Tolerance(absolute: 1e-5, why: "2·n^⅔ times the law's 1e-7"))
    }
  }

  @Test(arguments: [
    BulkFitOptions(zeroTolerance: -1), BulkFitOptions(zeroTolerance: 1),
    BulkFitOptions(zeroTolerance: .nan), BulkFitOptions(outlierRule: .known(below: -1, above: 0)),
    BulkFitOptions(families: []), BulkFitOptions(families: [.semicircle, .semicircle]),
    BulkFitOptions(semicircleDraws: -1), BulkFitOptions(draws: -1), BulkFitOptions(orderLimit: 19),
  ])
  func `options outside their domain are refused`(options: BulkFitOptions) {
    #expect {
      try report((0..<30).map { Double($0 + 1) }, options)
    } throws: { error in
      if case .invalidOption = error as? BulkFitError { true } else { false }
    }
  }

  @Test func `a report is the same from the same seed, and reads back as written`() throws {
    var rng = RandomStream(seed: 8, name: "report")
    let values = try RandomMatrixSpectrum.goe(order: 30, using: &rng)
    let options = BulkFitOptions(semicircleDraws: 19, draws: 3)
    let first = try report(values, options)
    #expect(try report(values, options) == first)
    #expect(first.fits.map(\.law.family) == BulkLawFamily.allCases)
    #expect(first.fits.map { $0.bootstrap?.draws } == [19, 3, 3])
    #expect(try JSONDecoder().decode(BulkFitReport.self, from: JSON.encode(first)) == first)
    #expect(first.table.count == 2 + 3 * 5)
    #expect(first.table.allSatisfy { !$0.name.isEmpty && !$0.value.contains("nan") })
  }

  @Test(arguments: [
    (50, 0.01, 0.5, Verdict.reproduced), (50, 0.0099, 0.5, .undecided),
    (50, 0.001, 0.5, .undecided), (50, 0.0005, 1, .notReproduced), (49, 0.0005, 1, .undecided),
    (49, 0.5, 0.5, .undecided), (50, 1, 0.0005, .undecided), (50, 1, 0.001, .reproduced),
  ])
  func `the verdict is its rule's`(
    bulk: Int, p: Double, regular: Double, verdict: Verdict
  ) {
    func answer(_ test: BootstrapTest?) -> Ruling {
      let fit = LawFit(
        law: .semicircle(SemicircleLaw(radius: 1)), isConverged: true, bulk: bulk,
        outliersBelow: 0, outliersAbove: 0, exceedsOutlierLimit: false, kolmogorovSmirnov: 0.01,
        cramerVonMises: 0.01, logLikelihood: 0, bootstrap: test)
      return BulkFitReport(
        order: bulk, zeroTolerance: 0, zeros: 0, structuralZeros: 0, outlierRule: .edge,
        fits: [fit]
      ).wigner
    }
    let test = BootstrapTest(
      draws: 1999, order: bulk, cramerVonMises: p, tooRegular: regular, kolmogorovSmirnov: 0.5)
    #expect(answer(test).verdict == verdict)
    #expect(answer(nil).verdict == .undecided)
    #expect(answer(test).evidence.contains("1999 GOE matrices"))
  }
}

extension BootstrapTest {
  /// What does not depend on the extremes.
  fileprivate var ofBulk: [Double] {
    [Double(draws), Double(order), cramerVonMises, tooRegular, kolmogorovSmirnov]
  }
}
