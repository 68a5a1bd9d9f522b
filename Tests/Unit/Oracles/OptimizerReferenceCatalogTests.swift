import Foundation
import Oracles
import Saddle
import Support
import Testing

/// The promises against the catalog that they are made of.
struct OptimizerReferenceCatalogTests {
  @Test(arguments: optimizerCatalog(Double.self).map(\.entry.name))
  func `promises know a rule's hyperparameters, aliases and defaults`(_ name: String) throws {
    let entry = try #require(optimizerCatalog(Double.self).first { $0.entry.name == name }).entry
    let promised = try OptimizerPromises.hyperparameters(of: name)
    #expect(
      Set(promised.map { "\($0.name) \($0.alias ?? "-") \($0.defaultValue)" })
        == Set(entry.hyperparameters.map { "\($0.name) \($0.alias ?? "-") \($0.defaultValue)" }))
  }

  @Test(arguments: optimizerCatalog(Double.self).map(\.entry.name))
  func `every value to refuse is refused by name, every case is taken`(_ name: String) throws {
    for (label, value) in try OptimizerPromises.invalid(of: name) {
      let error = #expect(throws: OptimizerError.self, "\(label) = \(value)") {
        try OptimizerDescription(name, [label: value]).makeOptimizer(Double.self)
      }
      #expect(error.map { "\($0)".contains(label) } ?? true)
    }
    for set in try OptimizerPromises.cases(of: name) {
      #expect(throws: Never.self) {
        try OptimizerDescription(name, set).makeOptimizer(Double.self)
      }
    }
  }
}
