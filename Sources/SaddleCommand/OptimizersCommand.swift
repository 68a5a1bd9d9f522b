import ArgumentParser
import Saddle

struct OptimizersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "optimizers",
    abstract: "Lists the optimizers: their sources, hyperparameters and defaults.")

  @Flag(help: "Print JSON, alone on standard output.")
  var json = false

  func run() throws {
    try reportingErrors {
      let entries = optimizerCatalog(Double.self).map(\.entry)
      if json {
        try printJSON(entries.map(Output.init))
      } else {
        print(entries.map(text).joined(separator: "\n\n"))
      }
    }
  }

  private func text(_ entry: CatalogEntry) -> String {
    let lines = entry.hyperparameters.map { parameter in
      "  \(parameter.name)\(parameter.alias.map { ", \($0)" } ?? "")"
        + " = \(parameter.defaultValue)  \(parameter.meaning)"
    }
    return (["\(entry.name): \(entry.title) (\(entry.source)), \(entry.family.rawValue)"] + lines)
      .joined(separator: "\n")
  }

  private struct Output: Encodable {
    struct Number: Encodable {
      let name: String
      let alias: String?
      let `default`: Double
      let meaning: String
    }

    let name: String
    let title: String
    let source: String
    let family: OptimizerFamily
    let hyperparameters: [Number]

    init(_ entry: CatalogEntry) {
      name = entry.name
      title = entry.title
      source = entry.source
      family = entry.family
      hyperparameters = entry.hyperparameters.map {
        Number(name: $0.name, alias: $0.alias, default: $0.defaultValue, meaning: $0.meaning)
      }
    }
  }
}

/// The catalog's entry of this name.
///
/// - Throws: `OptimizerError.unknownOptimizer`.
func catalogEntry(_ name: String) throws(OptimizerError) -> CatalogEntry {
  let entries = optimizerCatalog(Double.self).map(\.entry)
  guard let entry = entries.first(where: { $0.name == name }) else {
    throw .unknownOptimizer(name: name, known: entries.map(\.name))
  }
  return entry
}

extension CatalogEntry {
  /// Numbers by the catalog's names, whichever of their names they were given by.
  ///
  /// - Throws: `OptimizerError.unknownHyperparameter`; `ValidationError` where one is set twice.
  func canonical(_ numbers: [(name: String, value: Double)]) throws -> [String: Double] {
    var values: [String: Double] = [:]
    for number in numbers {
      guard
        let parameter = hyperparameters.first(where: {
          $0.name == number.name || $0.alias == number.name
        })
      else {
        throw OptimizerError.unknownHyperparameter(
          name: number.name, optimizer: name, known: hyperparameters.map(\.name))
      }
      guard values.updateValue(number.value, forKey: parameter.name) == nil else {
        throw ValidationError("\(parameter.name) is set twice")
      }
    }
    return values
  }

  /// What a program calls a hyperparameter: PyTorch's name where it has one of its own.
  func aliased(_ name: String) -> String {
    hyperparameters.first { $0.name == name }?.alias ?? name
  }

  /// Every hyperparameter by the name that programs know, with its default where `values` has none.
  func spelledOut(_ values: [String: Double]) -> [String: Double] {
    var all: [String: Double] = [:]
    for parameter in hyperparameters {
      all[parameter.alias ?? parameter.name] = values[parameter.name] ?? parameter.defaultValue
    }
    return all
  }
}
