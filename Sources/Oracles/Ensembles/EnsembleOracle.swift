import Foundation

/// One law of random matrices, by name, that a sampler with its eigensolver is held to.
///
///     @Test(arguments: EnsembleOracle.all)
///     func mySampler(_ oracle: EnsembleOracle) throws {
///       try oracle.check(EnsembleSubject(.goe) { n, seed in … })
///     }
///
/// Each law accuses a right sampler with a probability of at most 10⁻⁶ over seeds; where it rests
/// on an exact distribution or on an inequality for finite samples, that is a theorem, and where on
/// a sum that is nearly normal, the limit is six standard errors: 2·10⁻⁹ if it were normal.
public struct EnsembleOracle: Sendable, CustomStringConvertible {
  /// The bound on the probability of a false alarm.
  public static let falseAlarm = 1e-6

  /// Whether the law speaks of the subject.
  typealias Check = @Sendable (EnsembleSubject, UInt64) throws -> Bool

  public let name: String
  /// The law, in a sentence.
  public let law: String
  public var description: String { name }
  private let body: Check

  init(_ name: String, law: String, body: @escaping Check) {
    self.name = name
    self.law = law
    self.body = body
  }

  public static let all: [EnsembleOracle] = drawing + exactLaws + limits

  /// Holds a sampler to this law, on seeds from `seed` on.
  ///
  /// - Returns: whether the law speaks of what the subject says that it draws.
  /// - Throws: `PropertyViolation` with the error over its tolerance, or what the subject throws.
  @discardableResult
  public func check(_ subject: EnsembleSubject, seed: UInt64 = 1) throws -> Bool {
    try body(subject, seed)
  }
}
