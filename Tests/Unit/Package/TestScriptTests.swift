import Foundation
import Support
import Testing

/// `script/test`, with a stand-in for `swift` that keeps what it is given.
@Suite struct TestScriptTests {
  /// The arguments of each call of `swift`, and what the script printed.
  private func run(_ arguments: String...) throws -> (calls: [[String]], output: String) {
    try withTemporaryFolder { folder in
      func write(_ text: String, to name: String) throws {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes(
          [.posixPermissions: 0o755], ofItemAtPath: file.path)
      }
      let script = projectFolder.appending(path: "script/test")
      try write(String(contentsOf: script, encoding: .utf8), to: "script/test")
      try write("#!/bin/sh\n", to: "script/bootstrap")
      try write("#!/bin/sh\n", to: "script/build-faults")
      // What is built is `saddle`, which has nothing to say of kernels.
      try write("#!/bin/sh\n", to: "bin/saddle")
      try write(
        """
        #!/bin/sh
        case "$*" in
          'build --configuration release --show-bin-path') echo bin ;;
          build*) ;;
          *) for argument do printf '%s\\n' "$argument"; done >> calls; echo >> calls ;;
        esac

        """,
        to: "bin/swift")
      let process = Process()
      let output = Pipe()
      process.executableURL = folder.appending(path: "script/test")
      process.arguments = arguments
      process.environment = [
        "PATH": folder.appending(path: "bin").path + ":/usr/bin:/bin"
      ]
      process.standardOutput = output
      try process.run()
      let printed = String(
        decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      let log = folder.appending(path: "calls")
      let calls = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
      return (
        calls.split(separator: "\n\n").map { $0.split(separator: "\n").map(String.init) }, printed
      )
    }
  }

  @Test func `what it is given goes to one run of the tests, as it is`() throws {
    let given = ["--filter", "Matrix Tests", "--xunit-output=r/it's all.xml", "--quiet"]
    let calls = try run("--filter", "Matrix Tests", "--xunit-output=r/it's all.xml", "--quiet").calls
    #expect(calls == [["test", "--configuration", "release", "--disable-testable-imports"] + given])
  }

  @Test func `its help runs nothing`() throws {
    let (calls, output) = try run("--help")
    #expect(calls.isEmpty)
    #expect(output.contains("--filter") && output.contains("--xunit-output"))
  }
}
