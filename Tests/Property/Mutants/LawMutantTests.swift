import Oracles
import Support
import Testing

/// The oracles of laws against laws that are wrong on purpose.
@Suite struct LawMutantTests {
  @Test(.tags(.oracle, .slow))
  func `every fault is found, by two oracles where two can, and nothing right is accused`()
    async throws
  {
    let all = spectralLawMutants + levelLawMutants
    let found = try await withThrowingTaskGroup(of: (Int, [String: Double], String).self) { group in
      for (i, mutant) in all.enumerated() {
        group.addTask {
          let (kills, causes) = LawOracle.verdicts(on: mutant.subject)
          return (i, kills, causes)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }
    }
    var rows: [FaultRow] = []
    for ((_, kills, causes), mutant) in zip(found, all) {
      if let fault = mutant.fault {
        rows.append(
          FaultRow(
            subject: mutant.law, fault: fault, kills: kills, reasonForOne: mutant.reasonForOne))
      } else {
        #expect(kills.isEmpty, "\(mutant.law) is right: \(causes)")
      }
    }
    #expect(rows.count >= 60)
    try FaultTable.laws(rows).hold()
  }
}

extension LawOracle {
  /// What all of them find of a subject, and why.
  static func verdicts(on subject: LawSubject) -> (kills: [String: Double], causes: String) {
    var (kills, causes): ([String: Double], [String]) = ([:], [])
    for oracle in all {
      do {
        try oracle.check(subject)
      } catch {
        kills[oracle.name] = (error as? PropertyViolation)?.ratio ?? .infinity
        causes.append("\(oracle): \(error)")
      }
    }
    return (kills, causes.joined(separator: "\n"))
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
