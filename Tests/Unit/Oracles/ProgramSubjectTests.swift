import Foundation
import Oracles
import Support
import Testing

/// A client in Python that answers init, and from then on does as a test says.
private func client(_ misbehaviour: String, begins: Bool = true) -> String {
  """
  exec python3 -c '
  import json, os, signal, sys, time
  def read(): return json.loads(sys.stdin.readline())
  def say(**reply): print(json.dumps(reply), flush=True)
  def write(text): sys.stdout.write(text); sys.stdout.flush()
  if \(begins ? "True" : "False"): say(id=read()["id"], ok=True)
  \(misbehaviour)'
  """
}

/// Answers every step with its gradient, and keeps what it is told to load.
private let echo = """
  memories = {}
  while True:
    r = read()
    if r["do"] == "quit": break
    reply = {"id": r["id"], "ok": True}
    if r["do"] == "init": memories.pop(r["run"], None)
    if r["do"] == "step": reply["parameters"] = r["gradient"]
    if r["do"] == "load": memories[r["run"]] = r["memory"]
    if r["do"] == "save": reply["memory"] = memories.get(r["run"], {"of": r["run"]})
    say(**reply)
  """

private func limits(answer: Double = 30, _ change: (inout ProgramLimits) -> Void = { _ in })
  -> ProgramLimits
{
  var limits = ProgramLimits()
  limits.answer = answer
  change(&limits)
  return limits
}

@Suite(.enabled(if: LoopbackServer.isPossible, "python3 is not here: script/bootstrap installs it"))
struct ProgramSubjectTests {
  private let function = StepFunction(value: 2, gradient: [0.5, 0.25])

