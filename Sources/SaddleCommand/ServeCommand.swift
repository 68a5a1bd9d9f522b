import ArgumentParser
import Foundation
import Oracles
import Saddle
import SaddleOracles
import Synchronization

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Speaks the optimizer protocol with one of the optimizers.",
    discussion: """
      Reads requests from standard input and answers on standard output, a line of JSON each: see \
      docs/optimizer-protocol.md. Hyperparameters of a request's init win over --set.
      """)

  @Argument(help: "The optimizer, by its name in the catalog: see `saddle optimizers`.")
  var name: String
  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: "Sets a hyperparameter, such as beta1=0.8; may be repeated.")
  var settings: [NamedNumber] = []
  @Option(help: "Seeds the noise of optimizers that draw any.")
  var seed: UInt64 = 1

  func run() throws {
    try reportingErrors {
      let entry = try catalogEntry(name)
      let settings = try entry.canonical(settings.map { (name: $0.name, value: $0.value) })
      var server = OptimizerServer(entry: entry, settings: settings, seed: seed)
      while let line = readLine(), let reply = server.reply(to: line) {
        print(reply)
        guard fflush(nil) == 0 else { throw OutputError() }
      }
    }
  }
}

/// Answers the requests of the optimizer protocol with an optimizer of the catalog.
private struct OptimizerServer {
  let entry: CatalogEntry
  let settings: [String: Double]
  let seed: UInt64
  private var runs: [Int: any OptimizerRun] = [:]

  init(entry: CatalogEntry, settings: [String: Double], seed: UInt64) {
    self.entry = entry
    self.settings = settings
    self.seed = seed
  }

  /// A request that cannot be met, in words.
  private struct Refusal: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  private struct Request: Decodable {
    let verb: String?
    let id: Int?
    let version: Int?
    let run: Int?
    let dimension: Int?
    let hyperparameters: [String: Double]?
    let parameters: [Double]?
    let value: Double?
    let gradient: [Double]?

    private enum CodingKeys: String, CodingKey {
      case verb = "do"
      case version = "protocol"
      case id, run, dimension, hyperparameters, parameters, value, gradient
    }
  }

  /// What is left of a request with a member that is not what it must be.
  private struct Identity: Decodable {
    let id: Int
  }

  /// The answer to a request; nil where it is to quit.
  mutating func reply(to line: String) -> String? {
    let line = Data(line.utf8)
    let request: Request
    do {
      request = try ProgramMessage.read(Request.self, from: line)
    } catch {
      let id = (try? ProgramMessage.read(Identity.self, from: line)).map { "\($0.id)" } ?? "null"
      return "{\"id\":\(id),\"error\":\(ProgramMessage.json("not a request: \(error.why)"))}"
    }
    let id = request.id.map { "\($0)" } ?? "null"
    do {
      switch request.verb {
      case "quit": return nil
      case "init":
        try begin(request)
        return "{\"id\":\(id),\"ok\":true}"
      case "step":
        let moved = try step(request, id: id)
        return "{\"id\":\(id),\"parameters\":\(ProgramMessage.json(moved))}"
      case "save":
        return "{\"id\":\(id),\"memory\":\(try run(of: request).save())}"
      case "load":
        guard let memory = ProgramMessage.text(of: "memory", in: line) else {
          throw Refusal("'memory' is missing")
        }
        var (number, run) = (try number(of: request), try run(of: request))
        try run.load(memory)
        runs[number] = run
        return "{\"id\":\(id),\"ok\":true}"
      default:
        throw Refusal("'do' is \(request.verb ?? "missing"): no request that is known")
      }
    } catch {
      return "{\"id\":\(id),\"error\":\(ProgramMessage.json("\(error)"))}"
    }
  }

  private func number(of request: Request) throws -> Int {
    guard let number = request.run else { throw Refusal("'run' is missing") }
    return number
  }

  private func run(of request: Request) throws -> any OptimizerRun {
    let number = try number(of: request)
    guard let run = runs[number] else { throw Refusal("run \(number) was not begun") }
    return run
  }

  private mutating func begin(_ request: Request) throws {
    guard request.version == 1 else {
      throw Refusal("protocol \(request.version.map { "\($0)" } ?? "missing"): this speaks 1")
    }
    guard let dimension = request.dimension, dimension > 0 else {
      throw Refusal("'dimension' is no positive whole number")
    }
    guard let given = request.hyperparameters else {
      throw Refusal("'hyperparameters' is missing")
    }
    let asked = try entry.canonical(given)
    let description = OptimizerDescription(
      entry.name, settings.merging(asked) { $1 }, seed: seed)
    do {
      runs[try number(of: request)] = try description.subject().begin(dimension: dimension)
    } catch OptimizerError.invalidHyperparameter(let name, let value, let expected) {
      // By the name that the request knows it by.
      let alias = entry.aliased(name)
      throw OptimizerError.invalidHyperparameter(
        name: given[alias] == nil ? name : alias, value: value, expected: expected)
    }
  }

  private mutating func step(_ request: Request, id: String) throws -> [Double] {
    guard var parameters = request.parameters, let value = request.value,
      let gradient = request.gradient
    else { throw Refusal("a step wants 'parameters', 'value' and 'gradient'") }
    var run = try run(of: request)
    let function = RemoteFunction(id: id, at: parameters, value: value, gradient: gradient)
    try run.step(&parameters, on: function.asStepFunction)
    if let failure = function.failure { throw Refusal(failure) }
    runs[try number(of: request)] = run
    return parameters
  }
}

/// The function of a step, at its point as the request gave it, elsewhere by asking back.
private final class RemoteFunction: Sendable {
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
  private let answers: Mutex<Answers>

  init(id: String, at point: [Double], value: Double, gradient: [Double]) {
    self.id = id
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
    guard failure == nil else { return nil }
    print("{\"id\":\(id),\(question)}")
    guard fflush(nil) == 0, let line = readLine() else { return nil }
    return try? ProgramMessage.read(Reply.self, from: Data(line.utf8))
  }

  private func fail(_ what: String, _ answers: inout Answers) -> Double {
    if answers.failure == nil { answers.failure = "the answer to a question lacks \(what)" }
    return .nan
  }
}
