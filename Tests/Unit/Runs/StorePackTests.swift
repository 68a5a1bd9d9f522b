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

  // A key is a folder's name: "../../elsewhere" would be written there.
  @Test func `a key that is not its experiment's is damage, and so is one that is there twice`() throws {
    try withTemporaryFolder { folder in
      let store = ExperimentStore(folder.appending(path: "store").path)
      let results = try GridRunner(store: store, data: DataFolder("/no"), jobs: 1).run(smallGrid())
      let pack = folder.appending(path: "pack")
      try store.pack(results, citing: [], into: pack.path)
      let file = pack.appending(path: "results.json")
      // As in a pack from before there were manifests, which would find any change.
      try FileManager.default.removeItem(at: pack.appending(path: "manifest.sha256"))
      let whole = try String(contentsOf: file, encoding: .utf8)
      func damaged(_ text: String) throws -> [String] {
        try Data(text.utf8).write(to: file)
        let (read, damaged) = try ExperimentStore(pack.path).results()
        #expect(read.count + damaged.count >= results.count && read.allSatisfy(results.contains))
        return damaged.map { "\($0)" }
      }
      #expect(try damaged(whole) == [])
      let escaping = try damaged(whole.replacing(results[0].key, with: "../../ESC"))
      #expect(escaping.count == 1 && escaping[0].contains("../../ESC"), "\(escaping)")
      // The experiment, not its key, was changed.
      let other = try damaged(whole.replacing("\"tanh\"", with: "\"sigmoid\""))
      #expect(other.count == results.count, "\(other)")
      let entry = try JSON.encode(results[0])
      let twice = try damaged("[" + String(decoding: entry, as: UTF8.self) + "," + whole.dropFirst())
      #expect(twice.count == 1 && twice[0].contains("twice"), "\(twice)")

      try Data(whole.replacing(results[0].key, with: "../../ESC").utf8).write(to: file)
      let out = folder.appending(path: "a/b/out")
      _ = try SaddleProcess.run("pack", pack.path, "--out", out.path, "--grid", "none")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "a/ESC").path))
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "ESC").path))
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
