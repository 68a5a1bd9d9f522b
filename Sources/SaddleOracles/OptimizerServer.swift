import Foundation
import Oracles
import Saddle

/// Answers the requests of the optimizer protocol with an optimizer of the catalog.
package struct OptimizerServer {
  let entry: CatalogEntry
  let settings: [String: Double]
  let seed: UInt64
  let ask: Questioner
  private var runs: [Int: (dimension: Int, run: any OptimizerRun)] = [:]

  /// - Parameter ask: takes a question to whoever sent the request, and brings the line that answers
  ///   it; nil where there is none.
  package init(
    entry: CatalogEntry, settings: [String: Double], seed: UInt64, asking ask: @escaping Questioner
  ) {
    self.entry = entry
    self.settings = settings
    self.seed = seed
    self.ask = ask
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
  package mutating func reply(to line: String) -> String? {
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
        return "{\"id\":\(id),\"memory\":\(try begun(request).run.save())}"
      case "load":
        guard let memory = ProgramMessage.text(of: "memory", in: line) else {
          throw Refusal("'memory' is missing")
        }
        let number = try number(of: request)
        var begun = try begun(request)
        try begun.run.load(memory)
        runs[number] = begun
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

  private func begun(_ request: Request) throws -> (dimension: Int, run: any OptimizerRun) {
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
    // A memory has two or three vectors of that length, a step as many.
    try MemoryBudget.require(
      MemoryBudget.bytes(dimension, 8, MemoryLayout<Double>.stride),
      for: "an optimizer in \(dimension) coordinates")
    let asked = try entry.canonical(given)
    let description = OptimizerDescription(
      entry.name, settings.merging(asked) { $1 }, seed: seed)
    do {
      let run = try description.subject().begin(dimension: dimension)
      runs[try number(of: request)] = (dimension, run)
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
    var begun = try begun(request)
    for (name, numbers) in [("parameters", parameters), ("gradient", gradient)] {
      guard numbers.count == begun.dimension else {
        throw Refusal("'\(name)' has \(numbers.count) numbers, the run \(begun.dimension)")
      }
    }
    let function = RemoteFunction(
      id: id, at: parameters, value: value, gradient: gradient, asking: ask)
    try begun.run.step(&parameters, on: function.asStepFunction)
    if let failure = function.failure { throw Refusal(failure) }
    runs[try number(of: request)] = begun
    return parameters
  }
}
