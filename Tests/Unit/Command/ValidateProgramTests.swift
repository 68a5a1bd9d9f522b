import Foundation
import Support
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A program that is held to what plain gradient descent promises, in Python.
///
/// - Parameter change: Replaces lines of it, each known by how it begins.
private func descent(_ change: [String: String] = [:]) -> String {
  let lines = [
    "import json, math, os, subprocess, sys, time",
    "runs, rates = {}, {}",
    "def say(**reply): print(json.dumps(reply), flush=True)",
    "traits = {}",
    "for line in sys.stdin:",
    "  r = json.loads(line)",
    "  do, run = r[\"do\"], r.get(\"run\")",
    "  if do == \"quit\": break",
    "  if do == \"init\":",
    "    rate = float(r[\"hyperparameters\"].get(\"lr\", 0.05))",
    "    taken = 0 < rate < math.inf",
    "    if not taken:",
    "      say(id=r[\"id\"], error=\"lr\")",
    "      continue",
    "    rates[run], runs[run] = rate, r.get(\"tensors\", [r[\"dimension\"]])",
    "    say(id=r[\"id\"], ok=True, **traits)",
    "  if do == \"save\": say(id=r[\"id\"], memory={})",
    "  if do == \"load\": say(id=r[\"id\"], ok=True)",
    "  if do == \"step\":",
    "    x, g = ([float(a) for a in r[k]] for k in (\"parameters\", \"gradient\"))",
    "    sound = all(map(math.isfinite, g + [float(r[\"value\"])]))",
    "    if not sound:",
    "      say(id=r[\"id\"], error=\"not finite\")",
    "      continue",
    "    moved = len(x)",
    "    new = [a - rates[run] * b if i < moved else a for i, (a, b) in enumerate(zip(x, g))]",
    "    say(id=r[\"id\"], parameters=new)",
  ]
  let changed = lines.map { line in
    change.first { line.drop { $0 == " " }.hasPrefix($0.key) }.map {
      line.prefix { $0 == " " } + $0.value
    } ?? line
  }
  return changed.joined(separator: "\n") + "\n"
}

@Suite(.enabled(if: LoopbackServer.isPossible, "python3 is not here: script/bootstrap installs it"))
struct ValidateProgramTests {
  private struct Output: Decodable {
    struct Check: Decodable {
      let subject: String
      let check: String
      let outcome: String
    }
    let precision: String?
    let allowed: [String]
    let checks: [Check]

    func checks(that came: String) -> Set<String> {
      Set(checks.filter { $0.outcome == came }.map(\.check))
    }
  }

