import Foundation
import Spawning
import Threads

/// The `saddle` program that was built along with the tests.
public final class SaddleProcess: Sendable {
  /// What a program left behind.
  public struct Result: Sendable {
    public let status: Int32
    public let output: String
    public let errors: String
  }

  private let arguments: [String]
  private let environment: [String: String]
  private let streams: (input: ChildProcess.Stream, output: ChildProcess.Stream, errors: ChildProcess.Stream)
  private let folder: URL
  private let child = Mutex<ChildProcess?>(nil)

  /// What sanitizers are told, which a program that was built with them has to know too, and how many
  /// threads BLAS takes: tests run side by side.
  private static let inherited = [
    "ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS", "OPENBLAS_NUM_THREADS",
  ]

  /// What a program has in its environment.
  public static func environment(home: URL) -> [String: String] {
    let own = ProcessInfo.processInfo.environment
    return own.filter { inherited.contains($0.key) }
      .merging(["PATH": own["PATH"] ?? "", "HOME": home.path]) { $1 }
  }

  /// Prepares a run, with nothing but `environment`, the search path and what tests pass on in its
  /// environment.
  ///
  /// - Parameters:
  ///   - input: A file to read, instead of nothing.
  ///   - output, errors: Files to write to, instead of what `wait` reads.
  public init(
    _ arguments: [String], environment: [String: String] = [:], input: String? = nil,
    output: String? = nil, errors: String? = nil
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "saddle-process-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    self.arguments = arguments
    self.environment = Self.environment(home: folder).merging(environment) { $1 }
    // Files, not pipes: nothing blocks when they fill.
    for name in ["output", "errors"] {
      try Data().write(to: folder.appending(path: name))
    }
    streams = (
      .file(input ?? "/dev/null"), .file(output ?? folder.appending(path: "output").path),
      .file(errors ?? folder.appending(path: "errors").path)
    )
  }

  public func start() throws {
    let started = try ChildProcess(
      path: Self.executable.path, arguments, environment: environment, input: streams.input,
      output: streams.output, errors: streams.errors, heard: [SIGINT, SIGTERM, SIGQUIT, SIGHUP])
    child.withLock { $0 = started }
  }

  /// Ends the run at once, as a power cut would.
  public func kill() { send(SIGKILL) }

  /// Before `wait` alone: its number may be another's after that.
  public func send(_ signal: Int32) {
    child.withLock { if let id = $0?.id { _ = Foundation.kill(id, signal) } }
  }

  public var isRunning: Bool { child.withLock { $0.map { !$0.hasEnded } ?? false } }

  public func wait() throws -> Result {
    defer { try? FileManager.default.removeItem(at: folder) }
    guard let started = child.withLock({ $0 }) else {
      throw CocoaError(.featureUnsupported)
    }
    let status: Int32 =
      switch started.wait() {
      case .exited(let status): status
      case .killed(let signal): signal
      }
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }
    return Result(status: status, output: try text("output"), errors: try text("errors"))
  }

  /// Runs to the end.
  public static func run(
    _ arguments: String..., environment: [String: String] = [:]
  ) throws -> Result {
    try run(arguments: arguments, environment: environment)
  }

  /// Runs to the end.
  public static func run(
    arguments: [String], environment: [String: String] = [:]
  ) throws -> Result {
    let process = try SaddleProcess(arguments, environment: environment)
    try process.start()
    return try process.wait()
  }

  /// Runs a line of the shell to its end; the program is `$S` in it, and `saddle`.
  ///
  /// - Returns: its status, and all that it wrote.
  public static func shell(
    _ line: String, in folder: URL, environment: [String: String] = ["SADDLE_DATA": "/no-data"]
  ) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "{ \(line) ; } 2>&1"]
    process.currentDirectoryURL = folder
    let own = ProcessInfo.processInfo.environment
    let here = Self.executable.deletingLastPathComponent().path
    process.environment = own.merging(
      ["S": Self.executable.path, "PATH": here + ":" + (own["PATH"] ?? "")]
    ) { $1 }.merging(environment) { $1 }
    let output = folder.appending(path: "shell-output")
    try Data().write(to: output)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: output, encoding: .utf8))
  }

  /// Beside the tests' own binary.
  public static var executable: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "saddle")
  }
}
