import Dialogue
import Threads

/// Requests to a program about its objective. Once it has failed, every answer is NaN.
final class RemoteConversation: Sendable {
  private struct State {
    /// What the program has as θ.
    var point: [Double]?
    var failure: ProgramError?
  }

  private let link: ProgramLink
  private let dimension: Int
  private let type: MessageArray.ElementType
  private let state = Mutex(State())

  init(_ link: ProgramLink, dimension: Int, type: MessageArray.ElementType) {
    self.link = link
    self.dimension = dimension
    self.type = type
  }

  var failure: ProgramError? { state.withLock { $0.failure } }

  func point() throws(ProgramError) -> [Double] {
    try link.ask(Request("point", answerBytes: 8 * dimension)) {
      (answer) throws(ProgramError.Cause) in try answer.numbers("parameters", [dimension])
    }
  }

  private struct Value: Decodable { let value: Double? }

  func value(at parameters: [Double]) -> Double {
    ask("value", at: parameters, answerBytes: 0) { (answer) throws(ProgramError.Cause) in
      try self.value(in: answer)
    } ?? .nan
  }

  private func value(in answer: Message) throws(ProgramError.Cause) -> Double {
    guard let value = try answer.read(Value.self).value else {
      throw answer.noAnswer("there is no 'value'")
    }
    guard value.isFinite else { throw .notFiniteNumber(of: "value", place: 0, value: "\(value)") }
    return value
  }

  /// - Parameter sample: whose own term it is; nil for all of L.
  func gradient(
    at parameters: [Double], ofSample sample: Int? = nil
  ) -> (value: Double, gradient: [Double]) {
    let (verb, members) = sample.map { ("sample", ["index": "\($0)"]) } ?? ("gradient", [:])
    let target = NumberTarget("gradient", [dimension])
    let value = ask(verb, members, at: parameters, answerBytes: 8 * dimension, into: target) {
      (answer) throws(ProgramError.Cause) in try answer.read(Value.self).value
    }
    // nil where it has failed; nil within where it does not say it.
    guard let value else { return (.nan, [Double](repeating: .nan, count: dimension)) }
    let gradient = target.takeElements()
    return (value ?? (sample == nil ? self.value(at: parameters) : .nan), gradient)
  }

  /// The product with each row of `vectors`, row by row into `products`; NaN once it has failed.
  func products(
    _ kind: String, _ vectors: Matrix<Double>, at parameters: [Double],
    into products: inout [Double]
  ) {
    let shape = [vectors.rows, vectors.columns]
    let sent = MessageArray("vectors", shape, vectors.elements, as: type)
    let target = NumberTarget("products", shape, lend(&products))
    let isAnswered =
      ask(
        "product", ["kind": ProgramMessage.json(kind)], [sent], at: parameters,
        answerBytes: 8 * vectors.elements.count, into: target
      ) { (_) throws(ProgramError.Cause) in true } ?? false
    products = target.takeElements()
    if !isAnswered { for i in products.indices { products[i] = .nan } }
  }

  /// nil once it has failed.
  ///
  /// - Parameter target: where an array of the answer is to go.
  private func ask<Answer: Sendable>(
    _ verb: String, _ members: [String: String] = [:], _ arrays: [MessageArray] = [],
    at parameters: [Double], answerBytes: Int, into target: NumberTarget? = nil,
    reading: (Message) throws(ProgramError.Cause) -> Answer
  ) -> Answer? {
    state.withLock { state in
      guard state.failure == nil else { return nil }
      var arrays = arrays
      if state.point != parameters {
        arrays.append(MessageArray("parameters", [dimension], parameters, as: type))
      }
      do throws(ProgramError) {
        let request = Request(verb, members, arrays: arrays, answerBytes: answerBytes)
        let answer =
          if let target {
            try link.ask(request, into: target, reading: reading)
          } else {
            try link.ask(request, reading: reading)
          }
        state.point = parameters
        return answer
      } catch {
        state.failure = error
        return nil
      }
    }
  }
}
