import Dialogue
import Foundation

/// What a program answered to a request.
package struct ProgramAnswer {
  private struct Members: Decodable {
    let id: Int?
    let ok: Bool?
    let error: String?
    let ask: String?
    let at: [Double]?
    let along: [Double]?
    let parameters: [Double]?
    let precision: OptimizerPrecision?
    let tensors: TensorWish?
  }

  private let members: Members
  private let bytes: Data
  private var line: String { shownLine(bytes) }

  /// - Throws: `refused`, or what makes the line no answer to this request.
  package init(_ bytes: [UInt8], to id: Int) throws(ProgramError.Cause) {
    self.bytes = Data(bytes)
    do {
      members = try ProgramMessage.read(Members.self, from: self.bytes)
    } catch {
      let line = shownLine(bytes)
      switch error {
      case .notJSON(let why): throw .notJSON(line: line, why: why)
      case .wrongMember(let why): throw .notAnAnswer(line: line, why: why)
      }
    }
    guard members.id == id else {
      let got = members.id.map { "\($0)" } ?? "missing"
      throw .notAnAnswer(line: line, why: "its id is \(got), the request's is \(id)")
    }
    if let error = members.error { throw .refused(error) }
  }

  var isQuestion: Bool { members.ask != nil }

  /// The line as no answer, and why.
  func noAnswer(_ why: String) -> ProgramError.Cause { .notAnAnswer(line: line, why: why) }

  func requireOK() throws(ProgramError.Cause) {
    guard members.ok == true else { throw noAnswer("'ok' is not true") }
  }

  /// What the program says of itself, beside "ok".
  package func traits() throws(ProgramError.Cause) -> ProgramTraits {
    try requireOK()
    return ProgramTraits(precision: members.precision, tensors: members.tensors?.tensors)
  }

  package func memory() throws(ProgramError.Cause) -> String {
    guard let memory = ProgramMessage.text(of: "memory", in: bytes) else {
      throw noAnswer("'memory' is missing")
    }
    return memory
  }

  package func point(count: Int) throws(ProgramError.Cause) -> [Double] {
    try numbers(members.parameters, "parameters", count: count)
  }

  private func numbers(
    _ numbers: [Double]?, _ name: String, count: Int
  ) throws(ProgramError.Cause) -> [Double] {
    guard let numbers else { throw noAnswer("'\(name)' is missing") }
    guard numbers.count == count else {
      throw .wrongCount(of: name, expected: count, got: numbers.count)
    }
    return numbers
  }

  /// What is to be said to a question.
  package func reply(
    from function: StepFunction, dimension: Int
  ) throws(ProgramError.Cause) -> [String: String] {
    switch members.ask {
    case "evaluate":
      let point = try numbers(members.at, "at", count: dimension)
      return [
        "value": ProgramMessage.json(function.value(point)),
        "gradient": ProgramMessage.json(function.gradient(point)),
      ]
    case "product":
      let point = try numbers(members.at, "at", count: dimension)
      let direction = try numbers(members.along, "along", count: dimension)
      return ["product": ProgramMessage.json(function.hessianVectorProduct(point, direction))]
    default:
      throw noAnswer("'ask' is neither \"evaluate\" nor \"product\"")
    }
  }
}

/// Answers a question of the program.
typealias Replier = (ProgramAnswer) throws(ProgramError.Cause) -> [String: String]
