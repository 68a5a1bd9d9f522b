import Foundation
import Oracles
import Threads

/// Takes a question to whoever sent the request, and brings the line that answers it.
package typealias Questioner = @Sendable (String) -> String?

/// The function of a step, at its point as the request gave it, elsewhere by asking back.
final class RemoteFunction: Sendable {
  private struct Reply: Decodable {
    let value: Double?
    let gradient: [Double]?
    let product: [Double]?
  }

  /// What was asked last, or why an answer could not be had; what was computed since is void.
  private struct Answers {
    var point: [Double]
    var value: Double
    var gradient: [Double]
    var failure: String?
  }

  private let id: String
  private let dimension: Int
  private let questioner: Questioner
  private let answers: Mutex<Answers>

  init(
    id: String, at point: [Double], value: Double, gradient: [Double],
    asking questioner: @escaping Questioner
  ) {
    self.id = id
    self.questioner = questioner
    dimension = point.count
    answers = Mutex(Answers(point: point, value: value, gradient: gradient))
  }

  var failure: String? { answers.withLock { $0.failure } }

  var asStepFunction: StepFunction {
    StepFunction(
      value: { self.evaluated(at: $0).value }, gradient: { self.evaluated(at: $0).gradient },
      hessianVectorProduct: { self.product(at: $0, along: $1) })
  }

  private func evaluated(at asked: [Double]) -> (value: Double, gradient: [Double]) {
    answers.withLock {
      if asked != $0.point {
        let answer = ask("\"ask\":\"evaluate\",\"at\":\(ProgramMessage.json(asked))", after: $0.failure)
        $0.point = asked
        $0.value = answer?.value ?? fail("'value'", &$0)
        $0.gradient = list("gradient", answer?.gradient, &$0)
      }
      return ($0.value, $0.gradient)
    }
  }

  private func product(at point: [Double], along vector: [Double]) -> [Double] {
    answers.withLock {
      let answer = ask(
        "\"ask\":\"product\",\"at\":\(ProgramMessage.json(point)),"
          + "\"along\":\(ProgramMessage.json(vector))", after: $0.failure)
      return list("product", answer?.product, &$0)
    }
  }

  private func list(
    _ name: String, _ numbers: [Double]?, _ answers: inout Answers
  ) -> [Double] {
    if let numbers, numbers.count == dimension { return numbers }
    return [Double](repeating: fail("'\(name)'", &answers), count: dimension)
  }

  private func ask(_ question: String, after failure: String?) -> Reply? {
    guard failure == nil, let line = questioner("{\"id\":\(id),\(question)}") else { return nil }
    return try? ProgramMessage.read(Reply.self, from: Data(line.utf8))
  }

  private func fail(_ what: String, _ answers: inout Answers) -> Double {
    if answers.failure == nil { answers.failure = "the answer to a question lacks \(what)" }
    return .nan
  }
}
