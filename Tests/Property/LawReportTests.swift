import Foundation
import Oracles
import Saddle
import Support
import Testing

/// What `saddle law` says of spectra whose origin is known.
@Suite struct LawReportTests {
  // As few draws as both verdicts can fail by: 1/1300 is below 0.001, and of six p-values, two of
  // them two-sided, 6·2/1300 below 0.01.
  private let options = BulkFitOptions(families: [.semicircle], semicircleDraws: 1299)

  private func report(
    _ ensemble: RandomMatrixEnsemble, order: Int, seed: UInt64, options: BulkFitOptions? = nil
  ) throws -> LawReport {
    var rng = RandomStream(seed: seed, name: "law")
    let spectrum = try Spectrum(eigenvalues: ensemble.spectrum(order: order, using: &rng))
    return try LawReport(of: spectrum, options: options ?? self.options, using: &rng)
  }

  // A true verdict `fails` has probability 1/1300 a spectrum by the bootstrap's rule: three of eight
  // have 3e-8.
  @Test(.tags(.statistical)) func `GOE spectra pass`() throws {
    let reports = try (1...8).map { try report(.goe, order: 300, seed: $0) }
    #expect(reports.count { $0.fit?.wigner.verdict == .notReproduced } <= 2)
    // The least adjusted value is below 0.01 once in 100 spectra at most: four of eight but for
    // 7e-7.
    #expect(reports.count { $0.answer.verdict == .notReproduced } <= 3)
    for report in reports {
      #expect(report.adjusted.count == 6)
      #expect(try #require(report.repulsion).ratios >= 290)
    }
  }

