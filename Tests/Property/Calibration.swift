import Oracles

/// p-values over many draws where there is nothing to find.
struct Calibration {
  /// Of each of the limits below, on either side.
  static let falseAlarm = 1e-6

  private let pValues: [Double]

  init(_ pValues: [Double]) { self.pValues = pValues }

  /// Where P(p ≤ α) may lie by what was seen (Clopper, Pearson 1934).
  func rate(at alpha: Double) -> ClosedRange<Double> {
    // A p-value of exactly α, give or take a rounding.
    GSL.proportion(
      hits: pValues.count { !($0 > alpha * (1 + 1e-12)) }, trials: pValues.count,
      confidence: 1 - 2 * Self.falseAlarm)
  }

  /// Throws unless P(p ≤ 0.05) and P(p ≤ 0.01) can be that small; where p is `isExact`, unless they
  /// can be that large, too. NaN counts as found.
  func require(isExact: Bool) throws(PropertyViolation) {
    for alpha in [0.05, 0.01] {
      let rate = rate(at: alpha)
      guard rate.lowerBound <= alpha else {
        throw PropertyViolation(
          "p-values are not too small", "P(p ≤ \(alpha)) in \(rate)", ratio: rate.lowerBound / alpha
        )
      }
      guard !isExact || rate.upperBound >= alpha else {
        throw PropertyViolation(
          "p-values are not too large", "P(p ≤ \(alpha)) in \(rate)",
          ratio: alpha / rate.upperBound)
      }
    }
  }
}