  /// What the first step with a client comes to.
  private func failure(
    _ command: String, limits: ProgramLimits = limits(), dimension: Int = 2
  ) throws -> ProgramError {
    let subject = ProgramSubject(command: command, limits: limits)
    return try #require(throws: ProgramError.self) {
      var run = try subject.begin(dimension: dimension)
      var point = [Double](repeating: 1, count: dimension)
      let gradient = [Double](repeating: 0.5, count: dimension)
      try run.step(&point, on: StepFunction(value: 2, gradient: gradient))
    }
  }

  @Test(arguments: [
    ("sys.exit(3)", ProgramError.Cause.exited(status: 3)),
    ("write(\"{\"); sys.exit(0)", .exited(status: 0)),
    ("os.kill(os.getpid(), 9)", .killed(signal: 9)),
    ("os.close(1); time.sleep(60)", .outputClosed),
    (
      "say(id=read()[\"id\"], parameters=[1.0])",
      .wrongCount(of: "parameters", expected: 2, got: 1)
    ),
    (
      "say(id=read()[\"id\"], parameters=[1, 2, 3])",
      .wrongCount(of: "parameters", expected: 2, got: 3)
    ),
    (
      "say(id=read()[\"id\"], parameters=[1, float(\"nan\")])",
      .notFinite(coordinate: 1, value: "nan")
    ),
    (
      "say(id=read()[\"id\"], parameters=[\"-Infinity\", 0])",
      .notFinite(coordinate: 0, value: "-inf")
    ),
    ("say(id=read()[\"id\"], error=\"out of tea\")", .refused("out of tea")),
    (
      "print(\"step 1\", flush=True); time.sleep(60)",
      .notJSON(line: "step 1", why: "Invalid value around character 0.")
    ),
    (
      "read(); say(id=7, parameters=[1, 2]); time.sleep(60)",
      .notAnAnswer(
        line: "{\"id\": 7, \"parameters\": [1, 2]}", why: "its id is 7, the request's is 2")
    ),
    (
      "read(); say(parameters=[1, 2]); time.sleep(60)",
      .notAnAnswer(line: "{\"parameters\": [1, 2]}", why: "its id is missing, the request's is 2")
    ),
    (
      "say(id=read()[\"id\"], ok=True); time.sleep(60)",
      .notAnAnswer(line: "{\"id\": 2, \"ok\": true}", why: "'parameters' is missing")
    ),
    (
      "say(id=read()[\"id\"], parameters=[1, None]); time.sleep(60)",
      .notAnAnswer(
        line: "{\"id\": 2, \"parameters\": [1, null]}",
        why: "parameters[1]: Cannot get value of type Double -- found null value instead")
    ),
    (
      "say(id=read()[\"id\"], parameters=\"here\"); time.sleep(60)",
      .notAnAnswer(
        line: "{\"id\": 2, \"parameters\": \"here\"}",
        why: "parameters: Expected to decode Array<Any> but found a string instead.")
    ),
    (
      "write(\"{\\\"id\\\": 2, \\\"parameters\\\": [1 2]}\\n\"); time.sleep(60)",
      .notJSON(
        line: "{\"id\": 2, \"parameters\": [1 2]}", why: "Invalid value around character 27.")
    ),
    (
      "say(id=read()[\"id\"], ask=\"hessian\", at=[1, 2]); time.sleep(60)",
      .notAnAnswer(
        line: "{\"id\": 2, \"ask\": \"hessian\", \"at\": [1, 2]}",
        why: "'ask' is neither \"evaluate\" nor \"product\"")
    ),
    (
      "say(id=read()[\"id\"], ask=\"evaluate\", at=[1]); time.sleep(60)",
      .wrongCount(of: "at", expected: 2, got: 1)
    ),
    (
      "say(id=read()[\"id\"], ask=\"product\", at=[1, 2], along=[1]); time.sleep(60)",
      .wrongCount(of: "along", expected: 2, got: 1)
    ),
  ])
  func `a misbehaving client comes to its verdict`(
    script: String, cause: ProgramError.Cause
  ) throws {
    let error = try failure(client(script))
    #expect(error.cause == cause)
    #expect(error.request == "step 1 of run 1")
  }

  @Test(arguments: [
    "time.sleep(60)", "read(); write(\"{\\\"id\\\": 2\"); time.sleep(60)",
    "os.close(0); time.sleep(60)",
    "signal.signal(signal.SIGTERM, signal.SIG_IGN); read(); time.sleep(60)",
    "while True: sys.stderr.write(\"x\" * 1000)",
  ])
  func `a client that gives no answer is waited for no longer than its time`(
    script: String
  ) throws {
    let start = ContinuousClock.now
    // Four megabytes, more than a pipe holds: it is stuck in sending them, or in waiting.
    for dimension in [2, 100_000] {
      let error = try failure(client(script), limits: limits(answer: 0.5), dimension: dimension)
      #expect(error.cause == .silent(seconds: 0.5))
    }
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test func `the first answer has a time of its own`() throws {
    let error = try failure(
      client("time.sleep(60)", begins: false), limits: limits { $0.start = 0.5 })
    #expect(error.cause == .silent(seconds: 0.5))
    #expect(error.request == "init of run 1")
    #expect(
      try failure(client("time.sleep(1); sys.exit(1)"), limits: limits { $0.start = 30 }).cause
        == .exited(status: 1))
  }

  @Test func `endless output ends in a verdict`() throws {
    #expect(
      try failure(
        client("while True: write(\"x\" * 10000)"), limits: limits { $0.line = 1 << 20 }
      ).cause == .tooLong(bytes: 1 << 20))
    guard case .notJSON = try failure(client("while True: print(\"x\" * 10000)")).cause else {
      Issue.record("endless lines")
      return
    }
    let asking = client(
      "r = read()\nwhile True: say(id=r[\"id\"], ask=\"evaluate\", at=[1, 2]); read()")
    #expect(
      try failure(asking, limits: limits { $0.questions = 20 }).cause == .tooManyQuestions(20))
  }

  @Test func `an answer too many is found at the next request`() throws {
    let subject = ProgramSubject(
      command: client(
        """
        r = read()
        say(id=r["id"], parameters=[1, 2]); say(id=r["id"], parameters=[3, 4])
        read(); time.sleep(60)
        """),
      limits: limits())
    var run = try subject.begin(dimension: 2)
    var point = [0.0, 0.0]
    try run.step(&point, on: function)
    #expect(point == [1, 2])
    let error = try #require(throws: ProgramError.self) { try run.step(&point, on: function) }
    #expect(error.request == "step 2 of run 1")
    #expect("\(error)".contains("its id is 2, the request's is 3"))
    #expect(point == [1, 2], "a step that failed moves nothing")
  }

  @Test func `a program that is not there ends with the shell's words`() throws {
    let error = try failure("no-such-program --at-all")
    #expect(error.cause == .exited(status: 127))
    #expect(error.complaint.contains("no-such-program"))
    #expect(error.request == "init of run 1")
  }

  @Test func `the end of what it complained about is told`() throws {
    let error = try failure(
      client("sys.stderr.write(\"x\" * 300000 + \"\\nout of tea\\n\"); sys.exit(3)"))
    #expect(error.cause == .exited(status: 3))
    #expect(error.complaint.hasSuffix("x\nout of tea"))
    #expect("\(error)".hasPrefix("the program ended with status 3, at step 1 of run 1; it said: x"))
    #expect("\(error)".count < 1200)
  }

  @Test func `a client that ignores quit is killed and said to have been`() throws {
    let subject = ProgramSubject(
      command: client("signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: time.sleep(1)"),
      limits: limits { $0.quit = 0.3 })
    _ = try subject.begin(dimension: 1)
    let error = try #require(throws: ProgramError.self) { try subject.quit() }
    #expect(error.cause == .didNotQuit(seconds: 0.3))
    // It is gone: there is nothing to quit.
    try subject.quit()
    // One that chatters on as it goes is let go.
    let chatty = ProgramSubject(
      command: client("read(); print(\"x\" * 300000)"), limits: limits { $0.quit = 20 })
    _ = try chatty.begin(dimension: 1)
    try chatty.quit()
  }

  @Test func `a program that broke off is started again, but not for ever`() throws {
    let subject = ProgramSubject(
      command: client("sys.exit(1)"), limits: limits { $0.restarts = 2 })
    for run in 1...3 {
      var walk = try subject.begin(dimension: 2)
      var point = [0.0, 0.0]
      let error = try #require(throws: ProgramError.self) { try walk.step(&point, on: function) }
      #expect(error.cause == .exited(status: 1) && error.request == "step 1 of run \(run)")
      let next = try #require(throws: ProgramError.self) { try walk.step(&point, on: function) }
      #expect(next.cause == .gone)
    }
    let error = try #require(throws: ProgramError.self) { _ = try subject.begin(dimension: 2) }
    #expect(error.cause == .givenUp(failures: 3))
  }

  @Test func `numbers that are not finite spoil the run, not the program`() throws {
    let subject = ProgramSubject(
      command: client("say(id=read()[\"id\"], parameters=[float(\"nan\")])\n" + echo),
      limits: limits())
    var run = try subject.begin(dimension: 1)
    var point = [1.0]
    #expect(throws: ProgramError.self) { try run.step(&point, on: StepFunction(gradient: [2])) }
    #expect(subject.breaches.map(\.cause) == [.notFinite(coordinate: 0, value: "nan")])
    try run.step(&point, on: StepFunction(gradient: [2]))
    #expect(point == [2] && !subject.isGivenUp)
  }

  @Test func `a refusal is no end`() throws {
    let subject = ProgramSubject(
      command: client("say(id=read()[\"id\"], error=\"lr = -1\")\n" + echo), limits: limits())
    let first = try subject.begin(dimension: 2)
    let error = try #require(throws: ProgramError.self) {
      _ = try subject.with(["lr": -1]).begin(dimension: 2)
    }
    #expect(error.isRefusal && "\(error)".contains("lr = -1"))
    #expect(try first.save() == "{\"of\": 1}")
  }

  @Test func `runs of one process keep apart, and memory crosses as it was written`() throws {
    let subject = ProgramSubject(command: client(echo), limits: limits())
    var a = try subject.begin(dimension: 2)
    var b = try subject.begin(dimension: 2)
    // To Python 1 and 1.0 are numbers of two types, and a list of the one makes another array.
    let memory = """
      {"seed": 18446744073709551615, "t": 1, "x": 1.0, "large": 123456789012345678901234567890, \
      "m": [-0.0, 0, 5e-324, 1.7976931348623157e+308, NaN], "a,\\"b": {"memory": "}:[,"}}
      """
    try a.load(memory.replacing(" ", with: "\n"))
    try b.load("{\"t\": 1}")
    #expect(try a.save() == memory)
    #expect(try b.save() == "{\"t\": 1}")
    try subject.quit()
  }

  @Test func `a run is begun again under its number`() throws {
    let subject = ProgramSubject(command: client(echo))
    var run = try #require(try subject.begin(dimension: 2) as? any RestartableRun)
    try run.load("{\"a\":1}")
    #expect(try run.save() == "{\"a\": 1}")
    try run.restart()
    #expect(try run.save() == "{\"of\": 1}")
    try subject.quit()
  }

  @Test func `a client may ask within a step, and its questions are answered exactly`() throws {
    let command = client(
      """
      r = read()
      say(id=r["id"], ask="evaluate", at=[0.1, -3.0, 0, 0, 0]); e = read()
      say(id=r["id"], ask="product", at=[1, 2, 0, 0, 0], along=[0.1, 0.3, 0, 0, 0]); p = read()
      say(id=r["id"], parameters=[e["value"]] + e["gradient"][:2] + p["product"][:2])
      read()
      """)
    let subject = ProgramSubject(command: command, limits: limits())
    var run = try subject.begin(dimension: 5)
    var point = [0.0, 0, 0, 0, 0]
    try run.step(
      &point,
      on: StepFunction(
        value: { $0[0] * 3 }, gradient: { [$0[0] / 3, $0[1] / 7, 0, 0, 0] },
        hessianVectorProduct: { at, along in zip(at, along).map { $0 * $1 } }))
    let expected: [Double] = [0.1 * 3, 0.1 / 3, -3 / 7, 0.1, 0.6]
    #expect(point == expected)
  }

  @Test func `every double crosses the pipe as it is`() throws {
    let subject = ProgramSubject(command: client(echo), limits: limits())
    var random = Seed(1).generator
    var numbers = [
      0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .greatestFiniteMagnitude,
      -.greatestFiniteMagnitude, .leastNormalMagnitude.nextDown, 0.1, 1e16, 1e23,
      9_007_199_254_740_992,
      1.0.nextUp, .pi,
    ]
    while numbers.count < 20_000 {
      // A third of them subnormal.
      let bits = random.next() & (numbers.count % 3 == 0 ? 0x800F_FFFF_FFFF_FFFF : .max)
      let number = Double(bitPattern: bits)
      if number.isFinite { numbers.append(number) }
    }
    var run = try subject.begin(dimension: numbers.count)
    var point = [Double](repeating: 0, count: numbers.count)
    try run.step(&point, on: StepFunction(gradient: numbers))
    #expect(zip(point, numbers).allSatisfy { $0.bitPattern == $1.bitPattern })
    // What is not finite crosses as text, and comes back where it was sent.
    var odd = try subject.begin(dimension: 3)
    var walked = [0.0, 0, 0]
    try odd.step(&walked, on: StepFunction(gradient: [.nan, .infinity, -.infinity]))
    #expect(walked[0].isNaN && walked[1] == .infinity && walked[2] == -.infinity)
  }

  /// Members of which nothing is wanted, and one.
  private struct Message: Decodable {
    let t: String?
    let numbers: [Double]?
  }

  private func read(_ line: String) throws(ProgramMessage.NotAMessage) -> Message {
    try ProgramMessage.read(Message.self, from: Data(line.utf8))
  }

  @Test(arguments: [
    "", "[]", "1", "{", "{\"a\" 1}", "{\"a\":}", "{\"a\":1}}", "{\"numbers\":[01x]}",
    "{\"a\":\"", "{\"a\":tru}", "{\"a\":[1 2]}", "{\"numbers\":[1e999]}",
    "{\"a\":" + String(repeating: "[", count: 100_000),
    "{\"t\":" + String(repeating: "[", count: 100_000),
    "{\"a\":" + String(repeating: "{\"a\":", count: 100_000),
    "{\"a\":" + String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000) + "}",
  ])
  func `what is not JSON is no message`(line: String) throws {
    let error = try #require(throws: ProgramMessage.NotAMessage.self) { try read(line) }
    guard case .notJSON(let why) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(!why.isEmpty)
  }

  @Test func `the member that is wrong is named`() throws {
    for (line, name) in [
      ("{\"t\":1}", "t: "), ("{\"numbers\":[1,\"1\"]}", "numbers[1]: "),
      ("{\"numbers\":[[1]]}", "numbers[0]: "), ("{\"numbers\":{}}", "numbers: "),
    ] {
      let error = try #require(throws: ProgramMessage.NotAMessage.self) { try read(line) }
      guard case .wrongMember(let why) = error, why.hasPrefix(name) else {
        Issue.record("\(error)")
        continue
      }
    }
  }

  @Test func `numbers that are not finite are read with quotes and without`() throws {
    let line = "{\"numbers\":[NaN,Infinity,-Infinity,\"NaN\",\"Infinity\",\"-Infinity\",-0.0,-0]}"
    let numbers = try #require(try read(line).numbers)
    #expect(numbers[0].isNaN && numbers[3].isNaN)
    for i in [1, 4] { #expect(numbers[i] == .infinity && numbers[i + 1] == -.infinity) }
    #expect(numbers[6...].allSatisfy { $0 == 0 && $0.sign == .minus })
  }

  @Test(arguments: [
    ("{\"memory\":[1.0, {\"memory\":2}],\"x\":3}", "[1.0, {\"memory\":2}]"),
    ("{\"x\":\"memory\",\"y\":{\"memory\":1}, \"memory\" : \"a\\\",b}\" }", "\"a\\\",b}\""),
    ("{\"x\":\"memory\"}", nil), ("{\"x\":{\"memory\":1}}", nil), ("{}", nil),
    ("{\"x\":[{\"memory\":1}],\"memory\":-0.0}", "-0.0"),
  ])
  func `a member's text is as it was written`(line: String, text: String?) {
    #expect(ProgramMessage.text(of: "memory", in: Data(line.utf8)) == text)
  }

  @Test func `a memory that is not one value is not sent`() {
    for text in ["", "{", "1}", "1,\"run\":7", "1 // ", "[1", "x", "\"", "]"] {
      #expect(!ProgramMessage.isValue(text), "\(text)")
    }
    for text in ["null", "1", "-0.0", " [1,\n{}] ", "\"a\"", "NaN"] {
      #expect(ProgramMessage.isValue(text), "\(text)")
    }
  }

  @Test func `text crosses with its quotes, controls and pictures`() throws {
    for text in ["", "a\"b\\c\nd\te\u{1}", "η ≤ 1 👩‍🔬", "/", "\u{7F}\u{2028}"] {
      let json = ProgramMessage.json(text)
      #expect(!json.contains("\n"))
      #expect(try read("{ \"t\" : \(json) }").t == text)
    }
    #expect(try read(#"{"t":"a\ud83d\ude00\/\u00e9z"}"#).t == "a😀/éz")
  }

  // MARK: - In the oracles

  /// Plain gradient descent with rate 0.1, but for what it does with NaN and with a rate of 0.
  private func descent(
    onNaN: String = "raise ValueError(\"NaN\")", atZero: String = "raise ValueError(\"lr\")"
  ) -> ProgramSubject {
    let command = """
      exec python3 -c '
      import json, os, math, sys, time
      for line in sys.stdin:
        r = json.loads(line)
        reply = {"id": r["id"], "ok": True, "memory": {}}
        try:
          if r["do"] == "init" and r["hyperparameters"].get("lr") == 0: \(atZero)
          if r["do"] == "step":
            x, g = ([float(a) for a in r[k]] for k in ("parameters", "gradient"))
            if not all(map(math.isfinite, g + [float(r["value"])])): \(onNaN)
            reply["parameters"] = [a - 0.1 * b for a, b in zip(x, g)]
        except ValueError as error: reply = {"id": r["id"], "error": str(error)}
        print(json.dumps(reply), flush=True)'
      """
    return ProgramSubject(command: command, limits: limits(answer: 1))
  }

  @Test(arguments: ["sys.exit(3)", "time.sleep(60)", "print(\"Traceback\")"])
  func `a client that breaks off at NaN has not refused it`(fault: String) throws {
    let oracle = OptimizerOracle.named("refuses numbers that are not finite")
    try oracle.check(descent(), declaring: [])
    let violation = try #require(throws: OptimizerViolation.self) {
      try oracle.check(descent(onNaN: fault), declaring: [])
    }
    #expect(violation.detail.contains("at step 1 of run 2"), "\(violation)")
  }

  @Test func `a client that ends at an invalid number has not refused it`() throws {
    let oracle = OptimizerOracle.named("refuses invalid hyperparameters")
    func declared(_ subject: ProgramSubject) -> [OptimizerDeclaration] {
      [
        .refuses(
          InvalidHyperparameter("lr", 0) { _ = try subject.with(["lr": 0]).begin(dimension: 2) })
      ]
    }
    let sound = descent()
    try oracle.check(sound, declaring: declared(sound))
    let dying = descent(atZero: "sys.exit(\"lr = 0\")")
    let violation = try #require(throws: OptimizerViolation.self) {
      try oracle.check(dying, declaring: declared(dying))
    }
    #expect(violation.detail.contains("ended with status 1"), "\(violation)")
  }
}
