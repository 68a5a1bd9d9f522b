import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// Every optimizer of the catalog against every oracle, with what its rule promises.
@Suite struct CatalogTests {
  static let entries = optimizerCatalog(Double.self).map(\.entry)

  @Test(.tags(.oracle), arguments: entries)
  func `every optimizer of the catalog keeps its promises, in two processes bit for bit`(
    entry: CatalogEntry
  ) throws {
    let server = ProgramSubject(
      command: "exec '\(SaddleProcess.executable.path)' serve \(entry.name)")
    for values in try OptimizerPromises.cases(of: entry.name) {
      let description = OptimizerDescription(entry.name, values)
      let subject = try description.subject()
      let declarations = try description.promises() + [.anotherProcess(server.with(values))]
      for oracle in OptimizerOracle.all(for: OptimizerOracle.Kind(entry.family)) {
        let verdict = oracle.verdict(on: subject, declaring: declarations)
        if case .failed(let violation) = verdict.outcome {
          Issue.record("\(entry.name) \(oracle), \(values): \(violation)")
        }
      }
    }
  }

  @Test(.tags(.oracle), arguments: entries.filter { $0.family == .firstOrder })
  func `with a schedule every rule follows its reference at the schedule's rates`(
    entry: CatalogEntry
  ) throws {
    let oracle = try #require(
      OptimizerOracle.all(for: .firstOrder).first { $0.name == "follows its reference rule" })
    for schedule in [
      Schedule.exponential(factor: 0.9), .step(factor: 0.5, every: 7),
      .cosine(warmUp: 5, steps: 30, final: 0.1), .inverseSquareRoot,
    ] {
      let rule = try OptimizerPromises.reference(of: entry.name) { schedule.factor(at: $0 - 1) }
      // Rules with noise have none.
      guard let rule else { return }
      let subject = try OptimizerDescription(entry.name, schedule: schedule).subject()
      try oracle.check(subject, declaring: [.reference(rule)])
    }
  }
}

extension CatalogEntry: CustomTestStringConvertible {
  public var testDescription: String { name }
}
