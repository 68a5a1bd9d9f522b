import Foundation
import Saddle
import Support
import Testing

/// What is stored is what is read, or it is said.
@Suite struct IntegrityTests {
  private static let training = [
    "train", "--dataset", "synthetic", "--first", "60", "--pool", "7", "--hidden", "2", "--quiet",
    "--spectrum-every", "1", "--out",
  ]

  private func makeRun(_ path: String, epochs: Int = 2) throws {
    let result = try SaddleProcess.run(
      arguments: Self.training + [path, "--epochs", "\(epochs)"])
    try #require(result.status == 0, "\(result)")
  }

  private func flipBit(_ path: String, at place: Int? = nil) throws {
    let url = URL(fileURLWithPath: path)
    var bytes = try Data(contentsOf: url)
    bytes[place ?? bytes.count / 2] ^= 1
    try bytes.write(to: url)
  }

  private func manifest(_ folder: String) throws -> [String: String] {
    var sums: [String: String] = [:]
    for line in try String(contentsOfFile: folder + "/manifest.sha256", encoding: .utf8)
      .split(separator: "\n")
    {
      sums[String(line.dropFirst(66))] = String(line.prefix(64))
    }
    return sums
  }

  @Test func `a manifest has every file's SHA-256, as sha256sum has it`() throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      try makeRun(run)
      #expect(try SaddleProcess.run("spectrum", run).status == 0)
      let sums = try manifest(run)
      let names = try FileManager.default.contentsOfDirectory(atPath: run)
      #expect(Set(sums.keys) == Set(names).subtracting(["lock", "manifest.sha256"]))
      #expect(Set(sums.keys).isSuperset(of: ["run.json", "parameters.bin", "analysis.json"]))
      for (name, sum) in sums {
        #expect(try Digest(.sha256, ofFile: run + "/" + name).hexadecimal == sum)
      }
    }
  }

  @Test func `a bit that flips in any file is found`() throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      try makeRun(run)
      let store = ExperimentStore(folder.path)
      #expect(try store.verified().damaged.isEmpty)
      for name in try manifest(run).keys.sorted() {
        try flipBit(run + "/" + name)
        let found = try store.verified().damaged.map(\.description)
        #expect(found.count == 1 && found[0].contains(name) && found[0].contains("SHA-256"), "\(found)")
        let checked = try SaddleProcess.run("runs", folder.path, "--verify")
        #expect(checked.status == 65 && checked.errors.contains(name), "\(checked)")
        let read = try SaddleProcess.run("spectrum", run)
        let isRead = ["run.json", "parameters.bin", "history.json"].contains(name)
        #expect(read.status == (isRead ? 65 : 0), "\(name): \(read)")
        if name == "checkpoint.json" {
          let resumed = try SaddleProcess.run(
            arguments: Self.training + [run, "--epochs", "3", "--resume"])
          #expect(resumed.status == 65, "\(resumed)")
        }
        try flipBit(run + "/" + name)
      }
      let manifest = run + "/manifest.sha256"
      let whole = try Data(contentsOf: URL(fileURLWithPath: manifest))
      for left in [Data(), whole.dropLast(70), Data("\n".utf8)] where left != whole {
        try left.write(to: URL(fileURLWithPath: manifest))
        #expect(try SaddleProcess.run("spectrum", run).status == 65)
      }
      try whole.write(to: URL(fileURLWithPath: manifest))
      try FileManager.default.removeItem(atPath: run + "/parameters.bin")
      let gone = try SaddleProcess.run("spectrum", run)
      #expect(gone.status == 65 && gone.errors.contains("is not there"), "\(gone)")
    }
  }

  @Test func `a run that is gone on with is readable until it ends anew, and nothing of it is lost`()
    throws
  {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      try makeRun(run, epochs: 1)
      #expect(try SaddleProcess.run("spectrum", run).status == 0)
      let before = try RunFolder(run).trained()
      let process = try SaddleProcess(
        Self.training.dropLast(3) + [
          "--spectrum-every", "100000", "--out", run, "--epochs", "1000000", "--resume",
          "--checkpoint-every", "0",
        ])
      try process.start()
      let checkpoint = try Data(contentsOf: URL(fileURLWithPath: run + "/checkpoint.json"))
      while process.isRunning,
        try Data(contentsOf: URL(fileURLWithPath: run + "/checkpoint.json")) == checkpoint
      {
        usleep(1000)
      }
      process.kill()
      _ = try process.wait()
      let after = try RunFolder(run).trained()
      #expect(after.run == before.run && after.parameters == before.parameters)
      #expect(after.history == before.history)
      #expect(FileManager.default.fileExists(atPath: run + "/analysis.json"))
      #expect(try ExperimentStore(folder.path).verified().damaged.isEmpty)
    }
  }

  @Test func `damaged results end what rests on them, unless they may be passed over`() throws {
    try withTemporaryFolder { folder in
      let store = ExperimentStore(folder.appending(path: "store").path)
      let results = try GridRunner(store: store, data: DataFolder("/no"), jobs: 1).run(smallGrid())
      let result = store.folder(of: results[0].key).url.appending(path: "result.json").path
      try flipBit(result)
      for command in ["survey", "runs", "report", "measure", "pack"] {
        let out = ["report", "pack"].contains(command) ? ["--out", folder.path + "/" + command] : []
        let strict = try SaddleProcess.run(arguments: [command, store.url.path] + out)
        #expect(strict.status == 65 && strict.errors.contains(results[0].key), "\(command): \(strict)")
        if command == "report" { continue }
        let lax = try SaddleProcess.run(
          arguments: [command, store.url.path, "--pass-over-damaged"] + out)
        #expect(lax.status == 0 && lax.errors.contains("passed over"), "\(command): \(lax)")
      }
    }
  }

  @Test(arguments: [
    ("loss", "-3"), ("accuracy", "7"), ("gradientNorm", "-1"),
  ])
  func `figures that nothing has are damage, without a manifest too`(
    figure: String, wrong: String
  ) throws {
    try withTemporaryFolder { folder in
      let store = ExperimentStore(folder.appending(path: "store").path)
      let results = try GridRunner(store: store, data: DataFolder("/no"), jobs: 1).run(smallGrid())
      let pack = folder.appending(path: "pack")
      try store.pack(results, citing: [], into: pack.path)
      let file = pack.appending(path: "results.json")
      let text = try String(contentsOf: file, encoding: .utf8)
      let changed = text.replacing(
        try Regex("\"\(figure)\" : [-+.e0-9]+"), with: "\"\(figure)\" : \(wrong)", maxReplacements: 1)
      #expect(changed != text)
      try Data(changed.utf8).write(to: file)
      #expect(try SaddleProcess.run("survey", pack.path).status == 65)
      try FileManager.default.removeItem(at: pack.appending(path: "manifest.sha256"))
      let unsealed = try SaddleProcess.run("survey", pack.path)
      #expect(unsealed.status == 65 && !unsealed.errors.contains("SHA-256"), "\(unsealed)")
    }
  }

  @Test func `what is from before there were manifests is read, and can be sealed`() throws {
    try withTemporaryFolder { folder in
      let store = ExperimentStore(folder.appending(path: "store").path)
      let results = try GridRunner(store: store, data: DataFolder("/no"), jobs: 1).run(smallGrid())
      for result in results {
        try FileManager.default.removeItem(
          at: store.folder(of: result.key).url.appending(path: "manifest.sha256"))
      }
      #expect(try store.results().results == results.sorted { $0.key < $1.key })
      let before = try SaddleProcess.run("runs", store.url.path, "--verify")
      #expect(before.status == 0 && before.output.contains("--seal"), "\(before)")
      let sealed = try SaddleProcess.run("runs", store.url.path, "--seal")
      #expect(sealed.status == 0 && !sealed.output.contains("--seal"), "\(sealed)")
      try flipBit(store.folder(of: results[0].key).url.appending(path: "parameters.bin").path)
      #expect(try SaddleProcess.run("runs", store.url.path, "--verify").status == 65)
    }
  }

  @Test func `a pack's manifest has its runs' files, and a run of it is read by itself`() throws {
    try withTemporaryFolder { folder in
      let store = ExperimentStore(folder.appending(path: "store").path)
      let results = try GridRunner(store: store, data: DataFolder("/no"), jobs: 1).run(smallGrid())
      let pack = ExperimentStore(folder.appending(path: "pack").path)
      let key = results[0].key
      try store.pack(results, citing: Set(results.map(\.key)), into: pack.url.path)
      #expect(try manifest(pack.url.path).keys.contains(key + "/parameters.bin"))
      // It stays what it was packed as.
      let before = try manifest(pack.url.path)
      #expect(try SaddleProcess.run("spectrum", pack.url.path + "/" + key).status == 0)
      #expect(try manifest(pack.url.path) == before)
      #expect(try pack.verified().damaged.isEmpty)
      // What is packed anew is all there is.
      try store.pack(results, citing: [results[1].key], into: pack.url.path)
      #expect(try manifest(pack.url.path).keys.allSatisfy { !$0.hasPrefix(key) })
      #expect(try pack.parameters(of: key) == nil)
      try flipBit(pack.url.path + "/" + results[1].key + "/parameters.bin")
      #expect(throws: RunError.self) { try pack.parameters(of: results[1].key) }
    }
  }

  // What a manifest no longer lists is removed.
  @Test(arguments: ["../outside", "/outside", "a/../../outside", "", "./x"])
  func `a manifest that lists what is elsewhere is damage, and removes nothing`(name: String) throws {
    try withTemporaryFolder { folder in
      let store = ExperimentStore(folder.appending(path: "store").path)
      let results = try GridRunner(store: store, data: DataFolder("/no"), jobs: 1).run(smallGrid())
      let pack = folder.appending(path: "pack")
      try store.pack(results, citing: [], into: pack.path)
      let outside = folder.appending(path: "outside")
      try Data("mine".utf8).write(to: outside)
      let file = pack.appending(path: "manifest.sha256")
      let sum = String(repeating: "0", count: 64)
      let text = try String(contentsOf: file, encoding: .utf8)
      try Data((text + "\(sum)  \(name)\n").utf8).write(to: file)
      #expect(throws: RunError.self) { try store.pack(results, citing: [], into: pack.path) }
      #expect(FileManager.default.fileExists(atPath: outside.path))
    }
  }

  @Test func `a pack is written over nothing but a pack`() throws {
    try withTemporaryFolder { folder in
      let store = ExperimentStore(folder.appending(path: "store").path)
      let results = try GridRunner(store: store, data: DataFolder("/no"), jobs: 1).run(smallGrid())
      let run = store.folder(of: results[0].key)
      for path in [store.url.path, run.path, folder.path] {
        #expect(throws: RunError.noPack(path: path)) {
          try store.pack(results, citing: [], into: path)
        }
      }
      #expect(try store.verified().damaged.isEmpty)
      #expect(try store.results().results.count == results.count)
    }
  }
}
