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
          'build --show-bin-path') echo bin ;;
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

  private func value(of option: String, in call: [String]) -> String? {
    if let i = call.firstIndex(of: option), i + 1 < call.count { return call[i + 1] }
    return call.first { $0.hasPrefix(option + "=") }.map { String($0.dropFirst(option.count + 1)) }
  }

  @Test(arguments: [["--xunit-output", "r/it's all.xml"], ["--xunit-output=r/it's all.xml"]])
  func `each of the two runs has a report of its own`(arguments: [String]) throws {
    let calls = try (arguments.count == 2 ? run(arguments[0], arguments[1]) : run(arguments[0])).calls
    #expect(calls.count == 2)
    #expect(
      calls.map { value(of: "--xunit-output", in: $0) } == ["r/it's all-debug.xml", "r/it's all-release.xml"])
    #expect(try run("--xunit-output", "r").calls.map { $0.last } == ["r-debug", "r-release"])
  }

  @Test func `a filter narrows what each run takes`() throws {
    let calls = try run("--filter", "Matrix Tests", "--quiet").calls
    #expect(calls.count == 2)
    for (call, skipped) in zip(calls, [#"^(Property|Regression)\."#, #"^Unit\."#]) {
      // `swift test` takes a test that any filter matches and no skip does.
      #expect(call.count { $0 == "--filter" } == 1, "\(call)")
      #expect(value(of: "--filter", in: call) == "Matrix Tests")
      #expect(value(of: "--skip", in: call) == skipped)
      #expect(call.last == "--quiet")
    }
    #expect(calls.map { value(of: "--configuration", in: $0) } == [nil, "release"])
  }

  @Test func `its help names the reports, and runs nothing`() throws {
    let (calls, output) = try run("--help")
    #expect(calls.isEmpty)
    #expect(output.contains("-debug") && output.contains("-release") && output.contains("--filter"))
  }
}
