/// What an estimate came to, in figures.
public struct RuledEstimate: Codable, Equatable, Sendable {
  public let value, lower, upper: Double
  /// Seeds.
  public let units: Int
  /// Of the test that the statistic lies on neither side of the region's ends, and the same adjusted
  /// for the number of claims (Holm 1979).
  public let pValue, adjusted: Double
  /// In deviations between seeds, inside the region; negative outside.
  public let effect: Double

  /// "0.02 (0 … 0.31, 10 seeds), reproduced where above 0.5; p = 0.002, effect 0.48".
  func inWords(_ region: ClaimRegion) -> String {
    "\(short(value)) (\(short(lower)) … \(short(upper)), \(units) seeds), reproduced where "
      + "\(region); p = \(short(adjusted)), effect \(short(effect))"
  }
}

/// The one rule for claims over seeds: where the interval lies, beside all other claims' intervals.
public struct JointRuling: Sendable {
  public let verdict: Verdict
  public let estimate: RuledEstimate?
  /// What is to be said of too few seeds.
  let remark: String

  /// The level of intervals, and one less that of Holm's tests.
  public static let level = 0.95
  /// Fewer seeds decide nothing.
  public static let leastUnits = 10

  public static let rule =
    "By the statistic's 95 % interval over seeds and optimizers: reproduced where all of it lies in the "
    + "region, not reproduced where none of it does, if that stands beside all other claims' (Holm, "
    + "5 %) and rests on ten seeds or more; else undecided"

  /// - Parameter estimates: each with its region; nil where no run bears on it.
  static func all(
    of estimates: [(estimate: (any LevelledEstimate)?, region: ClaimRegion)]
  ) -> [JointRuling] {
    let pValues = estimates.map { $0.estimate?.pValue($0.region) ?? 1 }
    return zip(estimates, zip(pValues, holmAdjusted(pValues))).map { item, p in
      guard let estimate = item.estimate else {
        return JointRuling(verdict: .undecided, estimate: nil, remark: "")
      }
      let interval = estimate.interval(level: level)
      let isSlice = estimate.units < leastUnits
      let stands = p.1 <= 1 - level && !isSlice
      return JointRuling(
        verdict: stands ? estimate.verdict(item.region, level: level) : .undecided,
        estimate: RuledEstimate(
          value: estimate.value, lower: interval.lowerBound, upper: interval.upperBound,
          units: estimate.units, pValue: p.0, adjusted: p.1, effect: estimate.effect(item.region)),
        remark: isSlice ? "; a slice: \(estimate.units) seeds of \(leastUnits)" : "")
    }
  }
}
