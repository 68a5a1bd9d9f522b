import Foundation
import Saddle
import Support

/// What a disk may do to a program (`Tests/Torture/faults.c`).
enum DiskFault: String, CaseIterable, Sendable {
  case kill, tear, powerData = "power-data", powerNames = "power-names"
  case noSpace = "ENOSPC", failure = "EIO", full, short

  /// Whether the program ends at it, without a word.
  var isEnd: Bool {
    switch self {
    case .kill, .tear, .powerData, .powerNames: true
    case .noSpace, .failure, .full, .short: false
    }
  }

  func concerns(_ point: DiskPoint) -> Bool {
    switch self {
    case .tear, .short: point.call == "write"
    default: true
    }
  }
}

/// One of the places where a program changes something on the disk.
struct DiskPoint: Sendable {
  /// From 1.
  let number: Int
  let call: String
  let path: String
}

/// A disk that fails on purpose.
struct FaultyDisk: Sendable {
  /// The shared object that does it; nil where it was not built.
  static let library = ProcessInfo.processInfo.environment["SADDLE_FAULTS"]

  /// Runs the program with a fault at a point below `folder`, or none.
  static func run(
    _ arguments: [String], below folder: URL, _ fault: (kind: DiskFault, point: Int)? = nil,
    log: URL? = nil
  ) throws -> SaddleProcess.Result {
    let side = FileManager.default.temporaryDirectory.appending(path: "saddle-side-\(UUID())")
    try FileManager.default.createDirectory(at: side, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: side) }
    let environment = [
      "LD_PRELOAD": library ?? "", "FAULTS_ROOT": folder.resolvingSymlinksInPath().path,
      "FAULTS_SIDE": side.path, "FAULTS_AT": "\(fault?.point ?? 0)",
      "FAULTS_KIND": fault?.kind.rawValue ?? "", "FAULTS_LOG": log?.path ?? "/dev/null",
      "OPENBLAS_NUM_THREADS": "1", "SADDLE_DATA": "/no-data",
    ]
    return try SaddleProcess.run(arguments: arguments, environment: environment)
  }

  /// The points of a run without faults.
  static func points(_ arguments: [String], below folder: URL) throws -> [DiskPoint] {
    let log = FileManager.default.temporaryDirectory.appending(path: "saddle-points-\(UUID())")
    defer { try? FileManager.default.removeItem(at: log) }
    let result = try run(arguments, below: folder, log: log)
    guard result.status == 0 else { throw TortureError(description: "\(arguments): \(result)") }
    return try String(contentsOf: log, encoding: .utf8).split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ", maxSplits: 2)
      guard parts.count >= 2, let number = Int(parts[0]) else { return nil }
      return DiskPoint(
        number: number, call: String(parts[1]), path: parts.count > 2 ? String(parts[2]) : "")
    }
  }
}

struct TortureError: Error, CustomStringConvertible { let description: String }
