import Foundation
import Saddle
import Support
import Testing

/// One store that machines share: each a namespace of processes, names and networks of its own, whose
/// processes the others cannot see.
@Suite(.enabled(if: Host.canBeMade, "namespaces cannot be made here"))
struct TwoHostsTests {
  private static let grid = ExperimentGrid(
    name: "hosts",
    groups: [
      ExperimentGroup(
        name: "drawn", data: DatasetDescription(.syntheticDigits(seed: 1, count: 200), pooling: 4),
        test: .syntheticDigits(seed: 2, count: 40),
        networks: [.dense(hidden: [5], activation: .tanh)], batches: [20], epochs: 60,
        optimizers: [OptimizerChoice("sgd"), OptimizerChoice("adam")], seeds: [1, 2, 3, 4],
        measure: EndMeasurement(refine: false))
    ])

  private func file(in folder: URL) throws -> String {
    let url = folder.appending(path: "grid.json")
    try JSONEncoder().encode(Self.grid).write(to: url)
    return url.path
  }

  /// What a run left, but for the seconds that it took.
  private func results(in store: String) throws -> [String: RunResult.Outcome] {
    try Dictionary(
      uniqueKeysWithValues: ExperimentStore(store).results().results.map { ($0.key, $0.outcome) })
  }

  @Test(.tags(.slow))
  func `two hosts do each run once, and one goes on when the other dies`() throws {
    try withTemporaryFolder { folder in
      let grid = try file(in: folder)
      let (alone, shared) = (folder.path + "/alone", folder.path + "/shared")
      #expect(try SaddleProcess.run("run", grid, "--store", alone, "--jobs", "1").status == 0)

      let arguments = ["run", grid, "--store", shared, "--jobs", "1", "--checkpoint-every", "0"]
      let first = try Host("saddle-a", arguments, log: folder.appending(path: "a"))
      let second = try Host("saddle-b", arguments, log: folder.appending(path: "b"))
      while first.isRunning, second.isRunning,
        (try? ExperimentStore(shared).results().results.count) ?? 0 < 2
      {
        usleep(1000)
      }
      #expect(first.isRunning && second.isRunning, "too soon over to be killed")
      first.kill()
      #expect(second.wait() == 0, "\(second.text)")

      #expect(try results(in: shared) == results(in: alone))
      let verified = try ExperimentStore(shared).verified()
      #expect(verified.damaged.isEmpty && verified.files > 20)
      // Whatever the dead host was writing is no file that anything reads, and its machine sweeps it.
      let again = try Host("saddle-a", arguments, log: folder.appending(path: "c"))
      #expect(again.wait() == 0 && !again.text.contains("8/8"), "\(again.text)")
    }
  }

  @Test func `jobs of an array have a part each`() throws {
    try withTemporaryFolder { folder in
      let grid = try file(in: folder)
      let store = folder.path + "/store"
      let hosts = try (1...2).map { number in
        try Host(
          "saddle-\(number)", ["run", grid, "--store", store, "--jobs", "1", "--shard", "\(number)/2"],
          log: folder.appending(path: "\(number)"))
      }
      for host in hosts { #expect(host.wait() == 0 && host.text.contains("4 runs"), "\(host.text)") }
      #expect(try results(in: store).count == 8)
    }
  }

  @Test(arguments: ["0/2", "3/2", "1", "a/b", "1/2/3", "-1/2"])
  func `a part that is none is wrong usage`(part: String) throws {
    let result = try SaddleProcess.run(
      "run", "grid.json", "--store", "store", "--shard=\(part)")
    #expect(result.status == 64 && result.errors.contains("--shard"), "\(result)")
  }
}

/// `saddle` on a machine of its own, as far as it can tell.
private final class Host {
  private let process = Process()
  private let log: URL

  static let canBeMade: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/unshare")
    process.arguments = namespaces + ["true"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  private static let namespaces = [
    "--net", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc",
  ]

  init(_ name: String, _ arguments: [String], log: URL) throws {
    self.log = log
    try Data().write(to: log)
    process.executableURL = URL(filePath: "/usr/bin/unshare")
    process.arguments =
      Self.namespaces
      + ["sh", "-c", "hostname \(name); exec \"$@\"", "sh", SaddleProcess.executable.path] + arguments
    // The number of BLAS's threads decides last bits.
    process.environment = SaddleProcess.environment(home: log.deletingLastPathComponent())
    process.standardOutput = try FileHandle(forWritingTo: log)
    process.standardError = process.standardOutput
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  var isRunning: Bool { process.isRunning }
  var text: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

  /// Ends all of its processes at once, as a power cut would.
  func kill() {
    _ = Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  func wait() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }
}
