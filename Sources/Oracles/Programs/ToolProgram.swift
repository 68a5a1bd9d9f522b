import Dialogue

/// A program in any language that the oracles hold to their laws.
public final class ToolProgram: Sendable {
  public let description: ToolDescription
  private let link: ProgramLink

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - command: what the shell starts.
  /// - Throws: `ProgramError`; `OracleError.invalidArgument` where it is another tool than `tool`.
  public init(
    command: String, as tool: ToolDescription.Tool, limits: ProgramLimits = ProgramLimits()
  ) throws {
    link = try ProgramLink(command: command, limits: limits)
    description = try link.describe(as: ToolDescription.self)
    guard description.is == tool else {
      throw OracleError.invalidArgument(
        message: "the program says that it is '\(description.is.rawValue)', not '\(tool.rawValue)'")
    }
  }

  /// What it broke off with; nil while it goes on.
  public var failure: ProgramError? { link.failure }

  func offers(_ verb: String) -> Bool { description.offers.contains(verb) }

  /// Asks it, and reads its answer.
  func ask<Answer>(
    _ request: Request, answering reply: ProgramLink.Replier? = nil,
    reading: (Message) throws(ProgramError.Cause) -> Answer
  ) throws(ProgramError) -> Answer {
    try link.ask(request, answering: reply, reading: reading)
  }

  /// n numbers under a name.
  func numbers(
    _ request: Request, _ name: String, _ shape: [Int]
  ) throws(ProgramError) -> [Double] {
    var request = request
    request.answerBytes = 8 * shape.reduce(1, *)
    return try ask(request) { (answer) throws(ProgramError.Cause) in try answer.numbers(name, shape) }
  }
}

/// Rows of length `columns` from numbers in a row.
func rows(_ numbers: [Double], _ columns: Int) -> [[Double]] {
  stride(from: 0, to: numbers.count, by: columns).map { Array(numbers[$0..<$0 + columns]) }
}
