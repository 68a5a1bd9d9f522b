import Foundation

/// The `saddle` program that was built along with the tests.
public struct SaddleProcess {
  /// What a program left behind.
  public struct Result: Sendable {
    public let status: Int32
    public let output: String
    public let errors: String
  }

  private let process = Process()
  private let folder: URL

  /// Prepares a run, with nothing but `environment` and the search path in its environment.
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
    process.executableURL = Self.executable
    process.arguments = arguments
    let inherited = ProcessInfo.processInfo.environment
    process.environment = ["PATH": inherited["PATH"] ?? "", "HOME": folder.path].merging(
      environment
    ) { $1 }
    // Files, not pipes: nothing blocks when they fill.
    for name in ["output", "errors"] {
      try Data().write(to: folder.appending(path: name))
    }
    process.standardInput =
      try input.map { try FileHandle(forReadingFrom: URL(fileURLWithPath: $0)) }
      ?? FileHandle.nullDevice
    func handle(_ path: String?, _ name: String) throws -> FileHandle {
      try FileHandle(
        forWritingTo: path.map { URL(fileURLWithPath: $0) } ?? folder.appending(path: name))
    }
    process.standardOutput = try handle(output, "output")
    process.standardError = try handle(errors, "errors")
  }

  public func start() throws { try process.run() }

  /// Ends the run at once, as a power cut would.
  public func kill() { send(SIGKILL) }

  public func send(_ signal: Int32) { Foundation.kill(process.processIdentifier, signal) }

  public var isRunning: Bool { process.isRunning }

  public func wait() throws -> Result {
    process.waitUntilExit()
    defer { try? FileManager.default.removeItem(at: folder) }
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }
    return Result(
      status: process.terminationStatus, output: try text("output"), errors: try text("errors"))
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

  /// Beside the tests' own binary.
  public static var executable: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "saddle")
  }
}
