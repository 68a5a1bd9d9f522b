import Foundation
import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

private func text(_ path: String) -> String {
  (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
}

/// Whether something comes to be within 20 s.
private func isSoon(_ condition: () -> Bool) -> Bool {
  let start = ContinuousClock.now
  while !condition() {
    guard ContinuousClock.now - start < .seconds(20) else { return false }
    usleep(10_000)
  }
  return true
}

@Suite struct ValidateTests {
  private struct Output: Decodable {
    struct Check: Decodable {
      let subject: String
      let check: String
      let outcome: String
      let margin: Double?
      let violation: OptimizerViolation?
    }
    let passed: Bool
    let checks: [Check]
  }

  private func validate(_ arguments: String...) throws -> (SaddleProcess.Result, [Output.Check]) {
    let result = try SaddleProcess.run(arguments: ["validate", "--json", "--quick"] + arguments)
    let output = try? JSONDecoder().decode(Output.self, from: Data(result.output.utf8))
    if let output { #expect(output.passed == (result.status == 0)) }
    return (result, output?.checks ?? [])
  }

  private var examples: String { projectFolder.appending(path: "Examples").path }

  @Test func `an optimizer of ours passes, and every check has its row and its margin`() throws {
    let (result, checks) = try validate("--optimizer", "momentum")
    #expect(result.status == 0, "\(result.errors)\(result.output)")
    #expect(result.errors.isEmpty, "no progress where nobody looks")
    #expect(
      Set(checks.map(\.check)) == Set(OptimizerOracle.all(for: .firstOrder).map(\.name)))
    #expect(checks.contains { $0.outcome == "passed" })
    for check in checks where check.outcome == "passed" {
      #expect(try #require(check.margin) <= 1)
    }
  }

  @Test(
    .enabled(if: LoopbackServer.isPossible, "python3 is not here"),
    arguments: ["momentum", "adam"])
  func `a client in plain Python passes as what it declares`(rule: String) throws {
    let (result, checks) = try validate(
      "--command", "python3 '\(examples)/plain_optimizer.py' \(rule)", "--declare", rule)
    #expect(result.status == 0, "\(result.errors)\(result.output)")
    #expect(checks.first?.check == "speaks the protocol")
    #expect(checks.last?.check == "quits when told to")
    #expect(checks.count > 10)
  }

  @Test(.enabled(if: LoopbackServer.isPossible, "python3 is not here"))
  func `a client that is another rule than it declares ends with 1 and says where`() throws {
    let (result, checks) = try validate(
      "--command", "python3 '\(examples)/plain_optimizer.py' momentum", "--declare",
      "sgd,lr=0.1")
    #expect(result.status == 1)
    let failed = checks.filter { $0.outcome == "failed" }
    #expect(failed.contains { $0.violation?.step != nil && $0.violation?.expected != nil })
  }

  @Test(.requiresTorch)
  func `torch's Adam passes as Adam with the profile, and what is allowed is said`() throws {
    let python = try #require(PeerPython.torch)
    let (result, checks) = try validate(
      "--command", "'\(python)' '\(examples)/torch_optimizer.py' Adam", "--declare",
      "adam,lr=0.02,beta1=0.7,beta2=0.95,eps=0.1", "--timeout", "60", "--profile", "torch")
    #expect(result.status == 0, "\(result.errors)\(result.output)")
    #expect(
      checks.filter { $0.outcome == "allowed" }.map(\.check)
        == ["refuses numbers that are not finite"])
    for note in ["it takes lr = 0.0: ", "it takes lr = inf: ", "it steps on numbers that are not"] {
      #expect(result.output.ranges(of: note).count >= 1, "\(note)")
    }
  }

  @Test func `the example clients are under 60 lines`() throws {
    for name in ["plain_optimizer.py", "torch_optimizer.py"] {
      let text = try String(contentsOfFile: "\(examples)/\(name)", encoding: .utf8)
      #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 60, "\(name)")
    }
  }

  @Test(arguments: [
    ([], "give one of --optimizer, --all and --command"),
    (["--optimizer", "sgd", "--all"], "give one of"),
    (["--optimizer", "adm"], "no optimizer is called 'adm'"),
    (["--optimizer", "sgd", "--set", "beta9=1"], "sgd has no hyperparameter 'beta9'"),
    (["--optimizer", "sgd", "--set", "lr=1", "--set", "learningRate=2"], "is set twice"),
    (["--optimizer", "sgd", "--set", "lr=-1"], "learningRate = -1.0: it must be positive"),
    (["--optimizer", "sgd", "--skip", "nonsense"], "no check is called 'nonsense'"),
    (["--command", "true"], "--command and --declare go together"),
    (["--command", "true", "--declare", "adm"], "no optimizer is called 'adm'"),
    (["--command", "true", "--declare", "sgd,lr"], "is invalid for '--declare"),
    (["--command", "true", "--declare", "sgd", "--kind", "secondOrder"], "--kind goes with"),
    (["--command", "true", "--declare", "none", "--timeout", "0"], "--timeout 0.0"),
    (["--command", "true", "--declare", "none", "--start-limit", "0"], "--start-limit 0.0"),
    (["--command", "true", "--declare", "none", "--profile", "torch"], "--profile goes with a rule"),
    (["--command", "true", "--declare", "sgd", "--profile", "jaxx"], "is invalid for '--profile"),
    (["--optimizer", "sgd", "--name", "mine"], "--name go with --command"),
    (["--command", "true", "--declare", "sgd", "--precision", "half"], "is invalid for '--prec"),
  ])
  func `wrong usage ends with 64`(arguments: [String], message: String) throws {
    let result = try SaddleProcess.run(arguments: ["validate"] + arguments)
    #expect(result.status == 64 && result.output.isEmpty)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test(arguments: ["no-such-program", "true", "sleep 60", "exec 1>&-; sleep 60", "kill -9 $$"])
  func `a program that never says a word ends with 3 and fails nothing, soon`(
    command: String
  ) throws {
    let start = ContinuousClock.now
    let (result, checks) = try validate(
      "--command", command, "--declare", "sgd,lr=0.1", "--start-limit", "0.5")
    #expect(result.status == 3 && checks.isEmpty)
    #expect(result.errors.contains("nothing is said of the optimizer: the program "))
    if command.hasPrefix("no-") { #expect(result.errors.contains("no-such-program")) }
    if command == "sleep 60" { #expect(result.errors.contains("--start-limit gives it longer")) }
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func `a program whose first word is wrong ends with 1, soon`() throws {
    let start = ContinuousClock.now
    let (result, checks) = try validate(
      "--command", "echo hello; sleep 60", "--declare", "sgd,lr=0.1")
    #expect(result.status == 1)
    #expect(checks.first?.outcome == "failed" && checks.first?.violation != nil)
    #expect(checks.dropFirst().dropLast().allSatisfy { $0.outcome == "skipped" })
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  #if os(Linux)
    @Test(
      .enabled(if: LoopbackServer.isPossible, "python3 is not here"),
      arguments: [SIGINT, SIGTERM, SIGKILL])
    func `a client does not outlive validate, whatever it ignores`(signal: Int32) throws {
      try withTemporaryFolder { folder in
        let file = folder.appending(path: "id")
        let client = """
          exec python3 -c '
          import os, signal, time
          for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP): signal.signal(s, signal.SIG_IGN)
          with open("\(file.path)", "w") as f: f.write(str(os.getpid()) + ";")
          while True: time.sleep(1)'
          """
        let validate = try SaddleProcess(["validate", "--command", client, "--declare", "none"])
        try validate.start()
        let wasWritten = isSoon { text(file.path).hasSuffix(";") }
        #expect(wasWritten)
        let id = try #require(Int32(text(file.path).dropLast()))
        validate.send(signal)
        _ = try validate.wait()
        // Who started it is gone, so it is init's to bury.
        let isGone = isSoon {
          let state = text("/proc/\(id)/stat")
          return state.isEmpty || state.contains(") Z ")
        }
        #expect(isGone)
        if !isGone { kill(id, SIGKILL) }
      }
    }
  #endif

  @Test func `JUnit's XML parses and tells what the table tells`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "results.xml")
      let hostile = "echo '<a & \"b\">\u{1}'; sleep 9"
      let result = try SaddleProcess.run(
        arguments: [
          "validate", "--command", hostile, "--declare", "sgd,lr=0.1", "--timeout", "0.2",
          "--junit", file.path,
        ])
      #expect(result.status == 1)
      #expect(result.output.contains(#/speaks the protocol +failed/#))
      let document = try XMLDocument(data: Data(contentsOf: file))
      let suites = try document.nodes(forXPath: "/testsuites/testsuite")
      let cases = try document.nodes(forXPath: "//testcase")
      let failures = try document.nodes(forXPath: "//testcase/failure/@message")
      #expect(!suites.isEmpty && failures.count == 1)
      #expect(failures.first?.stringValue?.contains("wrote what is not JSON") ?? false)
      #expect(failures.first?.stringValue?.contains("<a & \"b\">\u{FFFD}") ?? false)
      let root = try #require(document.rootElement())
      #expect(root.attribute(forName: "tests")?.stringValue == "\(cases.count)")
      #expect(root.attribute(forName: "failures")?.stringValue == "1")
      let skipped = try document.nodes(forXPath: "//testcase/skipped").count
      #expect(root.attribute(forName: "skipped")?.stringValue == "\(skipped)")

      let nowhere = try SaddleProcess.run(
        arguments: [
          "validate", "--optimizer", "sgd", "--junit", folder.path + "/none/results.xml",
        ])
      #expect(nowhere.status == 73)
    }
  }

  @Test func `a skipped check is listed as skipped`() throws {
    let name = try #require(OptimizerOracle.all(for: .firstOrder).first).name
    let (result, checks) = try validate("--optimizer", "sgd", "--skip", name)
    #expect(result.status == 0)
    let skipped = checks.filter { $0.outcome == "skipped" }
    #expect(!skipped.isEmpty && skipped.contains { $0.check == name })
  }

  @Test func `the catalog is listed as people and programs read it`() throws {
    struct Entry: Decodable {
      struct Number: Decodable {
        let name: String
        let `default`: Double
      }
      let name: String
      let source: String
      let hyperparameters: [Number]
    }
    let listed = try SaddleProcess.run("optimizers", "--json")
    let entries = try JSONDecoder().decode([Entry].self, from: Data(listed.output.utf8))
    #expect(entries.map(\.name) == optimizerCatalog(Double.self).map(\.entry.name))
    #expect(entries.allSatisfy { !$0.source.isEmpty && !$0.hyperparameters.isEmpty })
    #expect(try SaddleProcess.run("optimizers").output.contains("learningRate, lr = 0.05"))
  }

  @Test func `serve gives the steps of the library, bit for bit`() throws {
    let served = ProgramSubject(
      command:
        "exec '\(SaddleProcess.executable.path)' serve momentum --set lr=3 --set momentum=0.5",
      hyperparameters: ["lr": 1e-4])
    let ours = OptimizerInProcess(try Momentum<Double>(learningRate: 1e-4, momentum: 0.5))
    var (a, b) = (try served.begin(dimension: 2), ours.begin(dimension: 2))
    var (x, y) = ([1.0, -2.0], [1.0, -2.0])
    for step in 1...20 {
      try a.step(&x, on: StepFunction(.rosenbrock(dimension: 2)))
      try b.step(&y, on: StepFunction(.rosenbrock(dimension: 2)))
      #expect(x == y, "step \(step)")
      let (ours, theirs) = (try a.save(), try b.save())
      #expect(ours == theirs)
      if step == 7 { try a.load(b.save()) }
    }
    #expect(throws: ProgramError.self) { try a.step(&x, on: StepFunction(gradient: [.nan, 0])) }
    let (left, right) = (try a.save(), try b.save())
    #expect(x == y && left == right, "a refused step changes nothing")
    #expect(throws: ProgramError.self) { try a.load("{\"step\": 1, \"velocity\": [1]}") }
    #expect(throws: ProgramError.self) { _ = try served.with(["lr": 0]).begin(dimension: 2) }
    try served.quit()
  }

  @Test func `serve refuses what is no request, and goes on`() throws {
    try withTemporaryFolder { folder in
      let input = folder.appending(path: "requests")
      let lines = [
        "rubbish", "{\"do\":\"dance\",\"id\":1}", "{\"do\":\"init\",\"id\":2,\"protocol\":2}",
        "{\"do\":\"step\",\"id\":3,\"run\":9,\"parameters\":[1],\"value\":0,\"gradient\":[1]}",
        "{\"do\":\"init\",\"id\":4,\"protocol\":1,\"run\":1,\"dimension\":1,"
          + "\"hyperparameters\":{}}",
        "{\"do\":\"step\",\"id\":5,\"run\":1,\"parameters\":[1],\"value\":0,\"gradient\":[1]}",
        "{\"do\":\"quit\",\"id\":6}", "{\"do\":\"save\",\"id\":7,\"run\":1}",
      ]
      try Data(lines.joined(separator: "\n").utf8).write(to: input)
      let served = try SaddleProcess(["serve", "sgd"], input: input.path)
      try served.start()
      let result = try served.wait()
      #expect(result.status == 0)
      let replies = result.output.split(separator: "\n")
      #expect(replies.count == 6)
      for (i, why) in [
        "not a request", "no request that is known", "this speaks 1", "run 9 was not begun",
      ].enumerated() {
        #expect(replies[i].contains("\"error\":") && replies[i].contains(why), "\(replies[i])")
      }
      #expect(replies[4...] == ["{\"id\":4,\"ok\":true}", "{\"id\":5,\"parameters\":[0.95]}"])
    }
  }
}