  /// Validates a program in a file of its own, as SGD with a rate of 0.1 if nothing else is said.
  private func validate(
    _ program: String, declaring declared: String = "sgd,lr=0.1", _ arguments: String...,
    then inspect: (URL) throws -> Void = { _ in }
  ) throws -> (SaddleProcess.Result, Output) {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "descent.py")
      try Data(program.utf8).write(to: file)
      let result = try SaddleProcess.run(
        arguments: [
          "validate", "--json", "--quick", "--command", "python3 '\(file.path)' '\(folder.path)'",
          "--declare", declared, "--junit", folder.path + "/results.xml",
          // As long as all the others together.
          "--skip", "leaves saddles as it says",
        ] + arguments)
      try inspect(folder)
      return (
        result, try JSONDecoder().decode(Output.self, from: Data(result.output.utf8))
      )
    }
  }

  /// Which suites and cases JUnit's XML in a folder names.
  private func names(in folder: URL) throws -> [String] {
    let xml = try XMLDocument(data: Data(contentsOf: folder.appending(path: "results.xml")))
    return try ["//testsuite/@name", "//testcase/@classname", "//testcase/@name"]
      .flatMap { try xml.nodes(forXPath: $0).compactMap(\.stringValue) }
  }

  @Test func `without a change it passes, by a name that no machine is in`() throws {
    let (result, output) = try validate(descent()) { folder in
      let names = try self.names(in: folder)
      #expect(names.contains("descent.py \(folder.lastPathComponent) lr=0.1"))
      #expect(names.allSatisfy { !$0.contains("/") && !$0.contains("python") })
    }
    #expect(result.status == 0, "\(result.errors)\(result.output)")
    #expect(output.checks(that: "failed").isEmpty)
  }

  @Test(arguments: [
    ("python3 Examples/torch_optimizer.py Adam", "torch_optimizer.py Adam"),
    ("/opt/v/bin/python3.11 -u '/tmp/a b/adam.py' '{\"lr\": 1}'", "adam.py {\"lr\": 1}"),
    ("exec '/home/me/saddle' serve adam", "saddle serve adam"),
    ("env A=/x B=2 ./a.out --config=/tmp/x/y.json", "a.out --config=y.json"),
    ("python3 -m my.rules adam", "my.rules adam"),
    ("./optimizer", "optimizer"),
  ])
  func `a command is named without its machine`(command: String, name: String) throws {
    try withTemporaryFolder { folder in
      // Whatever it is, it is told apart from `true` by its name alone.
      let file = folder.appending(path: "results.xml").path
      _ = try SaddleProcess.run(
        "validate", "--command", "echo no; exit; " + command, "--declare", "sgd,lr=0.1", "--junit",
        file)
      let suites = try XMLDocument(data: Data(contentsOf: URL(fileURLWithPath: file)))
        .nodes(forXPath: "//testsuite/@name").compactMap(\.stringValue)
      #expect(suites.allSatisfy { $0.contains(name) && !$0.contains("/") }, "\(suites)")
    }
  }

  @Test func `a name that is given is the name`() throws {
    let (_, output) = try validate(descent(), "--name", "mine") { folder in
      let names = try self.names(in: folder)
      #expect(names.contains("mine lr=0.1"))
    }
    #expect(Set(output.checks.map(\.subject)) == ["mine"])
  }

  @Test func `a program that starts once and not again ends with 3, an error for JUnit`() throws {
    // The first process makes the folder that ends the second before its first word.
    let program = descent([
      "traits": "os.mkdir(sys.argv[1] + \"/started\"); traits = {}"
    ])
    let (result, output) = try validate(program) { folder in
      let xml = try XMLDocument(data: Data(contentsOf: folder.appending(path: "results.xml")))
      #expect(try xml.nodes(forXPath: "//testcase/error").count == 1)
      #expect(try xml.nodes(forXPath: "//testcase/failure").isEmpty)
      #expect(xml.rootElement()?.attribute(forName: "errors")?.stringValue == "1")
    }
    #expect(result.status == 3, "\(result.errors)")
    #expect(result.errors.contains("FileExistsError"))
    #expect(!output.checks(that: "passed").isEmpty && output.checks(that: "failed").isEmpty)
  }

  @Test func `a program that dies of a hyperparameter fails a check`() throws {
    let (result, output) = try validate(descent(["say(id=r[\"id\"], error=\"lr\")": "os._exit(1)"]))
    #expect(result.status == 1, "\(result.errors)")
    #expect(output.checks(that: "failed") == ["refuses invalid hyperparameters"])
  }

  @Test func `what the profile knows is a note, and a failure without it`() throws {
    let loose = descent(["taken": "taken = not rate < 0", "sound": "sound = True"])
    let departures: Set = [
      "refuses invalid hyperparameters", "refuses numbers that are not finite",
    ]
    let (strict, all) = try validate(loose)
    #expect(strict.status == 1 && all.checks(that: "failed") == departures && all.allowed.isEmpty)
    let (result, output) = try validate(loose, "--profile", "torch") { folder in
      let xml = try XMLDocument(data: Data(contentsOf: folder.appending(path: "results.xml")))
      let why = try xml.nodes(forXPath: "//skipped/@message").compactMap(\.stringValue)
      #expect(why.contains { $0.hasPrefix("allowed: it steps on numbers that are not finite: ") })
    }
    #expect(result.status == 0, "\(result.errors)\(result.output)")
    #expect(output.checks(that: "allowed") == ["refuses numbers that are not finite"])
    #expect(output.allowed.count == 4, "lr = 0, lr = inf, lr = nan, and steps on NaN")
    // What it does not know is a failure with it as well.
    let (looser, rest) = try validate(
      descent(["taken": "taken = True", "sound": "sound = True"]), "--profile", "torch")
    #expect(looser.status == 1)
    #expect(rest.checks(that: "failed") == ["refuses invalid hyperparameters"])
  }

  @Test func `what declares no rule may decay where there is no gradient`() throws {
    let decaying = descent([
      "new": "new = [a * (1 - 0.01 * rates[run]) - rates[run] * b for a, b in zip(x, g)]"
    ])
    let (result, output) = try validate(decaying, declaring: "none")
    #expect(result.status == 0, "\(result.errors)\(output.checks(that: "failed"))")
    #expect(output.checks(that: "passed").contains("rests where the gradient is zero"))
    let (wrong, found) = try validate(decaying)
    #expect(wrong.status == 1)
    #expect(found.checks(that: "failed").contains("rests where the gradient is zero"))
  }

  /// Descent by a rate that falls with a count of steps, all that it keeps.
  @Test(
    arguments: [
      ("begun.setdefault(run, [0])", "keeps runs apart"),
      ("begun[run] = [0]", nil),
    ] as [(String, String?)])
  func `a second init of a run begins it anew`(initializing: String, check: String?) throws {
    let (result, output) = try validate(
      descent([
        "traits": "traits, begun = {}, {}",
        "rates[run], runs[run]":
          "rates[run], runs[run] = rate, [r[\"dimension\"]]; \(initializing)",
        "if do == \"save\"": "if do == \"save\": say(id=r[\"id\"], memory=begun[run])",
        "if do == \"load\"":
          "if do == \"load\": begun[run] = r[\"memory\"]; say(id=r[\"id\"], ok=True)",
        "new": "begun[run][0] += 1; "
          + "new = [a - rates[run] * b / begun[run][0] for a, b in zip(x, g)]",
      ]), declaring: "none")
    #expect(output.checks(that: "failed") == Set([check].compactMap { $0 }))
    #expect(result.status == (check == nil ? 0 : 1), "\(result.errors)")
  }

  @Test func `notes are said once, in words`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "descent.py")
      try Data(descent(["taken": "taken = not rate < 0"]).utf8).write(to: file)
      // Three cases of hyperparameters, each of which takes the same.
      let result = try SaddleProcess.run(
        "validate", "--quick", "--command", "python3 '\(file.path)'", "--declare", "sgd", "--profile",
        "torch",
        "--skip", "leaves saddles as it says")
      #expect(result.status == 0, "\(result.errors)\(result.output)")
      let notes = result.output.split(separator: "\n")
        .filter { $0.hasPrefix("allowed by profile torch: it takes lr = ") }
      #expect(notes.count == 3 && Set(notes).count == 3, "\(notes)")
    }
  }

  @Test func `what a program computes in is what it says, or what is said of it`() throws {
    let (_, silent) = try validate(descent())
    #expect(silent.precision == nil)
    let (_, single) = try validate(descent(["traits": "traits = {\"precision\": \"float32\"}"]))
    #expect(single.precision == "float32")
    let (_, told) = try validate(descent(), "--precision", "float32")
    #expect(told.precision == "float32")
    let (result, wrong) = try validate(descent(["traits": "traits = {\"precision\": \"half\"}"]))
    #expect(result.status == 1)
    #expect(wrong.checks(that: "failed") == ["speaks the protocol"])
  }

  @Test(arguments: ["True", "[2, 1]"])
  func `a rule that forgets the second tensor is found where it is told of tensors`(
    wish: String
  ) throws {
    let tensors = ["traits": "traits = {\"tensors\": \(wish)}"]
    let (right, sound) = try validate(descent(tensors))
    #expect(right.status == 0, "\(right.errors)\(sound.checks(that: "failed"))")
    let forgetful = ["moved": "moved = runs[run][0]"]
    #expect(try validate(descent(forgetful)).0.status == 0, "one tensor is all there is")
    let (result, output) = try validate(descent(tensors.merging(forgetful) { $1 }))
    #expect(result.status == 1)
    #expect(output.checks(that: "failed").contains("follows its reference rule"))
  }
}
