import RealModule

/// Tests that the survey's verdicts rest on. None assumes a distribution.
public enum Significance {
  /// The level at which a setting's seeds decide.
  public static let seedLevel = 0.05
  /// The level at which a trend or a correlation counts.
  public static let trendLevel = 0.01

  /// P(X ≥ `count`) for X ~ Binomial(`of`, ½): the sign test's p-value for "more often than not".
  public static func sign(_ count: Int, of trials: Int) -> Double {
    var (term, sum) = (Double.pow(0.5, trials), 0.0)
    for k in 0...max(trials, 0) {
      if k >= count { sum += term }
      term *= Double(trials - k) / Double(k + 1)
    }
    return min(sum, 1)
  }

  /// What most of a setting's runs say, where the sign test is sure of it.
  public static func majority(_ verdicts: [Verdict]) -> Verdict {
    for verdict in [Verdict.reproduced, .notReproduced] {
      let count = verdicts.filter { $0 == verdict }.count
      if sign(count, of: verdicts.count) < seedLevel { return verdict }
    }
    return .undecided
  }

  /// A statistic and its one-sided p-values, from permutations.
  public struct Trend: Codable, Equatable, Sendable {
    /// In [−1, 1]: Kendall's τ between level and response, ties between levels left out.
    public let strength: Double
    /// The probability of as strong a rise, and as strong a fall, where level does not matter.
    public let pRise: Double
    public let pFall: Double
    public let runs: Int

    /// Rising, falling or neither at `trendLevel`.
    public var direction: Int {
      pRise < Significance.trendLevel ? 1 : pFall < Significance.trendLevel ? -1 : 0
    }
  }

  /// Jonckheere and Terpstra's test for a trend of the response over ordered groups, by
  /// `permutations` random relabellings, the observed one counted among them.
  ///
  /// - Parameter groups: responses, by rising level.
  public static func trend(
    _ groups: [[Double]], permutations: Int = 9_999, seed: UInt64 = 0
  ) -> Trend {
    let levels = groups.enumerated().flatMap { level, values in values.map { _ in level } }
    let values = groups.flatMap { $0 }
    return permuted(values, permutations, seed, strata: [levels.indices.map { $0 }]) { values in
      concordance(levels.map(Double.init), values)
    }
  }

  /// Kendall's τ of pairs, pooled over strata: permutations stay within each.
  ///
  /// - Parameter strata: pairs (x, y) that may be compared with one another.
  public static func correlation(
    _ strata: [[(x: Double, y: Double)]], permutations: Int = 9_999, seed: UInt64 = 0
  ) -> Trend {
    let pairs = strata.flatMap { $0 }
    var members: [[Int]] = []
    var start = 0
    for stratum in strata {
      members.append(Array(start..<start + stratum.count))
      start += stratum.count
    }
    return permuted(pairs.map(\.y), permutations, seed, strata: members) { values in
      var (sum, count) = (0.0, 0.0)
      for indices in members {
        let one = concordance(indices.map { pairs[$0].x }, indices.map { values[$0] })
        sum += one.sum
        count += one.count
      }
      return (sum, count)
    }
  }

  private static func permuted(
    _ values: [Double], _ permutations: Int, _ seed: UInt64, strata: [[Int]],
    _ statistic: ([Double]) -> (sum: Double, count: Double)
  ) -> Trend {
    let observed = statistic(values)
    var generator = RandomStream(seed: seed, name: "permutations")
    var shuffled = values
    var (asHigh, asLow) = (1, 1)
    for _ in 0..<permutations {
      for indices in strata {
        for (place, value) in zip(indices, indices.map { shuffled[$0] }.shuffled(using: &generator))
        { shuffled[place] = value }
      }
      let sum = statistic(shuffled).sum
      if sum >= observed.sum { asHigh += 1 }
      if sum <= observed.sum { asLow += 1 }
    }
    let all = Double(permutations + 1)
    return Trend(
      strength: observed.count > 0 ? observed.sum / observed.count : 0,
      pRise: Double(asHigh) / all, pFall: Double(asLow) / all, runs: values.count)
  }

  /// Concordant less discordant pairs, and all pairs whose x differ.
  private static func concordance(_ x: [Double], _ y: [Double]) -> (sum: Double, count: Double) {
    var (sum, count) = (0.0, 0.0)
    for i in x.indices {
      for j in 0..<i where x[i] != x[j] {
        count += 1
        if y[i] != y[j] { sum += (x[i] > x[j]) == (y[i] > y[j]) ? 1 : -1 }
      }
    }
    return (sum, count)
  }
}

/// Ranks from 1, ties sharing their mean.
func midranks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
    for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
    start = end
  }
  return ranks
}
