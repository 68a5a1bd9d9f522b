import Oracles
import Saddle
import SaddleOracles

/// What a subject is held to: the numbers that it is made with, and what it declares with them.
struct OptimizerClaims: Sendable {
  var kind = OptimizerOracle.Kind.firstOrder
  /// One for every subject that is made.
  let cases: [[String: Double]]
  let declarations: @Sendable ([String: Double]) throws -> [OptimizerDeclaration]

  /// What the catalog's rule of this name promises.
  static func catalog(_ name: String) throws -> OptimizerClaims {
    OptimizerClaims(
      kind: OptimizerOracle.Kind(try catalogEntry(name).family),
      cases: try OptimizerPromises.cases(of: name),
      declarations: { try OptimizerPromises.declarations(of: name, hyperparameters: $0) })
  }
}
