/// How many of the largest eigenvalues stand apart from the rest, and by what.
///
/// Two rules, since there is no agreed one:
/// - the largest gap: with λ₁ ≥ λ₂ ≥ … the count is the k ≤ `candidates` whose ratio λ_k/λ_{k+1} is
///   largest, if that ratio is at least `minimumRatio`; else there are none. It needs only the top
///   of the spectrum, and a ratio does not change with the loss's scale. The runner-up says how
///   clear it is;
/// - the edge: as many as lie above a given edge of the bulk, such as that of a fitted law.
///
/// Networks that classify are said to have about as many as classes (Sagun et al. 2016; Papyan
/// 2018): `classes` is for that comparison alone and has no part in the count.
public struct OutlierCount: Codable, Equatable, Sendable {
  public enum Rule: Codable, Equatable, Sendable {
    case largestGap(candidates: Int, minimumRatio: Double)
    case above(edge: Double)
  }

  public let rule: Rule
  public let count: Int
  /// λ_k, the least outlier; nil where there are none.
  public let least: Double?
  /// λ_{k+1}, the greatest of the rest; nil where there is no more.
  public let next: Double?
  /// λ_k/λ_{k+1}, of the largest gap also where it is too small to count; nil where the rest is not
  /// positive, or nothing is on one side.
  public let ratio: Double?
  /// The second largest ratio and where it lies: for the gap rule.
  public let runnerUp: Gap?
  /// How many classes the network tells apart, where that was given.
  public let classes: Int?

  /// A ratio of neighbouring eigenvalues.
  public struct Gap: Codable, Equatable, Sendable {
    /// How many eigenvalues lie above it.
    public let above: Int
    public let ratio: Double

    public init(above: Int, ratio: Double) {
      self.above = above
      self.ratio = ratio
    }
  }

  /// By the largest gap.
  ///
  /// - Parameters:
  ///   - eigenvalues: finite, in any order: all, or as many of the largest as `candidates` + 1.
  ///     Those that are not positive are no outliers.
  ///   - candidates: the largest count considered; nil for all but one.
  ///   - floor: values at most this times the largest are no evidence, and end the list.
  public init(
    largestGapIn eigenvalues: [Double], candidates: Int? = nil, minimumRatio: Double = 1.5,
    floor: Double = 1e-10, classes: Int? = nil
  ) {
    let sorted = eigenvalues.filter { $0.isFinite }.sorted(by: >)
    let cut = max(0, (sorted.first ?? 0) * floor)
    let positive = Array(sorted.prefix { $0 > cut })
    let limit = max(0, min(candidates ?? (sorted.count - 1), positive.count))
    rule = .largestGap(
      candidates: candidates ?? max(sorted.count - 1, 0), minimumRatio: minimumRatio)
    self.classes = classes
    // Behind the last positive value the ratio is to what rounding leaves: not a gap to measure.
    let gaps = (0..<limit).filter { $0 + 1 < positive.count }.map {
      Gap(above: $0 + 1, ratio: positive[$0] / positive[$0 + 1])
    }.sorted { $0.ratio > $1.ratio }
    if positive.count < sorted.count, positive.count <= limit, positive.count > 0,
      gaps.allSatisfy({ $0.ratio < minimumRatio })
    {
      // All that is not zero stands together, apart from zeros: a matrix of low rank.
      (count, least, next) = (positive.count, positive.last, sorted[positive.count])
      ratio = nil
      runnerUp = gaps.first
      return
    }
    guard let widest = gaps.first, widest.ratio >= minimumRatio else {
      (count, least, next) = (0, nil, sorted.first)
      ratio = gaps.first?.ratio
      runnerUp = gaps.dropFirst().first
      return
    }
    count = widest.above
    least = positive[widest.above - 1]
    next = sorted[widest.above]
    ratio = widest.ratio
    runnerUp = gaps.dropFirst().first
  }

  /// By the bulk's edge.
  public init(in eigenvalues: [Double], above edge: Double, classes: Int? = nil) {
    let sorted = eigenvalues.filter { $0.isFinite }.sorted(by: >)
    let count = sorted.count { $0 > edge }
    rule = .above(edge: edge)
    self.count = count
    self.classes = classes
    least = count > 0 ? sorted[count - 1] : nil
    next = count < sorted.count ? sorted[count] : nil
    runnerUp = nil
    if let least, let next, next > 0 { ratio = least / next } else { ratio = nil }
  }
}
