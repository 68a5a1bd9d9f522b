import Oracles
import Support
import Testing

/// The oracles of laws against laws that are wrong on purpose.
@Suite struct LawMutantTests {
  @Test(.tags(.oracle, .slow))
  func `every fault is found, by two oracles where two can, and nothing right is accused`()
    async throws
  {
    let rows = await FaultRow.all(
      of: spectralLawMutants + levelLawMutants, naming: { ($0.law, $0.fault, $0.reasonForOne) }
    ) { LawOracle.accusations(of: $0.subject) }
    #expect(rows.count >= 60)
    try FaultTable.laws(rows).hold()
  }
}

extension LawOracle {
  static func accusations(of subject: LawSubject) -> Accusations {
    var found = Accusations()
    for oracle in all { found.meet(oracle.name) { try oracle.check(subject) } }
    return found
  }
}

extension FaultTable {
  static func laws(_ rows: [FaultRow]) -> FaultTable {
    FaultTable(
      file: projectFolder.appending(path: "docs/law-mutants.md"),
      introduction: [
        "# Planted faults in laws of random matrices, and the oracles that find them",
        "",
        "\(rows.count) laws, each with one fault, meet every `LawOracle`. Beside each oracle",
        "stands the error over its tolerance where it first fails, as a power of ten; ∞ where a",
        "thing is not a matter of degree. The core's laws pass every oracle.",
        "",
        "Written by `SADDLE_RECORD=1 swift test -c release --filter LawMutantTests`, and held to",
        "what the oracles find by every test run.",
      ], rows: rows)
  }
}