  // Six tests of 1/300 each at the least: none of them is too coarse to be below 5 % adjusted. The
  // count is binomial; a rate of at most 5 % has a lower limit above 5 % with probability 1e-6.
  @Test(.tags(.statistical), arguments: TracyWidomLaw.Index.allCases)
  func `no more than one right spectrum in twenty is refused at 5 %`(
    index: TracyWidomLaw.Index
  ) async throws {
    let count = 200
    let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
      for seed in 1...UInt64(count) {
        group.addTask {
          let options = BulkFitOptions(
            families: [.semicircle], semicircleDraws: 299, index: index)
          let ensemble = RandomMatrixEnsemble.betaHermite(beta: Double(index.rawValue))
          return try report(ensemble, order: 60, seed: seed, options: options)
            .adjusted.contains { $0.adjusted <= 0.05 }
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    let rate = GSL.proportion(hits: refused, trials: count, confidence: 1 - 2e-6)
    #expect(rate.lowerBound <= 0.05, "\(refused) of \(count)")
  }

  // 8 n^(−⅔): from −3.9, which one spectrum in 100 is below, to where one in 10⁴ is above.
  @Test(arguments: [-1.0, 1]) func `an edge that is displaced is refused`(sign: Double) throws {
    for seed in UInt64(1)...5 {
      var rng = RandomStream(seed: seed, name: "law")
      var values = try RandomMatrixEnsemble.goe.spectrum(order: 300, using: &rng)
      let shift = 8 * pow(300, -2 / 3.0)
      if sign > 0 { values[299] += shift } else { values[0] -= shift }
      let found = try LawReport(of: Spectrum(eigenvalues: values), options: options, using: &rng)
      let name = sign > 0 ? "greatest eigenvalue" : "least eigenvalue"
      let test = try #require(found.adjusted.first { $0.name == name })
      #expect(test.adjusted < LawReport.failsBelow, "\(found.table)")
      #expect(found.answer.verdict == .notReproduced)
      let edges = try #require(found.fit?.fit(.semicircle)?.bootstrap?.edges)
      let (moved, other) = sign > 0 ? (edges.greatest, edges.least) : (edges.least, edges.greatest)
      #expect(moved.conditionalPValue < 1e-3)
      #expect(other.pValue > 1e-3)
    }
  }

  @Test func `GUE's spectrum is GUE's and not GOE's`() throws {
    func answer(_ index: TracyWidomLaw.Index) throws -> Verdict {
      let options = BulkFitOptions(families: [.semicircle], index: index)
      return try report(.gue, order: 300, seed: 1, options: options).answer.verdict
    }
    #expect(try answer(.unitary) == .reproduced)
    #expect(try answer(.orthogonal) == .notReproduced)
  }

  @Test func `levels at the law's quantiles are refused`() throws {
    var rng = RandomStream(seed: 5, name: "law")
    let law = SemicircleLaw(radius: 2)
    let spectrum = try Spectrum(
      eigenvalues: (0..<300).map { law.quantile((Double($0) + 0.5) / 300) })
    let found = try LawReport(of: spectrum, options: options, using: &rng)
    #expect(found.answer.verdict == .notReproduced)
    #expect(found.adjusted.contains { $0.name.contains("closer") && $0.adjusted < 0.01 })
  }

  // By the definition, from the eigenvalues and the law that was fitted to them; F from Painlevé's
  // equation lies between its values at the neighbouring quarters.
  @Test(arguments: TracyWidomLaw.Index.allCases)
  func `extremes stand where the definition has them`(index: TracyWidomLaw.Index) throws {
    var rng = RandomStream(seed: 6, name: "law")
    let values = try RandomMatrixEnsemble.goe.spectrum(order: 100, using: &rng).map { 3 * $0 + 1 }
    let options = BulkFitOptions(families: [.semicircle], semicircleDraws: 99, index: index)
    let found = try BulkFitReport(
      of: Spectrum(eigenvalues: values), options: options, using: &rng)
    let fit = try #require(found.fit(.semicircle))
    let edges = try #require(fit.bootstrap?.edges)
    let (center, radius) = (
      (fit.law.support.lowerBound + fit.law.support.upperBound) / 2,
      (fit.law.support.upperBound - fit.law.support.lowerBound) / 2
    )
    let correction = index == .orthogonal ? 0.5 * pow(100, -1 / 3.0) : 0
    for (extreme, distance) in [
      (edges.greatest, values[99] - center), (edges.least, center - values[0]),
    ] {
      let s = pow(100, 2 / 3.0) * (2 * distance / radius - 2) + correction
      expectClose(
        extreme.position, s, within: Tolerance(absolute: 1e-10, why: "rounding of n^⅔(2 − 2)"))
      let points = try PainleveTracyWidom().points
      let next = try #require(points.firstIndex { $0.s > s })
      func cumulative(_ k: Int) -> Double {
        index == .orthogonal ? points[k].goe.cumulative : points[k].gue.cumulative
      }
      #expect(cumulative(next - 1) <= extreme.cumulative && extreme.cumulative <= cumulative(next))
      expectClose(
        extreme.conditionalPValue, 2 * min(extreme.cumulative, 1 - extreme.cumulative),
        within: Tolerance(absolute: 1e-14, why: "rounding of 1 − F"))
    }
  }

  // A universal law of the entries: the same verdict for coins and for a sparse matrix.
  @Test(arguments: [EntryLaw.rademacher, .uniform])
  func `Wigner's law holds for other entries`(entries: EntryLaw) throws {
    let found = try report(.wigner(entries), order: 400, seed: 1)
    #expect(found.fit?.wigner.verdict == .reproduced, "\(found.table)")
  }

  @Test func `a heavy tail, a Wishart matrix and independent levels fail`() throws {
    let heavy = try report(.wigner(.heavyTailed(index: 1)), order: 400, seed: 1)
    #expect(heavy.fit?.wigner.verdict == .notReproduced, "\(heavy.table)")
    #expect(heavy.answer.verdict == .notReproduced, "\(heavy.table)")
    #expect(heavy.adjusted.contains { $0.name.contains("eigenvalue") && $0.adjusted < 0.01 })
    let wishart = try report(.wishart(degrees: 800), order: 400, seed: 1)
    #expect(wishart.fit?.wigner.verdict == .notReproduced, "\(wishart.table)")
    #expect(wishart.answer.verdict == .notReproduced, "\(wishart.table)")
    // A semicircle without repulsion: the density cannot tell, the ratios do.
    var rng = RandomStream(seed: 2, name: "law")
    let law = SemicircleLaw(radius: 2)
    let independent = try Spectrum(eigenvalues: (0..<400).map { _ in law.quantile(rng.uniform()) })
    let found = try LawReport(of: independent, options: options, using: &rng)
    #expect(try #require(found.repulsion?.pValue(of: .goe)) < 1e-9)
    #expect(try #require(found.repulsion?.pValue(of: .poisson)) > 1e-4)
    #expect(found.answer.verdict == .notReproduced)
  }

  @Test func `zeros are no levels`() throws {
    var rng = RandomStream(seed: 3, name: "law")
    let values = try RandomMatrixEnsemble.goe.spectrum(order: 300, using: &rng)
    let spectrum = try Spectrum(
      eigenvalues: values + [Double](repeating: 0, count: 200), structuralZeros: 200)
    let found = try LawReport(of: spectrum, options: options, using: &rng)
    #expect(found.fit?.zeros == 200)
    #expect(found.repulsion?.ratios == 298)
  }

  @Test func `too few eigenvalues are an answer`() throws {
    var rng = RandomStream(seed: 4, name: "law")
    let found = try LawReport(of: Spectrum(eigenvalues: [1, 2, 3]), using: &rng)
    #expect(found.fit == nil && found.repulsion == nil && found.adjusted.isEmpty)
    #expect(found.answer.verdict == .undecided)
    #expect(found.whyNoFit?.contains("3 eigenvalues in the bulk, too few") == true)
    #expect(found.whyNoRepulsion?.contains("3 levels where 52 are needed") == true)
  }

  @Test func `the command draws, reads, tells and plots`() throws {
    try withTemporaryFolder { folder in
      let picture = folder.appending(path: "law.svg")
      let drawn = try SaddleProcess.run(
        "law", "--ensemble", "goe", "-n", "80", "--json", "--plot", "--out", picture.path)
      #expect(drawn.status == 0, "\(drawn.errors)")
      let report = try JSONDecoder().decode(LawReport.self, from: Data(drawn.output.utf8))
      #expect(report.fit?.order == 80)
      #expect(report.index == .orthogonal && report.adjusted.count == 6)
      #expect(try String(contentsOf: picture, encoding: .utf8).contains("semicircle"))

      let file = folder.appending(path: "values.txt")
      try Data((1...60).map { "\($0)" }.joined(separator: "\n").utf8).write(to: file)
      let read = try SaddleProcess.run("law", file.path)
      #expect(read.status == 0 && read.output.contains("Wigner's semicircle law"), "\(read.errors)")
      #expect(read.output.contains("a GOE matrix's spectrum"))
      let unitary = try SaddleProcess.run("law", "--beta", "2", file.path)
      #expect(unitary.output.contains("a GUE matrix's spectrum"), "\(unitary.errors)")

      for (arguments, status, cause) in [
        ([], Int32(64), "give a file of eigenvalues or an --ensemble"),
        (["--ensemble", "goe", file.path], 64, "give a file of eigenvalues or an --ensemble"),
        (["--ensemble", "gau"], 64, "'gau' is invalid"),
        (["--ensemble", "goe", "--beta", "4"], 64, "'4' is invalid"),
        (["--ensemble", "goe", "-n", "0"], 64, "a matrix of order 0"),
        (["--ensemble", "sparse,density=2"], 64, "density is 2.0: pass 0 < density ≤ 1"),
        ([folder.path + "/none.txt"], 66, "none.txt"),
        ([picture.path], 65, "is no number"),
      ] {
        let result = try SaddleProcess.run(arguments: ["law"] + arguments)
        #expect(result.status == status, "\(arguments): \(result.status) \(result.errors)")
        #expect(result.errors.contains(cause), "\(arguments): \(result.errors)")
      }
    }
  }
}
