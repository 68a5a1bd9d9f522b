import Dialogue
import Foundation

/// A process, and the requests to it: one at a time, each with its number.
///
/// Unchecked, since all that changes is touched by the holder of the lock alone. The lock is
/// recursive: the functions that a step is taken on may take steps of their own.
final class ProgramSession: @unchecked Sendable {
  let command: String
  let limits: ProgramLimits
  let traits: SharedTraits
  private let lock = NSRecursiveLock()
  private var process: ProgramProcess?
  private var starts = 0
  private var failed: [ProgramError] = []
  private var requests = 0
  private var runs = 0
  /// Whether the process that runs has answered anything.
  private var hasAnswered = false
  /// Whether any has ever written a line.
  private var hasSpoken = false
  /// The hyperparameters that runs were begun with.
  private var begun: Set<String> = []
  private var notStarted: ProgramError?

  init(command: String, limits: ProgramLimits, traits: SharedTraits) {
    self.command = command
    self.limits = limits
    self.traits = traits
  }

  deinit { try? quit() }

  var breaches: [ProgramError] { lock.withLock { failed } }
  var startFailure: ProgramError? { lock.withLock { notStarted } }
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
        let failure = ProgramError(error, at: name)
        notStarted = failure
        throw failure
      }
      starts += 1
      hasAnswered = false
    }
    let isFirst = !hasAnswered
    let numbers = ProgramMessage.json(hyperparameters)
    do {
      try initialize(run: number, in: starts, dimension: dimension, hyperparameters)
    } catch {
      // Of a program that spoke before, a new start may have been ended by these numbers: then it
      // is to be judged. Numbers that it has taken before are not to blame.
      if isFirst, error.cause.isAbsence, !hasSpoken || begun.contains(numbers) {
        notStarted = error
      }
      throw error
    }
    begun.insert(numbers)
    return ProgramRun(
      session: self, number: number, process: starts, dimension: dimension, hyperparameters)
  }

  /// Sends an `init` for a run, be it new or not.
  func initialize(
    run number: Int, in start: Int, dimension: Int, _ hyperparameters: [String: Double]
  ) throws(ProgramError) {
    let numbers = ProgramMessage.json(hyperparameters)
    var members = ["protocol": "1", "dimension": "\(dimension)", "hyperparameters": numbers]
    if let tensors = traits.value?.tensors {
      let sizes = tensors.sizes(dimension: dimension)
      members["tensors"] = "[" + sizes.map { "\($0)" }.joined(separator: ",") + "]"
    }
    let said = try request("init of run \(number)", "init", run: number, in: start, members) {
      (answer) throws(ProgramError.Cause) in try answer.traits()
    }
    traits.learn(said)
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
      let bytes: [UInt8]
      do {
        bytes = try process.exchange(line, within: left, limit: limits.line)
      } catch .silent {
        throw .silent(seconds: allowed)
      }
      hasSpoken = true
      let answer = try ProgramAnswer(bytes, to: id)
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
