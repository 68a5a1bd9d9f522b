import Foundation
import Saddle
import Support
import Testing

@Suite struct StorePackTests {
  @Test func `a pack reads as the store it is of`() throws {
    try withTemporaryFolder { folder in
      let store = ExperimentStore(folder.appending(path: "store").path)
      let runner = GridRunner(store: store, data: DataFolder("/no"), jobs: 1)
      let results = try runner.run(smallGrid())
      let pack = ExperimentStore(folder.appending(path: "pack").path)
      try store.pack(results, citing: [results[0].key], into: pack.url.path)
      let (read, damaged) = try pack.results()
      #expect(read == results && damaged.isEmpty)
      let kept = try (pack.eigenvalues(of: results[0].key), pack.parameters(of: results[0].key))
      let own = try (store.eigenvalues(of: results[0].key), store.parameters(of: results[0].key))
      #expect(kept.0 == own.0 && kept.0 != nil)
      #expect(kept.1 == own.1 && kept.1 != nil)
      let other = try pack.eigenvalues(of: results[1].key)
      #expect(other == nil)
      // A run folder like any other: `saddle spectrum` reads it.
      let run = try pack.folder(of: results[0].key).trained()
      #expect(run.run.experiment == results[0].experiment)
      #expect(run.parameters == own.1 && run.history.last?.epoch == 2)
      #expect(throws: RunError.self) {
        try pack.pack(results, citing: [results[1].key], into: folder.path)
      }
    }
  }

  @Test func `a pack keeps refined points`() throws {
    try withTemporaryFolder { folder in
      let store = ExperimentStore(folder.appending(path: "store").path)
      let runner = GridRunner(store: store, data: DataFolder("/no"), jobs: 1)
      let results = try runner.run(
        smallGrid(seeds: [1], measure: EndMeasurement(refine: true)))
      let refined = try #require(try store.refined(of: results[0].key))
      #expect(refined != (try store.parameters(of: results[0].key)))
      let pack = ExperimentStore(folder.appending(path: "pack").path)
      try store.pack(results, citing: [results[0].key], into: pack.url.path)
      #expect(try pack.refined(of: results[0].key) == refined)
    }
  }
}

@Suite struct CitedRunsTests {
  @Test func `of a panel the named optimizers are cited`() throws {
    let cited = Survey(SmallRuns.panel).cited(optimizers: ["adam", "sgd"])
    #expect(cited.map { $0.experiment.optimizer?.name } == ["sgd", "adam"])
    #expect(cited.allSatisfy { $0.experiment.plan?.seed == 1 })
  }

  @Test func `of a series every level is cited`() throws {
    let cited = Survey(SmallRuns.widths).cited(optimizers: [])
    #expect(cited.count == 3)
    #expect(Set(cited.map(\.experiment.architecture)).count == 3)
  }
}
