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

/// What statistics are held to; each throws with a ratio above 1.
enum Significance {
  /// That P(X ≤ x) or P(X ≥ x), of an exact distribution, is not below half of the false alarm's
  /// bound.
  static func require(
    lower: Double, upper: Double, _ label: String, _ detail: @autoclosure () -> String
  ) throws(PropertyViolation) {
    let p = 2 * min(lower, upper)
    guard !(p >= EnsembleOracle.falseAlarm) else { return }
    let exponent = p > 0 ? log10(p) / log10(EnsembleOracle.falseAlarm) : .infinity
    throw PropertyViolation(label, "p = \(p); " + detail(), ratio: max(exponent, 1))
  }

  /// That a distribution function is within Massart's bound of the empirical one: P(√n·D > x) ≤
  /// 2·e^(−2x²) for every n (Massart 1990).
  static func require(
    _ sample: [Double], follow cumulative: (Double) -> Double, _ label: String
  ) throws(PropertyViolation) {
    let n = Double(sample.count)
    var distance = 0.0
    for (k, x) in sample.sorted().enumerated() {
      let f = cumulative(x)
      guard f.isFinite else { throw PropertyViolation(label, "\(x) among the sample") }
      distance = max(distance, f - Double(k) / n, Double(k + 1) / n - f)
    }
    try PropertyViolation.require(
      n.squareRoot() * distance, atMost: (log(2 / EnsembleOracle.falseAlarm) / 2).squareRoot(),
      label, "D = \(distance) of \(sample.count)")
  }

  /// That a mean is within six standard errors, estimated, and `allowance` of what it should be.
  static func require(
    meanOf sample: [Double], is expected: Double, allowance: Double = 0, _ label: String
  ) throws(PropertyViolation) {
    let n = Double(sample.count)
    let mean = sample.reduce(0, +) / n
    let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    try PropertyViolation.require(
      (mean - expected).magnitude, atMost: allowance + 6 * (variance / n).squareRoot(), label,
      "\(mean), not \(expected)")
  }
}
