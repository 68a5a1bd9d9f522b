import Oracles
import Saddle
import Support
import Testing

/// Every optimizer of the catalog against every oracle, with what its rule promises.
@Suite struct CatalogTests {
  static let entries = optimizerCatalog(Double.self).map(\.entry)

  @Test(.tags(.oracle), arguments: entries)
  func `every optimizer of the catalog keeps its promises, in two processes bit for bit`(
    entry: CatalogEntry
  ) throws {
    let kind = try #require(OptimizerOracle.Kind(rawValue: entry.family.rawValue))
    let server = ProgramSubject(
      command: "exec '\(SaddleProcess.executable.path)' serve \(entry.name)")
    for values in try OptimizerPromises.cases(of: entry.name) {
      let subject = try subject(OptimizerDescription(entry.name, values))
      let declarations =
        try OptimizerPromises.declarations(of: entry.name, hyperparameters: values)
        + refusals(entry.name, values) + [.anotherProcess(server.with(values))]
      for oracle in OptimizerOracle.all(for: kind) {
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
      let subject = try subject(OptimizerDescription(entry.name, schedule: schedule))
      try oracle.check(subject, declaring: [.reference(rule)])
    }
  }

  private func refusals(
    _ name: String, _ values: [String: Double]
  ) throws -> [OptimizerDeclaration] {
    try OptimizerPromises.invalid(of: name).map { parameter, value in
      .refuses(
        InvalidHyperparameter(parameter, value) {
          _ = try OptimizerDescription(name, values.merging([parameter: value]) { $1 })
            .makeOptimizer(Double.self)
        })
    }
  }

  private func subject(_ description: OptimizerDescription) throws -> any OptimizerSubject {
    func inProcess(_ rule: some Optimizer<Double>) -> any OptimizerSubject {
      OptimizerInProcess(rule)
    }
    return inProcess(try description.makeOptimizer(Double.self))
  }
}

extension CatalogEntry: CustomTestStringConvertible {
  public var testDescription: String { name }
}
