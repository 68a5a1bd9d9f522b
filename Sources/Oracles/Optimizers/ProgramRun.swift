import Foundation

/// A run in the session's process.
struct ProgramRun: RestartableRun {
  let session: ProgramSession
  /// Runs are numbered through all the processes of a session.
  let number: Int
  /// The process that it lives in.
  let process: Int
  let dimension: Int
  /// What it was begun with.
  let hyperparameters: [String: Double]
  private var steps = 0

  init(
    session: ProgramSession, number: Int, process: Int, dimension: Int,
    _ hyperparameters: [String: Double]
  ) {
    self.hyperparameters = hyperparameters
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

  mutating func restart() throws {
    try session.initialize(run: number, in: process, dimension: dimension, hyperparameters)
    steps = 0
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
