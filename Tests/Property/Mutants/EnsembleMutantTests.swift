import Oracles
import Support
import Testing

/// The laws of random matrices against samplers and solvers that are wrong on purpose.
@Suite struct EnsembleMutantTests {
  @Test(.tags(.oracle, .slow, .statistical))
  func `every fault is found, by two laws where two can, and nothing right is accused`()
    async throws
  {
    let rows = await FaultRow.all(
      of: ensembleMutants, naming: { ($0.sampler, $0.fault, $0.reasonForOne) }
    ) { mutant in
      var found = Accusations()
      let subject = mutant.subject.remembering()
      for oracle in EnsembleOracle.all { found.meet(oracle.name) { try oracle.check(subject) } }
      return found
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
