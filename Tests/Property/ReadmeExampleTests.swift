import Oracles
import Saddle
import Support
import Testing

/// What docs/oracles.md shows of failures is what fails so.
@Suite struct ReadmeExampleTests {
  @Test func `a solver that loses repeated eigenvalues fails as it is shown`() throws {
    do {
      try checkProperty(
        "my solver finds them all", over: .symmetric(order: 12), sizes: 100...100, replay: nil
      ) { rows in
        guard Set(try GSL.eigenvalues(rows)).count == rows.count else {
          throw PropertyViolation("eigenvalues lost")
        }
      }
      Issue.record("nothing failed")
    } catch {
      try ProjectDocument.oracles.expect(inPieces: "\(error)")
    }
  }

  @Test func `Adam with ε inside the root fails as it is shown`() throws {
    let mutant = try #require(
      MutantTests.all.first { $0.optimizer == "adam" && $0.fault == "epsilonInRoot" })
    try ProjectDocument.oracles.expect(inPieces: try #require(mutant.met().firstViolation))
  }

  @Test func `the oracles and their faults are as many as it says`() throws {
    let faults = MutantTests.all.count { $0.fault != nil }
    try ProjectDocument.oracles.expect("Of [\(faults) optimizers with one planted fault each]")
    try ProjectDocument.oracles.expect("on LAPACK's \(LAPACKMatrixType.numbers.count) matrix types")
  }
}
