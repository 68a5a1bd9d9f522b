import Oracles
import Support
import Testing

/// What decides in this project against deciders that are wrong on purpose: a test of the tests.
@Suite struct VerifierMutantTests {
  @Test(.tags(.oracle, .slow, .statistical))
  func `every fault is found, by two checks where two can, and nothing right is accused`() throws {
    var rows: [FaultRow] = []
    for mutant in judgingMutants + statisticsMutants {
      var found = Accusations()
      for check in mutant.parts.flatMap(\.checks) {
        found.meet(check.name) { try check.body(mutant.verifier) }
      }
      guard let fault = mutant.fault else {
        #expect(found.kills.isEmpty, "\(mutant.name) is right: \(found.causes)")
        continue
      }
      rows.append(
        FaultRow(
          subject: mutant.name, fault: fault, kills: found.kills,
          reasonForOne: mutant.reasonForOne))
    }
    #expect(rows.count >= 80)
    try FaultTable.verifiers(rows).hold()
  }

  // An oracle that never throws would be in no row.
  @Test func `every oracle has found a planted fault`() throws {
    for (names, file) in [
      (EigensolverOracle.all.map(\.name), "eigensolver-mutants.md"),
      (EnsembleOracle.all.map(\.name), "ensemble-mutants.md"),
      (LawOracle.all.map(\.name), "law-mutants.md"),
      (VerifierCheck.all.map(\.name), "verifier-mutants.md"),
    ] {
      let text = try String(
        contentsOf: projectFolder.appending(path: "docs/\(file)"), encoding: .utf8)
      #expect(Set(names).count == names.count)
      for name in names { #expect(text.contains("\(name) ("), "\(name) in \(file)") }
    }
  }
}

extension FaultTable {
  static func verifiers(_ rows: [FaultRow]) -> FaultTable {
    FaultTable(
      file: projectFolder.appending(path: "docs/verifier-mutants.md"),
      introduction: [
        "# Planted faults in what decides, and the checks that find them",
        "",
        "\(rows.count) verifiers, each with one fault, meet the checks of their part on what is known",
        "to be right and what is known to be wrong: comparisons, oracles, the property kit,",
        "p-values, the test of level repulsion and the reader of eigenvalues. Beside each check",
        "stands by how much the case that was decided wrongly is beyond its tolerance, as a power",
        "of ten; ∞ where a thing is not a matter of degree. What ships passes every check.",
        "",
        "Written by `SADDLE_RECORD=1 swift test -c release --filter VerifierMutantTests`, and held",
        "to what the checks find by every test run.",
      ], rows: rows)
  }
}
