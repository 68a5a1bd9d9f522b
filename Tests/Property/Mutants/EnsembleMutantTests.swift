import Oracles
import Support
import Testing

/// The laws of random matrices against samplers and solvers that are wrong on purpose.
@Suite struct EnsembleMutantTests {
  @Test(.tags(.oracle, .slow, .statistical))
  func `every fault is found, by two laws where two can, and nothing right is accused`()
    async throws
  {
    let all = ensembleMutants
    let found = try await withThrowingTaskGroup(of: (Int, [String: Double], String).self) { group in
      for (i, mutant) in all.enumerated() {
        group.addTask {
          var (kills, causes): ([String: Double], [String]) = ([:], [])
          let subject = mutant.subject.remembering()
          for oracle in EnsembleOracle.all {
            do {
              try oracle.check(subject)
            } catch {
              kills[oracle.name] = (error as? PropertyViolation)?.ratio ?? .infinity
              causes.append("\(oracle): \(error)")
            }
          }
          return (i, kills, causes.joined(separator: "\n"))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }
    }
    var rows: [FaultRow] = []
    for ((_, kills, causes), mutant) in zip(found, all) {
      if let fault = mutant.fault {
        rows.append(
          FaultRow(
            subject: mutant.sampler, fault: fault, kills: kills,
            reasonForOne: mutant.reasonForOne))
      } else {
        #expect(kills.isEmpty, "\(mutant.sampler) is right: \(causes)")
      }
    }
    #expect(rows.count >= 42)
    try FaultTable.ensembles(rows).hold()
  }
}

extension FaultTable {
  static func ensembles(_ rows: [FaultRow]) -> FaultTable {
    FaultTable(
      file: projectFolder.appending(path: "docs/ensemble-mutants.md"),
      introduction: [
        "# Planted faults in random matrices, and the laws that find them",
        "",
        "\(rows.count) samplers and eigensolvers, each with one fault, meet every `EnsembleOracle`",
        "on one seed. Beside each law stands the error over its tolerance, or the logarithm of its p",
        "over that of 1e-6, as a power of ten; ∞ where a thing is not a matter of degree. The core's",
        "ensembles, and samplers in plain loops without a fault, pass every law.",
        "",
        "Written by `SADDLE_RECORD=1 swift test -c release --filter EnsembleMutantTests`, and held",
        "to what the laws find by every test run.",
      ], rows: rows)
  }
}
