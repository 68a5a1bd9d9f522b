// Saddle's optimizers become subjects here. No number is computed by the core but by the optimizer
// under test.
import Foundation
import Oracles
import Saddle

/// An optimizer of Saddle's protocol as a subject.
public struct OptimizerInProcess<Rule: Optimizer<Double>>: OptimizerSubject {
  public let optimizer: Rule

  public init(_ optimizer: Rule) { self.optimizer = optimizer }

  public func begin(dimension: Int) -> any OptimizerRun {
    Run(
      optimizer: optimizer, dimension: dimension,
      state: optimizer.initialState(dimension: dimension))
  }

  private struct Run: OptimizerRun {
    let optimizer: Rule
    let dimension: Int
    var state: Rule.State

    mutating func step(_ parameters: inout [Double], on function: StepFunction) throws {
      var model = StepModel(function, dimension: dimension)
      try optimizer.step(&parameters, on: &model, state: &state)
    }

    func save() throws -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return String(decoding: try encoder.encode(state), as: UTF8.self)
    }

    mutating func load(_ memory: String) throws {
      let loaded = try JSONDecoder().decode(Rule.State.self, from: Data(memory.utf8))
      guard optimizer.accepts(loaded, dimension: dimension) else {
        throw OracleError.invalidArgument(
          message: "the optimizer does not accept this memory in \(dimension) coordinates")
      }
      state = loaded
    }
  }
}

extension OptimizerDescription {
  /// The optimizer of this description as a subject, its noise seeded by `seed`.
  ///
  /// - Throws: `OptimizerError`, as `makeOptimizer` does.
  public func subject() throws(OptimizerError) -> any OptimizerSubject {
    func inProcess(_ rule: some Optimizer<Double>) -> any OptimizerSubject {
      OptimizerInProcess(rule)
    }
    return inProcess(try makeOptimizer(Double.self))
  }

  /// What its rule promises with these hyperparameters, and which values it must refuse.
  ///
  /// - Throws: `OracleError` where nothing is known of the rule.
  public func promises() throws(OracleError) -> [OptimizerDeclaration] {
    let refusals = try OptimizerPromises.invalid(of: name).map { parameter, value in
      let description = OptimizerDescription(
        name, hyperparameters.merging([parameter: value]) { $1 })
      return OptimizerDeclaration.refuses(
        InvalidHyperparameter(parameter, value) { _ = try description.subject() })
    }
    let seeded = OptimizerDeclaration.seeded {
      try OptimizerDescription(self.name, self.hyperparameters, seed: $0).subject()
    }
    return try OptimizerPromises.declarations(of: name, hyperparameters: hyperparameters)
      + refusals + [seeded]
  }
}

extension OptimizerOracle {
  /// Holds an optimizer of one's own to this oracle.
  ///
  /// - Throws: `OptimizerViolation` where it fails, or where the optimizer is known to be of another
  ///   kind than the oracles were asked for.
  @discardableResult
  public func check(
    _ optimizer: some Optimizer<Double>, declaring declarations: [OptimizerDeclaration] = [],
    seed: UInt64 = 1
  ) throws(OptimizerViolation) -> OptimizerVerdict {
    if let known = Kind(of: optimizer), known != kind {
      throw OptimizerViolation(
        property: "oracles and optimizer are of one kind",
        detail: "\(type(of: optimizer)) is of kind .\(known): take all(for: .\(known))")
    }
    return try check(OptimizerInProcess(optimizer), declaring: declarations, seed: seed)
  }
}

extension OptimizerOracle.Kind {
  /// The kind that an optimizer's family or protocol tells, or nil: what conforms to `Optimizer`
  /// alone may be of any.
  public init?(of optimizer: some Optimizer<Double>) {
    if let cataloged = optimizer as? any CatalogedOptimizer {
      self.init(type(of: cataloged).entry.family)
    } else if optimizer is any FirstOrderOptimizer {
      self = .firstOrder
    } else {
      return nil
    }
  }

  public init(_ family: OptimizerFamily) {
    switch family {
    case .firstOrder: self = .firstOrder
    case .lineSearch: self = .lineSearch
    case .secondOrder: self = .secondOrder
    }
  }
}

/// A step's function as the model that Saddle's optimizers walk on.
private struct StepModel: LocalModel {
  let function: StepFunction
  let dimension: Int
  var gradient: [Double] = []

  init(_ function: StepFunction, dimension: Int) {
    self.function = function
    self.dimension = dimension
  }

  mutating func evaluate(at parameters: Span<Double>) -> Double {
    let point = [Double](copying: parameters)
    gradient = function.gradient(point)
    return function.value(point)
  }

  func value(at parameters: Span<Double>) -> Double {
    function.value([Double](copying: parameters))
  }

  func linearized(at parameters: Span<Double>) -> StepHessian {
    StepHessian(function: function, point: [Double](copying: parameters))
  }
}

/// A step's function's Hessian at a point.
private struct StepHessian: LinearOperator {
  let function: StepFunction
  let point: [Double]
  var dimension: Int { point.count }

  func apply(_ vectors: Matrix<Double>, into products: inout Matrix<Double>) {
    products.elements = (0..<vectors.rows).flatMap {
      function.hessianVectorProduct(point, vectors.row($0))
    }
  }
}
