import Foundation
import Saddle
import Support
import Testing

/// Atoms, scales and signs of zero in what `saddle law` says, with few draws of a small spectrum.
@Suite struct LawVerdictTests {
  private static let levels = try! {
    var rng = RandomStream(seed: 7, name: "law")
    return try RandomMatrixEnsemble.goe.spectrum(order: 60, using: &rng)
  }()

  private func report(_ values: [Double], structuralZeros: Int = 0) throws -> LawReport {
    var rng = RandomStream(seed: 1, name: "bootstrap")
    return try LawReport(
      of: Spectrum(eigenvalues: values, structuralZeros: structuralZeros),
      options: BulkFitOptions(families: [.semicircle], semicircleDraws: 299), using: &rng)
  }

  @Test func `zeros that nobody declared are held against the claim`() throws {
    #expect(try report(Self.levels).answer.verdict == .reproduced)
    for zeros in [1, 600] {
      let values = Self.levels + [Double](repeating: 0, count: zeros)
      let found = try report(values).answer
      #expect(found.verdict == .notReproduced, "\(found)")
      #expect(
        found.evidence.contains("\(zeros) of \(60 + zeros) eigenvalues")
          && found.evidence.contains("--structural-zeros \(zeros)"), "\(found.evidence)")
      // Declared, they say nothing of the others.
      #expect(try report(values, structuralZeros: zeros).answer.verdict == .reproduced)
      #expect(try report(values, structuralZeros: zeros - 1).answer.verdict == .notReproduced)
    }
    // What a solver leaves of a zero is one.
    #expect(try report(Self.levels + [1e-15, -3e-16]).answer.verdict == .notReproduced)
    // Nothing else can be tested here.
    #expect(try report([Double](repeating: 0, count: 9)).answer.verdict == .notReproduced)
  }

  @Test func `no more zeros can be declared than there are`() throws {
    let values = Self.levels + [Double](repeating: 0, count: 20)
    #expect(throws: Never.self) { try report(values, structuralZeros: 20) }
    do {
      _ = try report(values, structuralZeros: 30)
      Issue.record("ten eigenvalues that are no zeros were left out")
    } catch let error as BulkFitError {
      #expect(error.description.contains("30: pass at most 20"), "\(error)")
    }
  }

  @Test func `eigenvalues that rounding leaves alone are not called equal`() throws {
    let found = try report(Self.levels.map { $0 + 1e14 })
    let why = try #require(found.whyNoFit)
    #expect(why.contains("no further from it than rounding of the greatest"), "\(why)")
  }

  @Test func `the verdict stands in JSON as it does in the text`() throws {
    let arguments = ["law", "--ensemble", "goe", "-n", "60", "--seed", "3"]
    let json = try SaddleProcess.run(arguments: arguments + ["--json"])
    let answer = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])["answer"]
    let verdict = try #require((answer as? [String: Any])?["verdict"] as? String)
    let evidence = try #require((answer as? [String: Any])?["evidence"] as? String)
    let text = try SaddleProcess.run(arguments: arguments).output
    #expect(text.contains(evidence), "\(text)")
    #expect(verdict == Verdict.reproduced.rawValue && text.contains("holds"), "\(verdict)\n\(text)")
  }

  @Test(arguments: [1e300, 1e-300, 0x1p-1000, 0x1p1000])
  func `a spectrum is what it is in any unit`(unit: Double) throws {
    let (plain, scaled) = (try report(Self.levels), try report(Self.levels.map { $0 * unit }))
    #expect(scaled.answer == plain.answer, "\(scaled.whyNoFit ?? "")")
    #expect(scaled.adjusted.map(\.name) == plain.adjusted.map(\.name))
    // A power of two changes no bit; other factors round each eigenvalue.
    expectClose(
      scaled.adjusted.map(\.pValue), plain.adjusted.map(\.pValue),
      within: Tolerance(absolute: unit.significand == 1 ? 0 : 1e-11, why: "rounded eigenvalues"))
    let law = try #require(plain.fit?.fit(.semicircle)?.law)
    let again = try #require(scaled.fit?.fit(.semicircle)?.law)
    // The laws are of the eigenvalues in units that the report names.
    expectClose(
      again.support.upperBound / law.support.upperBound * scaled.unit, unit,
      within: Tolerance(relative: 1e-12, why: "rounding of the scaled eigenvalues"))
    #expect(plain.unit == 1 && scaled.unit.significand == 1)
    #expect(scaled.table.contains { $0.name.contains("unit") })
  }

  @Test func `no p-value is printed as minus zero`() throws {
    let even = (0..<120).map { Double($0) }
    let growing: [[Double]] = [even, even.map { $0 * $0 * $0 }, even.map { $0 * $0 }]
    for values in growing + [Self.levels, Self.levels + Self.levels.map { 1e3 * $0 }] {
      for row in try report(values).table {
        #expect(!row.value.contains(/-0(?![.0-9])/), "\(row)")
      }
    }
    #expect(short(-0.0) == "0" && percent(-0.0) == "0.0 %" && short(-1e-9) == "-1e-09")
  }

  @Test func `zeros that a run's analysis knows are declared by its file`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "spectrum.json")
      struct Object: Encodable { let eigenvalues: [Double], structuralZeros: Int }
      try JSON.encode(
        Object(eigenvalues: Self.levels + [0, 0, 0], structuralZeros: 3)
      ).write(to: file)
      #expect(try EigenvalueFile(readingFrom: file.path).structuralZeros == 3)
    }
  }
}
