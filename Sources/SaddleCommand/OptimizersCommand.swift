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

extension CatalogEntry {
  /// Every hyperparameter by the name that programs know, with its default where `values` has none.
  func spelledOut(_ values: [String: Double]) -> [String: Double] {
    var all: [String: Double] = [:]
    for parameter in hyperparameters {
      all[parameter.alias ?? parameter.name] = values[parameter.name] ?? parameter.defaultValue
    }
    return all
  }
}
