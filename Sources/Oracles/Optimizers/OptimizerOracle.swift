/// One check of optimizers, by name.
///
///     @Test(arguments: OptimizerOracle.all(for: .firstOrder))
///     func myOptimizer(_ oracle: OptimizerOracle) throws {
///       try oracle.check(MyOptimizer(learningRate: 1e-3), declaring: [.rotationEquivariant])
///     }
public struct OptimizerOracle: Sendable, CustomStringConvertible {
  /// What an optimizer asks of its model decides what its oracles lead it along: gradients that
  /// belong to no function, or functions.
  public enum Kind: String, CaseIterable, Codable, Sendable {
    case firstOrder, lineSearch, secondOrder
  }

  typealias Check =
    @Sendable (OptimizerTrial) throws(OptimizerViolation) -> OptimizerVerdict.Outcome

  public let name: String
  /// The law, in a sentence.
  public let law: String
  /// What it takes its optimizers for.
  public private(set) var kind = Kind.firstOrder
  /// Whether it takes thousands of steps: what a quick look leaves out.
  public let isLong: Bool
  public var description: String { name }
  private let body: Check

  init(_ name: String, law: String, isLong: Bool = false, body: @escaping Check) {
    self.name = name
    self.law = law
    self.isLong = isLong
    self.body = body
  }

  /// The oracles that an optimizer of this kind meets.
  ///
  /// - Parameter isQuick: without those that take thousands of steps.
  public static func all(for kind: Kind, isQuick: Bool = false) -> [OptimizerOracle] {
    (owed + declared).filter { !isQuick || !$0.isLong }.map { oracle in
      var oracle = oracle
      oracle.kind = kind
      return oracle
    }
  }

  /// What every optimizer owes.
  private static let owed: [OptimizerOracle] = [
    refusesNonFinite, deterministic, deterministicLong, independent, resumable,
    restsAtZeroGradient, firstStepDownhill, everySize, additiveConstant, everyDimension, moves, notTooFast,
  ]

  /// What an optimizer is held to where it declares it.
  private static let declared: [OptimizerOracle] =
    [
      reference, longReference, knownPath, obeysItsLaw, obeysItsLawLong, sameAs, stepBound,
      contraction, neverRises, keepsNothing, escape, publishedFailure, perturbs,
    ] + noise + Invariance.allCases.map(follows) + [refusesHyperparameters, anotherProcess, stepsFromPoint]

  /// What this oracle finds; an optimizer that throws where it should not has failed.
  public func verdict(
    on subject: any OptimizerSubject, declaring declarations: [OptimizerDeclaration],
    seed: UInt64 = 1
  ) -> OptimizerVerdict {
    let trial = OptimizerTrial(
      subject: subject, declarations: declarations, kind: kind, seed: seed)
    do {
      return OptimizerVerdict(oracle: name, outcome: try body(trial), seed: seed)
    } catch {
      var violation = error
      violation.seed = seed
      return OptimizerVerdict(oracle: name, outcome: .failed(violation), seed: seed)
    }
  }

  /// Holds an optimizer to this oracle.
  ///
  /// - Throws: `OptimizerViolation` where it fails.
  @discardableResult
  public func check(
    _ subject: any OptimizerSubject, declaring declarations: [OptimizerDeclaration],
    seed: UInt64 = 1
  ) throws(OptimizerViolation) -> OptimizerVerdict {
    let verdict = verdict(on: subject, declaring: declarations, seed: seed)
    if case .failed(let violation) = verdict.outcome { throw violation }
    return verdict
  }
}
