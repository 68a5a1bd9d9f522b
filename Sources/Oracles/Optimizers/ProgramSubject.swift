import Foundation

/// How long a program may take, and how much it may say.
public struct ProgramLimits: Sendable, Equatable {
  /// Seconds for its first answer, in which it may load its libraries.
  public var start = 60.0
  /// Seconds for every later answer, questions of its own included.
  public var answer = 10.0
  /// Seconds to end in when told to.
  public var quit = 10.0
  /// The longest line, in bytes.
  public var line = 1 << 24
  /// Questions within one step.
  public var questions = 100_000
  /// How often it is started again after it broke off.
  public var restarts = 3

  public init() {}
}

/// An optimizer in another process, which speaks JSON lines on its standard input and output:
/// docs/optimizer-protocol.md.
///
/// The program starts with the first run and serves every run after it. Where it breaks off, the
/// next run starts it anew, a few times. It ends with the last copy of this value.
public struct ProgramSubject: OptimizerSubject {
  /// What the shell starts.
  public let command: String
  /// Sent as they are with every `init`.
  public let hyperparameters: [String: Double]
  private let session: ProgramSession

  public init(
    command: String, hyperparameters: [String: Double] = [:], limits: ProgramLimits = .init()
  ) {
    self.command = command
    self.hyperparameters = hyperparameters
    session = ProgramSession(command: command, limits: limits)
  }

  private init(_ other: ProgramSubject, hyperparameters: [String: Double]) {
    command = other.command
    self.hyperparameters = hyperparameters
    session = other.session
  }

  /// The same program with other hyperparameters: runs in the same process.
  public func with(_ hyperparameters: [String: Double]) -> ProgramSubject {
    ProgramSubject(self, hyperparameters: hyperparameters)
  }

  /// - Throws: `ProgramError`, also where it refuses the hyperparameters.
  public func begin(dimension: Int) throws -> any OptimizerRun {
    try session.begin(dimension: dimension, hyperparameters)
  }

  /// How it broke the protocol so far, each time that it did.
  public var breaches: [ProgramError] { session.breaches }
  /// Whether it broke off so often that no run begins any more.
  public var isGivenUp: Bool { session.isGivenUp }

  /// Ends the program, if it runs.
  ///
  /// - Throws: `ProgramError` where it had to be killed.
  public func quit() throws(ProgramError) { try session.quit() }
}

/// A run in the session's process.
private struct ProgramRun: OptimizerRun {
  let session: ProgramSession
  /// Runs are numbered through all the processes of a session.
  let number: Int
  /// The process that it lives in.
  let process: Int
  let dimension: Int
  private var steps = 0

  init(session: ProgramSession, number: Int, process: Int, dimension: Int) {
    self.session = session
    self.number = number
    self.process = process
    self.dimension = dimension
  }

  mutating func step(_ parameters: inout [Double], on function: StepFunction) throws {
    let value = function.value(parameters)
    let gradient = function.gradient(parameters)
    let isFinite = value.isFinite && (parameters + gradient).allSatisfy(\.isFinite)
    parameters = try ask(
      "step \(steps + 1)", "step",
      [
        "parameters": ProgramMessage.json(parameters), "value": ProgramMessage.json(value),
        "gradient": ProgramMessage.json(gradient),
      ],
      answering: { [dimension] (question) throws(ProgramError.Cause) in
        try question.reply(from: function, dimension: dimension)
      }
    ) { [dimension] (answer) throws(ProgramError.Cause) in
      let moved = try answer.point(count: dimension)
      // What it makes of NaN is for the oracles to judge.
      if isFinite, let i = moved.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(coordinate: i, value: "\(moved[i])")
      }
      return moved
    }
    steps += 1
  }

  func save() throws -> String {
    try ask("save", "save", [:]) { (answer) throws(ProgramError.Cause) in
      try answer.memory()
    }
  }

  mutating func load(_ memory: String) throws {
    // What is not one value would break the line that it is sent in.
    guard ProgramMessage.isValue(memory) else {
      throw OracleError.invalidArgument(message: "the memory is not JSON: \(memory.prefix(200))")
    }
    // A line's end within JSON can only be white space between its parts.
    let line = String(decoding: memory.utf8.map { $0 == 10 || $0 == 13 ? 32 : $0 }, as: UTF8.self)
    try ask("load", "load", ["memory": line]) { (answer) throws(ProgramError.Cause) in
      try answer.requireOK()
    }
  }

  private func ask<Answer>(
    _ request: String, _ verb: String, _ fields: [String: String],
    answering questions: Replier? = nil,
    reading: (ProgramAnswer) throws(ProgramError.Cause) -> Answer
  ) throws(ProgramError) -> Answer {
    try session.request(
      "\(request) of run \(number)", verb, run: number, in: process, fields, answering: questions,
      reading: reading)
  }
}

