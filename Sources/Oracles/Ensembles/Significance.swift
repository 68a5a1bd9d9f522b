import Foundation

/// What statistics are held to; each throws with a ratio above 1.
///
/// A law that takes several `tests` shares its false alarm out among them.
enum Significance {
  /// That P(X ≤ x) or P(X ≥ x), of an exact distribution, is not below half of the false alarm's
  /// bound.
  static func require(
    lower: Double, upper: Double, _ label: String, _ detail: @autoclosure () -> String,
    of tests: Int = 1
  ) throws(PropertyViolation) {
    let (p, bound) = (2 * min(lower, upper), EnsembleOracle.falseAlarm / Double(tests))
    guard !(p >= bound) else { return }
    let exponent = p > 0 ? log10(p) / log10(bound) : .infinity
    throw PropertyViolation(label, "p = \(p); " + detail(), ratio: max(exponent, 1))
  }

  /// That a distribution function is within Massart's bound of the empirical one: P(√n·D > x) ≤
  /// 2·e^(−2x²) for every n (Massart 1990).
  static func require(
    _ sample: [Double], follow cumulative: (Double) -> Double, _ label: String, of tests: Int = 1
  ) throws(PropertyViolation) {
    let n = Double(sample.count)
    var distance = 0.0
    for (k, x) in sample.sorted().enumerated() {
      let f = cumulative(x)
      guard f.isFinite else { throw PropertyViolation(label, "\(x) among the sample") }
      distance = max(distance, f - Double(k) / n, Double(k + 1) / n - f)
    }
    try require(distance, of: sample, allowance: 0, label, tests)
  }

  /// The same at some points of the distribution function, which may be off by `allowance`: no more
  /// than the supremum over all.
  static func require(
    _ sample: [Double], follow law: [(at: Double, share: Double)], allowance: Double,
    _ label: String, of tests: Int
  ) throws(PropertyViolation) {
    let ascending = sample.sorted()
    var (distance, below) = (0.0, 0)
    for point in law {
      while below < ascending.count, ascending[below] <= point.at { below += 1 }
      distance = max(
        distance, (Double(below) / Double(ascending.count) - point.share).magnitude)
    }
    try require(distance, of: sample, allowance: allowance, label, tests)
  }

  private static func require(
    _ distance: Double, of sample: [Double], allowance: Double, _ label: String, _ tests: Int
  ) throws(PropertyViolation) {
    let exponent = log(2 * Double(tests) / EnsembleOracle.falseAlarm)
    try PropertyViolation.require(
      distance, atMost: allowance + (exponent / (2 * Double(sample.count))).squareRoot(), label,
      "D of \(sample.count)")
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

  /// That a mean of values within [0, `range`], of at most this variance, is as near to what it
  /// should be as Bernstein's inequality allows: P(|mean − μ| ≥ t) ≤ 2·exp(−½Nt²/(σ² + bt/3)).
  static func require(
    meanOf sample: [Double], is expected: Double, allowance: Double, variance: Double,
    range: Double, _ label: String, of tests: Int
  ) throws(PropertyViolation) {
    let n = Double(sample.count)
    let mean = sample.reduce(0, +) / n
    let c = 2 * log(2 * Double(tests) / EnsembleOracle.falseAlarm) / n
    let half = c * range / 6
    try PropertyViolation.require(
      (mean - expected).magnitude,
      atMost: allowance + half + (half * half + c * variance).squareRoot(), label,
      "\(mean), not \(expected)")
  }
}
