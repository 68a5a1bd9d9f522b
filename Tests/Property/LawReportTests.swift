import Foundation
import Saddle
import Support
import Testing

/// What `saddle law` says of spectra whose origin is known.
@Suite struct LawReportTests {
  private let options = BulkFitOptions(families: [.semicircle])

  private func report(
    _ ensemble: RandomMatrixEnsemble, order: Int, seed: UInt64
  ) throws -> LawReport {
    var rng = RandomStream(seed: seed, name: "law")
    let spectrum = try Spectrum(eigenvalues: ensemble.spectrum(order: order, using: &rng))
    return try LawReport(of: spectrum, options: options, using: &rng)
  }

  // A true verdict `fails` has probability 1/2000 a spectrum by the bootstrap's rule: two of eight
  // but for 7e-6, three but for 7e-9.
  @Test(.tags(.statistical)) func `GOE spectra pass`() throws {
    let reports = try (1...8).map { try report(.goe, order: 300, seed: $0) }
    #expect(reports.count { $0.fit?.wigner.verdict == .fails } <= 2)
    // The least of 24 adjusted values below 1e-4: 8e-4 in all by Holm, twice but for 1e-6.
    #expect(reports.count { $0.adjusted.contains { $0.adjusted < 1e-4 } } <= 1)
    for report in reports {
      #expect(report.adjusted.count == 3)
      #expect(try #require(report.repulsion).ratios >= 290)
    }
  }

  // A universal law of the entries: the same verdict for coins and for a sparse matrix.
  @Test(arguments: [EntryLaw.rademacher, .uniform])
  func `Wigner's law holds for other entries`(entries: EntryLaw) throws {
    let found = try report(.wigner(entries), order: 400, seed: 1)
    #expect(found.fit?.wigner.verdict == .holds, "\(found.table)")
  }

  @Test func `a heavy tail, a Wishart matrix and independent levels fail`() throws {
    let heavy = try report(.wigner(.heavyTailed(index: 1)), order: 400, seed: 1)
    #expect(heavy.fit?.wigner.verdict == .fails, "\(heavy.table)")
    let wishart = try report(.wishart(degrees: 800), order: 400, seed: 1)
    #expect(wishart.fit?.wigner.verdict == .fails, "\(wishart.table)")
    // A semicircle without repulsion: the density cannot tell, the ratios do.
    var rng = RandomStream(seed: 2, name: "law")
    let law = SemicircleLaw(radius: 2)
    let independent = try Spectrum(eigenvalues: (0..<400).map { _ in law.quantile(rng.uniform()) })
    let found = try LawReport(of: independent, options: options, using: &rng)
    #expect(try #require(found.repulsion?.pValue(of: .goe)) < 1e-9)
    #expect(try #require(found.repulsion?.pValue(of: .poisson)) > 1e-4)
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
      #expect(try String(contentsOf: picture, encoding: .utf8).contains("semicircle"))

      let file = folder.appending(path: "values.txt")
      try Data((1...60).map { "\($0)" }.joined(separator: "\n").utf8).write(to: file)
      let read = try SaddleProcess.run("law", file.path)
      #expect(read.status == 0 && read.output.contains("Wigner's semicircle law"), "\(read.errors)")

      for (arguments, status, cause) in [
        ([], Int32(64), "give a file of eigenvalues or an --ensemble"),
        (["--ensemble", "goe", file.path], 64, "give a file of eigenvalues or an --ensemble"),
        (["--ensemble", "gau"], 64, "'gau' is invalid"),
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
