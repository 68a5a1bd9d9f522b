import ArgumentParser
import Foundation
import Oracles
import Saddle

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
      let settings = try entry.canonical(settings.map { ($0.name, $0.value) })
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

  /// The answer to a request; nil where it is to quit.
  mutating func reply(to line: String) -> String? {
    let request: ProgramMessage
    do {
      request = try ProgramMessage(line)
    } catch {
      return "{\"id\":null,\"error\":\(ProgramMessage.json("not a request: \(error.why)"))}"
    }
    let id = request.json("id") ?? "null"
    do {
      switch request.string("do") {
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
        guard let memory = request.json("memory") else { throw Refusal("'memory' is missing") }
        var (number, run) = (try number(of: request), try run(of: request))
        try run.load(memory)
        runs[number] = run
        return "{\"id\":\(id),\"ok\":true}"
      default:
        throw Refusal("'do' is \(request.json("do") ?? "missing"): no request that is known")
      }
    } catch {
      return "{\"id\":\(id),\"error\":\(ProgramMessage.json("\(error)"))}"
    }
  }

  private func number(of request: ProgramMessage) throws -> Int {
    guard let number = request.integer("run") else { throw Refusal("'run' is no whole number") }
    return number
  }

  private func run(of request: ProgramMessage) throws -> any OptimizerRun {
    let number = try number(of: request)
    guard let run = runs[number] else { throw Refusal("run \(number) was not begun") }
    return run
  }

  private mutating func begin(_ request: ProgramMessage) throws {
    guard request.integer("protocol") == 1 else {
      throw Refusal("protocol \(request.json("protocol") ?? "missing"): this speaks 1")
    }
    guard let dimension = request.integer("dimension"), dimension > 0 else {
      throw Refusal("'dimension' is no positive whole number")
    }
    guard let given = request.namedNumbers("hyperparameters") else {
      throw Refusal("'hyperparameters' is no object of numbers")
    }
    let asked = try entry.canonical(given.map { ($0.key, $0.value) })
    let description = OptimizerDescription(
      entry.name, settings.merging(asked) { $1 }, seed: seed)
    do {
      let optimizer = try description.makeOptimizer(Double.self)
      runs[try number(of: request)] = try subject(optimizer).begin(dimension: dimension)
    } catch OptimizerError.invalidHyperparameter(let name, let value, let expected) {
      // By the name that the request knows it by.
      let alias = entry.aliased(name)
      throw OptimizerError.invalidHyperparameter(
        name: given[alias] == nil ? name : alias, value: value, expected: expected)
    }
  }

  private mutating func step(_ request: ProgramMessage, id: String) throws -> [Double] {
    guard var parameters = request.numbers("parameters"), let value = request.number("value"),
      let gradient = request.numbers("gradient")
    else { throw Refusal("a step wants 'parameters', 'value' and 'gradient'") }
    var run = try run(of: request)
    let function = RemoteFunction(id: id, at: parameters, value: value, gradient: gradient)
    try run.step(&parameters, on: function.asStepFunction)
    if let failure = function.failure { throw Refusal(failure) }
    runs[try number(of: request)] = run
    return parameters
  }
}

/// One of ours as the oracles see it.
func subject<Rule: Optimizer<Double>>(_ rule: Rule) -> any OptimizerSubject {
  OptimizerInProcess(rule)
}

/// The function of a step, at its point as the request gave it, elsewhere by asking back.
private final class RemoteFunction {
  private let id: String
  private var point: [Double]
  private var value: Double
  private var gradient: [Double]
  private let dimension: Int
  /// Why an answer could not be had; what was computed since is void.
  private(set) var failure: String?

  init(id: String, at point: [Double], value: Double, gradient: [Double]) {
    self.id = id
    self.point = point
    self.value = value
    self.gradient = gradient
    dimension = point.count
  }

  var asStepFunction: StepFunction {
    StepFunction(
      value: { self.evaluate(at: $0); return self.value },
      gradient: { self.evaluate(at: $0); return self.gradient },
      hessianVectorProduct: { self.product(at: $0, along: $1) })
  }

  private func evaluate(at asked: [Double]) {
    guard asked != point else { return }
    let answer = ask("\"ask\":\"evaluate\",\"at\":\(ProgramMessage.json(asked))")
    point = asked
    value = answer?.number("value") ?? fail("'value'")
    gradient = list("gradient", of: answer)
  }

  private func product(at point: [Double], along vector: [Double]) -> [Double] {
    let answer = ask(
      "\"ask\":\"product\",\"at\":\(ProgramMessage.json(point)),"
        + "\"along\":\(ProgramMessage.json(vector))")
    return list("product", of: answer)
  }

  private func list(_ name: String, of answer: ProgramMessage?) -> [Double] {
    if let numbers = answer?.numbers(name), numbers.count == dimension { return numbers }
    return [Double](repeating: fail("'\(name)'"), count: dimension)
  }

  private func ask(_ question: String) -> ProgramMessage? {
    guard failure == nil else { return nil }
    print("{\"id\":\(id),\(question)}")
    guard fflush(nil) == 0, let line = readLine() else { return nil }
    return try? ProgramMessage(line)
  }

  private func fail(_ what: String) -> Double {
    if failure == nil { failure = "the answer to a question lacks \(what)" }
    return .nan
  }
}
