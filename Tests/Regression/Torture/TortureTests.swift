import Foundation
import Saddle
import Support
import Testing
import Threads

/// Every change that a command makes on the disk, with every fault there is at it: nothing that was
/// there is lost, nothing that is not whole is read, and the same command then ends where it would
/// have ended, bit for bit.
///
/// All of them where SADDLE_ALL_FAULTS is 1, as `script/torture` has it; else some of each.
@Suite(.enabled(if: FaultyDisk.library != nil, "script/torture builds what it needs"))
struct TortureTests {
  private static let isWhole = ProcessInfo.processInfo.environment["SADDLE_ALL_FAULTS"] == "1"

  @Test(.tags(.slow), arguments: TortureScenario.all)
  func `no fault of the disk loses anything`(_ scenario: TortureScenario) throws {
    try withTemporaryFolder { folder in
      let (base, reference) = (folder.appending(path: "base"), folder.appending(path: "reference"))
      try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
      try scenario.prepare(base)
      let work = folder.appending(path: "work")
      // In the place where every run is: paths may stand in what is written.
      try FileManager.default.copyItem(at: base, to: work)
      let points = try FaultyDisk.points(scenario.arguments(work), below: work)
      try FileManager.default.moveItem(at: work, to: reference)
      let end = try Contents(of: reference)

      var faults: [(kind: DiskFault, point: DiskPoint)] = []
      for kind in DiskFault.allCases {
        faults += points.filter(kind.concerns).map { (kind, $0) }
      }
      let ends = Self.some(faults.filter { $0.kind.isEnd }, scenario.most.ends)
      let failures = Self.some(faults.filter { !$0.kind.isEnd }, scenario.most.failures)
      let losses = Mutex<[String]>([])
      for (kind, point) in ends + failures {
        let place = "\(kind.rawValue) at \(point.number) (\(point.call) \(point.path))"
        func lose(_ what: String) { losses.withLock { $0.append("\(place): \(what)") } }
        try FileManager.default.copyItem(at: base, to: work)
        defer { try? FileManager.default.removeItem(at: work) }
        let broken = try FaultyDisk.run(
          scenario.arguments(work), below: work, (kind, point.number))
        if kind.isEnd {
          if broken.status != SIGKILL { lose("it should have ended there: \(broken)") }
        } else if broken.status != 0 {
          if broken.errors.isEmpty { lose("it failed without a word: \(broken)") }
          if broken.status == SIGABRT || broken.status == SIGSEGV { lose("it crashed") }
        } else if try Contents(of: work) != end {
          lose("it said nothing, and did something else")
        }
        do {
          try Self.requireWhole(
            scenario.stored(work), base: base, reference: reference, in: work,
            isInSteps: scenario.isInSteps)
        } catch {
          lose("\(error)")
        }
        let again = try FaultyDisk.run(scenario.arguments(work), below: work)
        // What was imported already is not imported again.
        let isThere = again.status == 64 && again.errors.contains("name another folder")
        if again.status != 0, !isThere { lose("it does not go on: \(again)") }
        let found = try Contents(of: work)
        if found != end { lose("it ends otherwise: \(found.differences(from: end))") }
      }
      let count = ends.count + failures.count
      print(
        "torture: \(scenario.name): \(points.count) points, \(count) faults, lost \(losses.withLock { $0.count })"
      )
      #expect(count > 0)
      #expect(losses.withLock { $0 } == [])
    }
  }

  private static func some<Fault>(_ all: [Fault], _ most: Int) -> [Fault] {
    // Of what is slow even where all are tried, one.
    let most = isWhole ? most : most < 10 ? 1 : 4
    guard all.count > most else { return all }
    return (0..<most).map { all[(2 * $0 + 1) * all.count / (2 * most)] }
  }

  /// What is read of stored folders is what was there or what is to come.
  private static func requireWhole(
    _ paths: [String], base: URL, reference: URL, in work: URL, isInSteps: Bool
  ) throws {
    for path in paths where FileManager.default.fileExists(atPath: path) {
      let place = String(path.dropFirst(work.path.count + 1))
      if let found = try ExperimentStore(path).verified().damaged.first { throw found }
      let state = try State(path)
      let old = try State(base.path + "/" + place)
      let new = try State(reference.path + "/" + place)
      guard state == old || state == new || isInSteps && state == new.beforeMeasuring else {
        throw TortureError(description: "\(place) is neither what was there nor what is to come")
      }
    }
  }

  /// What a stored folder says.
  private struct State: Equatable {
    var parameters: [Double]?
    var epochs: Int?
    var hasAnalysis = false
    var results: Set<String> = []
    var finding: Finding?

    /// The run that is trained, and no more.
    var beforeMeasuring: State {
      var state = self
      state.results = []
      return state
    }

    init(_ path: String) throws {
      let folder = RunFolder(path)
      func has(_ name: String) throws -> Bool { try folder.files.has(name) }
      parameters = try folder.numbers(RunFolder.parametersName)
      epochs = try parameters.flatMap { _ in
        try has("run.json") ? try folder.trained().history.last?.epoch : nil
      }
      hasAnalysis = try has("analysis.json")
      if try has("results.json") {
        results = Set(try ExperimentStore(path).results().results.map(\.key))
      }
      if try has("result.json") { results = ["its own"] }
      if try has("finding.json") { finding = try Fixture(from: path).finding }
    }
  }
}

/// A folder's files, without what a clock says.
private struct Contents: Equatable {
  private var files: [String: Data] = [:]

  init(of folder: URL) throws {
    let root = folder.resolvingSymlinksInPath().path
    for case let file as URL in FileManager.default.enumerator(
      at: URL(fileURLWithPath: root), includingPropertiesForKeys: nil) ?? .init()
    {
      if file.hasDirectoryPath { continue }
      let name = String(file.path.dropFirst(root.count + 1))
      // A manifest has the sums of files with times in them; it is verified by itself.
      guard file.lastPathComponent != "manifest.sha256", file.lastPathComponent != "lock" else {
        continue
      }
      var text = try Data(contentsOf: file)
      if name.hasSuffix(".json") {
        let timeless = String(decoding: text, as: UTF8.self)
          .replacing(#/"(training|analysis)Seconds" ?: ?[-+.e0-9]+/#, with: "")
        text = Data(timeless.utf8)
      }
      files[name] = text
    }
  }

  func differences(from other: Contents) -> [String] {
    Set(files.keys).union(other.files.keys).filter { files[$0] != other.files[$0] }.sorted()
  }
}
