import Foundation
import Saddle
import Support
import Testing

/// What processes that were killed left beside the files that they were writing.
@Suite struct LeftFilesTests {
  /// The number of a process that has ended.
  private func deadProcess() throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "exit 0"]
    try process.run()
    process.waitUntilExit()
    return process.processIdentifier
  }

  @Test func `of a process that is no more it is swept, and of another machine's after a day`() throws {
    try withTemporaryFolder { folder in
      let dead = try deadProcess()
      let own = "\(DurableFile.temporaryPrefix)\(DurableFile.processes)"
      let left = "\(own)-\(dead)-0"
      let stays = [
        // Another machine's, where that number may be a process.
        "\(DurableFile.temporaryPrefix)elsewhere-\(dead)-0",
        "\(own)-\(ProcessInfo.processInfo.processIdentifier)-7", "\(own)-1-0", "\(own)-x-0",
        "\(DurableFile.temporaryPrefix)notes",
      ]
      for name in stays + [left] {
        try Data("half".utf8).write(to: folder.appending(path: name))
      }
      let old = folder.appending(path: "\(DurableFile.temporaryPrefix)elsewhere-\(dead)-1")
      try Data("half".utf8).write(to: old)
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -90_000)], ofItemAtPath: old.path)
      try DurableFile.replace(folder.appending(path: "file").path, with: Data("whole".utf8))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(Set(names) == Set(stays + ["file"]))
    }
  }
}
