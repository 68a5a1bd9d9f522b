/// One check of optimizers, by name.
public struct OptimizerOracle: Sendable, CustomStringConvertible {
  /// What an optimizer asks of its model decides which oracles it meets.
  public enum Kind: String, CaseIterable, Codable, Sendable {
    case firstOrder, lineSearch, secondOrder
  }

  public let name: String
  /// The law, in a sentence.
  public let law: String
  public var description: String { name }
  let kinds: Set<Kind>
  let body: @Sendable (any OptimizerSubject, [OptimizerDeclaration], UInt64) throws -> OptimizerVerdict.Outcome

  /// The oracles that an optimizer of this kind meets.
  public static func all(for kind: Kind) -> [OptimizerOracle] {
    every.filter { $0.kinds.contains(kind) }
  }

  static let every: [OptimizerOracle] = []

  /// What this oracle finds; an optimizer that throws where it should not has failed.
  public func verdict(
    on subject: any OptimizerSubject, declaring declarations: [OptimizerDeclaration],
    seed: UInt64 = 1
  ) -> OptimizerVerdict {
    do {
      return OptimizerVerdict(
        oracle: name, outcome: try body(subject, declarations, seed), seed: seed)
    } catch let violation as OptimizerViolation {
      return OptimizerVerdict(oracle: name, outcome: .failed(violation), seed: seed)
    } catch {
      return OptimizerVerdict(
        oracle: name, outcome: .failed(OptimizerViolation(property: law, detail: "\(error)")),
        seed: seed)
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

/// What an oracle found.
public struct OptimizerVerdict: Sendable, Equatable, Codable {
  public enum Outcome: Sendable, Equatable, Codable {
    /// `margin` is the worst error over its tolerance: at most 1; 0 for what is exact.
    case passed(margin: Double)
    case failed(OptimizerViolation)
    /// The optimizer declares nothing that this oracle could hold it to.
    case notDeclared
  }

  public let oracle: String
  public let outcome: Outcome
  /// Replays the check.
  public let seed: UInt64
}

/// How an optimizer broke a law.
public struct OptimizerViolation: Error, Equatable, Codable, Sendable, CustomStringConvertible {
  public let property: String
  /// Counted from 1.
  public var step: Int?
  public var coordinate: Int?
  public var expected: Double?
  public var got: Double?
  /// The error over its tolerance; infinite where a thing is not a matter of degree.
  public var ratio: Double
  /// What else there is to say: the case, the hyperparameter, what was thrown.
  public var detail: String

  public init(
    property: String, step: Int? = nil, coordinate: Int? = nil, expected: Double? = nil,
    got: Double? = nil, ratio: Double = .infinity, detail: String = ""
  ) {
    self.property = property
    self.step = step
    self.coordinate = coordinate
    self.expected = expected
    self.got = got
    self.ratio = ratio
    self.detail = detail
  }

  public var description: String {
    var text = property
    if let step { text += ", step \(step)" }
    if let coordinate { text += ", coordinate \(coordinate)" }
    if let expected, let got { text += ": expected \(expected), got \(got)" }
    if ratio.isFinite { text += " (\(ratio) × the tolerance)" }
    return detail.isEmpty ? text : text + "; " + detail
  }
}
