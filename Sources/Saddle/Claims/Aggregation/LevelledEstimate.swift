/// An estimate of a claim's statistic over runs, with an interval at every level.
///
/// The units are seeds, each with samples, initial weights and noise of its own: what several
/// optimizers make of one seed has these in common, and is not counted as if it had not.
public protocol LevelledEstimate: Sendable {
  var value: Double { get }
  /// An interval that holds the true value with a probability of `level` or more.
  func interval(level: Double) -> ClosedRange<Double>
  /// Seeds.
  var units: Int { get }
  /// How much the statistic differs from unit to unit; nil where there is no such figure.
  var deviation: Double? { get }
}

extension LevelledEstimate {
  /// What is said where the whole interval lies on one side.
  func verdict(_ region: ClaimRegion, level: Double) -> Verdict {
    let interval = interval(level: level)
    if region.contains(interval) { return .reproduced }
    return region.excludes(interval) ? .notReproduced : .undecided
  }

  /// The least α at which the interval of level 1 − α says anything, by bisection: intervals grow
  /// with their level. 1 where none does.
  package func pValue(_ region: ClaimRegion) -> Double {
    func decides(_ α: Double) -> Bool { verdict(region, level: 1 - α) != .undecided }
    var (low, high) = (1e-12, 0.999)
    guard decides(high) else { return 1 }
    guard !decides(low) else { return low }
    while high > low * 1.0001 {
      let middle = (low * high).squareRoot()
      if decides(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// How many deviations between units the estimate lies inside the region; negative outside. Where
  /// units do not differ, or there is no such figure, the distance itself.
  func effect(_ region: ClaimRegion) -> Double {
    let depth = region.depth(of: value)
    guard let deviation, deviation > 0 else { return depth }
    return depth / deviation
  }
}
