import Oracles
import Support
import Testing

/// The eigensolver oracles against solvers that are wrong on purpose.
@Suite struct EigensolverMutantTests {
  @Test(.tags(.oracle, .slow))
  func `every fault is found, by two laws where two can, and nothing right is accused`() throws {
    var rows: [FaultRow] = []
    for mutant in eigensolverMutants {
      var kills: [String: Double] = [:]
      for oracle in EigensolverOracle.all {
        guard case .failed(let failure) = oracle.outcome(for: mutant.subject, order: 12) else {
          continue
        }
        guard let fault = mutant.fault else {
          Issue.record("\(mutant.solver) is right: \(failure)")
          continue
        }
        guard case .falsified(let found) = failure else {
          Issue.record("\(mutant.solver), \(fault): \(failure)")
          continue
        }
        kills[oracle.name] = found.ratio
      }
      guard let fault = mutant.fault else { continue }
      rows.append(
        FaultRow(
          subject: mutant.solver, fault: fault, kills: kills, reasonForOne: mutant.reasonForOne))
    }
    #expect(rows.count >= 30)
    try FaultTable.eigensolvers(rows).hold()
  }
}

extension FaultTable {
  static func eigensolvers(_ rows: [FaultRow]) -> FaultTable {
    FaultTable(
      file: projectFolder.appending(path: "docs/eigensolver-mutants.md"),
      introduction: [
        "# Planted faults in eigensolvers, and the laws that find them",
        "",
        "\(rows.count) symmetric eigensolvers, each with one fault, meet every `EigensolverOracle`.",
        "Beside each law stands the error over its tolerance of the first matrix that it failed on,",
        "as a power of ten; ∞ where a thing is not a matter of degree. LAPACK and Jacobi's rotations",
        "without a fault pass every law.",
        "",
        "Written by `SADDLE_RECORD=1 swift test -c release --filter EigensolverMutantTests`, and",
        "held to what the laws find by every test run.",
      ], rows: rows)
  }
}
