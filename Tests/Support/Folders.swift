import Foundation

/// The project's folder, as the tests were built from it.
public let projectFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Runs `body` with a new empty folder, which is removed after it.
public func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(
    path: "saddle-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// The part of the README under a heading, up to the next of the same level.
public func readmeSection(_ heading: String) throws -> String {
  let text = try String(contentsOf: projectFolder.appending(path: "README.md"), encoding: .utf8)
  let parts = text.split(separator: heading + "\n", maxSplits: 1)
  guard parts.count == 2 else { return "" }
  return String(parts[1].split(separator: "\n## ", maxSplits: 1)[0])
}
