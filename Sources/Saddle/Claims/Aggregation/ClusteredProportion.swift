/// A share of runs over seeds with several runs each, with an exact interval whatever the runs of one
/// seed have in common.
///
/// A seed's share lies between "all of its runs" and "any of its runs", which are coins: so does the
/// mean share lie between their probabilities, and between the ends of their intervals of Clopper and
/// Pearson. A run that is not known, since it diverged or nothing was proved, counts as a hit for the
/// upper end and as none for the lower: none is dropped.
public struct ClusteredProportion: LevelledEstimate {
  public let units: Int
  public let runs: Int
  /// Runs that are hits, and runs that are not known.
  public let hits, unknown: Int
  /// Seeds of which all known runs, and of which any run, is or may be a hit.
  private let all, any: Int

  /// - Parameter clusters: the runs of each seed: whether they are hits, nil where that is not known.
  /// - Returns: nil where there are none.
  public init?(_ clusters: [[Bool?]]) {
    let clusters = clusters.filter { !$0.isEmpty }
    guard !clusters.isEmpty else { return nil }
    units = clusters.count
    runs = clusters.reduce(0) { $0 + $1.count }
    hits = clusters.reduce(0) { $0 + $1.count { $0 == true } }
    unknown = clusters.reduce(0) { $0 + $1.count { $0 == nil } }
    all = clusters.count { $0.allSatisfy { $0 == true } }
    any = clusters.count { $0.contains { $0 != false } }
  }

  /// The share of hits among the known.
  public var value: Double { runs > unknown ? Double(hits) / Double(runs - unknown) : 0.5 }

  public var deviation: Double? { nil }

  public func interval(level: Double) -> ClosedRange<Double> {
    let least = Quantiles.proportion(all, of: units, level: level).lowerBound
    return least...Quantiles.proportion(any, of: units, level: level).upperBound
  }
}