/// A process, and the requests to it: one at a time, each with its number.
///
/// Unchecked, since all that changes is touched by the holder of the lock alone. The lock is
/// recursive: the functions that a step is taken on may take steps of their own.
private final class ProgramSession: @unchecked Sendable {
  let command: String
  let limits: ProgramLimits
  private let lock = NSRecursiveLock()
  private var process: ProgramProcess?
  private var starts = 0
  private var failed: [ProgramError] = []
  private var requests = 0
  private var runs = 0
  private var hasAnswered = false

  init(command: String, limits: ProgramLimits) {
    self.command = command
    self.limits = limits
  }

  deinit { try? quit() }

  var breaches: [ProgramError] { lock.withLock { failed } }
  var isGivenUp: Bool { lock.withLock { process == nil && starts > limits.restarts } }

  func begin(
    dimension: Int, _ hyperparameters: [String: Double]
  ) throws(ProgramError) -> ProgramRun {
    lock.lock()
    defer { lock.unlock() }
    runs += 1
    let number = runs
    let name = "init of run \(number)"
    if process == nil {
      guard starts <= limits.restarts else {
        throw ProgramError(.givenUp(failures: starts), at: name)
      }
      do {
        process = try ProgramProcess(command: command)
      } catch {
        throw ProgramError(error, at: name)
      }
      starts += 1
      hasAnswered = false
    }
    try request(
      name, "init", run: number, in: starts,
      [
        "protocol": "1", "dimension": "\(dimension)",
        "hyperparameters": ProgramMessage.json(hyperparameters),
      ]
    ) { (answer) throws(ProgramError.Cause) in
      try answer.requireOK()
    }
    return ProgramRun(session: self, number: number, process: starts, dimension: dimension)
  }

  /// Sends a request, answers what the program asks, and reads its answer.
  func request<Answer>(
    _ name: String, _ verb: String, run: Int, in start: Int, _ fields: [String: String],
    answering questions: Replier? = nil,
    reading: (ProgramAnswer) throws(ProgramError.Cause) -> Answer
  ) throws(ProgramError) -> Answer {
    lock.lock()
    defer { lock.unlock() }
    guard let process, start == starts else { throw ProgramError(.gone, at: name) }
    requests += 1
    let id = requests
    do {
      var members = fields
      members["do"] = ProgramMessage.json(verb)
      members["run"] = "\(run)"
      let answer = try converse(process, id, members, answering: questions)
      let result = try reading(answer)
      hasAnswered = true
      return result
    } catch {
      if case .refused = error {
        hasAnswered = true
        throw ProgramError(error, at: name)
      }
      if case .notFinite = error {
        // Wrong, but an answer: only this run is spoiled.
        hasAnswered = true
      } else {
        // Whatever it says from now on answers nothing: end it.
        process.end()
        self.process = nil
      }
      let failure = ProgramError(error, at: name, complaint: process.complaint)
      failed.append(failure)
      throw failure
    }
  }

  private func converse(
    _ process: ProgramProcess, _ id: Int, _ request: [String: String],
    answering questions: Replier?
  ) throws(ProgramError.Cause) -> ProgramAnswer {
    let allowed = hasAnswered ? limits.answer : limits.start
    let start = ContinuousClock.now
    var line = Self.line(id, request)
    var asked = 0
    while true {
      let left = allowed - (ContinuousClock.now - start) / .seconds(1)
      guard left > 0 else { throw .silent(seconds: allowed) }
      let answer: ProgramAnswer
      do {
        answer = try ProgramAnswer(
          process.exchange(line, within: left, limit: limits.line), to: id)
      } catch .silent {
        throw .silent(seconds: allowed)
      }
      guard answer.isQuestion else { return answer }
      asked += 1
      guard asked <= limits.questions else { throw .tooManyQuestions(limits.questions) }
      guard let questions else {
        throw answer.noAnswer("only within a step is there a function to ask about")
      }
      line = Self.line(id, try questions(answer))
    }
  }

  /// Members in a fixed order, "do" and "id" first: a session reads well and repeats exactly.
  private static func line(_ id: Int, _ members: [String: String]) -> String {
    var members = members
    let first = members.removeValue(forKey: "do").map { "\"do\":\($0)," } ?? ""
    let rest = members.sorted { $0.key < $1.key }.map { ",\"\($0.key)\":\($0.value)" }.joined()
    return "{\(first)\"id\":\(id)\(rest)}"
  }

  func quit() throws(ProgramError) {
    lock.lock()
    defer { lock.unlock() }
    guard let process else { return }
    self.process = nil
    requests += 1
    let line = Self.line(requests, ["do": "\"quit\""])
    guard process.finish(saying: line, within: limits.quit) else {
      throw ProgramError(
        .didNotQuit(seconds: limits.quit), at: "quit", complaint: process.complaint)
    }
  }
}
