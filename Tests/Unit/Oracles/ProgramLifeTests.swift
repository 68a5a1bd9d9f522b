import Foundation
import Oracles
import Support
import Testing

/// A client in Python that says its id to the error stream, answers init, and then does as a test
/// says; what it answers init with may be told.
private func client(_ then: String, traits: String = "") -> String {
  """
  exec python3 -c '
  import json, os, signal, subprocess, sys, time
  def read(): return json.loads(sys.stdin.readline())
  def say(**reply): print(json.dumps(reply), flush=True)
  def tell(*ids): sys.stderr.write(" ".join(map(str, ids)) + " "); sys.stderr.flush()
  tell(os.getpid())
  say(id=read()["id"], ok=True\(traits.isEmpty ? "" : ", " + traits))
  \(then)'
  """
}

/// How a program's processes begin and end, and what it says of itself.
@Suite(.enabled(if: LoopbackServer.isPossible, "python3 is not here: script/bootstrap installs it"))
struct ProgramLifeTests {
  private func limits(start: Double = 60, answer: Double = 30) -> ProgramLimits {
    var limits = ProgramLimits()
    limits.start = start
    limits.answer = answer
    return limits
  }

  /// What the first step with a client comes to.
  private func failure(_ command: String, answer: Double) throws -> ProgramError {
    let subject = ProgramSubject(command: command, limits: limits(answer: answer))
    return try #require(throws: ProgramError.self) {
      var run = try subject.begin(dimension: 1)
      var point = [1.0]
      try run.step(&point, on: StepFunction(gradient: [0.5]))
    }
  }

  #if os(Linux)
    @Test(arguments: [
      // A child of its group.
      """
      child = subprocess.Popen(["sleep", "600"])
      tell(child.pid)
      """,
      // A child of a session of its own.
      """
      child = subprocess.Popen(["sleep", "600"], start_new_session=True)
      tell(child.pid)
      """,
      // As a daemon goes: a grandchild whose parent has ended, in a session of its own.
      """
      if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
          for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP): signal.signal(s, signal.SIG_IGN)
          tell(os.getpid())
          time.sleep(600)
        os._exit(0)
      os.wait()
      """,
      // As Python does by itself.
      """
      import multiprocessing
      worker = multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,))
      worker.start()
      os.setpgid(worker.pid, worker.pid)
      tell(worker.pid)
      """,
    ])
    func `neither it nor whoever it started outlives the verdict`(start: String) throws {
      for ending in ["time.sleep(600)", "time.sleep(1); os._exit(3)"] {
        let error = try failure(client(start + "\n" + ending), answer: 3)
        let ids = error.complaint.split(separator: " ").compactMap { Int32($0) }
        try #require(ids.count == 2, "\(error)")
        for id in ids {
          // Waited for as well: no zombie.
          #expect(kill(id, 0) == -1 && errno == ESRCH, "\(id) of \(ids) lives on")
          kill(id, SIGKILL)
        }
      }
    }

    @Test func `a child that left its group lives as long as the program`() throws {
      let command = client(
        """
        child = subprocess.Popen(["sleep", "600"], start_new_session=True)
        r = read(); say(id=r["id"], parameters=[float(child.pid)])
        read()
        """)
      let subject = ProgramSubject(command: command, limits: limits())
      var run = try subject.begin(dimension: 1)
      var point = [1.0]
      try run.step(&point, on: StepFunction(gradient: [0.5]))
      let id = Int32(point[0])
      #expect(kill(id, 0) == 0)
      try subject.quit()
      #expect(kill(id, 0) == -1 && errno == ESRCH)
    }
  #endif

  @Test func `its way to an end is told, with a supervisor between`() throws {
    #expect(try failure(client("os._exit(7)"), answer: 30).cause == .exited(status: 7))
    #expect(try failure(client("os.kill(os.getpid(), 11)"), answer: 30).cause == .killed(signal: 11))
    #expect(try failure(client("os.killpg(0, 15)"), answer: 30).cause == .killed(signal: 15))
  }

  @Test func `the first answer has two minutes, whatever the later ones have`() {
    #expect(ProgramLimits().start == 120 && ProgramLimits().answer == 10)
  }

  @Test(arguments: [
    ("exit 3", true), ("no-such-program", true), ("sleep 60", true), ("exec 1>&-; sleep 60", true),
    ("echo hello; sleep 60", false), ("read -r l; echo '{\"id\":1,\"error\":\"no\"}'", false),
  ])
  func `what never says a word has not started`(command: String, isAbsent: Bool) throws {
    let subject = ProgramSubject(command: command, limits: limits(start: 2))
    let error = try #require(throws: ProgramError.self) { _ = try subject.begin(dimension: 1) }
    #expect(subject.startFailure == (isAbsent ? error : nil))
  }

  @Test func `a new start that fails is absence, but for numbers that it never took`() throws {
    // Begins once, and then dies of its first init.
    let command = client("os._exit(0)").replacing(
      "def read():",
      with: "os.mkdir(sys.argv[1]) if not os.path.exists(sys.argv[1]) else os._exit(9)\ndef read():")
    for (numbers, isAbsent) in [(["lr": 0.1], true), (["lr": -1], false)] {
      try withTemporaryFolder { folder in
        let subject = ProgramSubject(
          command: command + " '\(folder.path)/once'", hyperparameters: ["lr": 0.1],
          limits: limits())
        var run = try subject.begin(dimension: 1)
        var point = [1.0]
        #expect(throws: ProgramError.self) {
          try run.step(&point, on: StepFunction(gradient: [0.5]))
        }
        let error = try #require(throws: ProgramError.self) {
          _ = try subject.with(numbers).begin(dimension: 1)
        }
        #expect(error.cause == .exited(status: 9))
        #expect(subject.startFailure == (isAbsent ? error : nil))
      }
    }
  }

  // MARK: - What it says of itself

  @Test(arguments: [
    ("", ProgramTraits()), ("precision=\"float32\"", ProgramTraits(precision: .single)),
    ("precision=\"float64\", tensors=False", ProgramTraits(precision: .double)),
    ("tensors=True", ProgramTraits(tensors: .growing)),
    ("tensors=[4, 2]", ProgramTraits(tensors: .sizes([4, 2]))),
  ])
  func `what it says of itself is kept, for all its processes`(
    said: String, traits: ProgramTraits
  ) throws {
    let subject = ProgramSubject(command: client("read()", traits: said), limits: limits())
    #expect(subject.traits == nil)
    _ = try subject.begin(dimension: 2)
    #expect(subject.traits == traits)
    #expect(subject.with(["lr": 1]).traits == traits)
    #expect(subject.inAnotherProcess().traits == traits)
  }

  @Test(arguments: ["precision=\"half\"", "tensors=[]", "tensors=[2, 0]", "tensors=\"yes\""])
  func `what it may not say of itself is no answer`(said: String) throws {
    let subject = ProgramSubject(command: client("read()", traits: said), limits: limits())
    let error = try #require(throws: ProgramError.self) { _ = try subject.begin(dimension: 2) }
    guard case .notAnAnswer(_, let why) = error.cause else {
      Issue.record("\(error)")
      return
    }
    #expect(why.hasPrefix(said.prefix { $0 != "=" }), "\(why)")
  }

  @Test func `tensors sum to the dimension, no two the same but for the rest`() {
    #expect(ProgramTensors.growing.sizes(dimension: 1) == [1])
    #expect(ProgramTensors.growing.sizes(dimension: 12) == [1, 3, 7, 1])
    #expect(ProgramTensors.growing.sizes(dimension: 26) == [1, 3, 7, 15])
    #expect(ProgramTensors.sizes([4, 2]).sizes(dimension: 9) == [4, 2, 3])
    for n in 1...300 {
      for tensors in [ProgramTensors.growing, .sizes([3]), .sizes([2, 5, 1])] {
        let sizes = tensors.sizes(dimension: n)
        #expect(sizes.reduce(0, +) == n && sizes.allSatisfy { $0 > 0 })
      }
    }
  }

  @Test func `tensors are told to who asked for them, from the next init on`() throws {
    let command = client(
      """
      while True:
        r = read()
        if r["do"] == "quit": break
        if r["do"] == "init": sizes = r.get("tensors", [])
        say(id=r["id"], ok=True, parameters=[sum(sizes), len(sizes), r.get("dimension", 3)])
      """, traits: "tensors=True")
    let subject = ProgramSubject(command: command, limits: limits())
    _ = try subject.begin(dimension: 3)
    var run = try subject.begin(dimension: 3)
    var point = [0.0, 0, 0]
    try run.step(&point, on: StepFunction(gradient: [1, 1, 1]))
    #expect(point == [3, 2, 3])
  }
}
