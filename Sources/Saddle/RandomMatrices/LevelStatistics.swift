/// Statistics of ascending levels: how the eigenvalues of one matrix keep apart.
public enum LevelStatistics {
  /// The levels of mean spacing 1 that a law's distribution function makes of eigenvalues: n·F(λ).
  ///
  /// - Parameter eigenvalues: ascending.
  /// - Throws: `.levelNotFinite`, `.notAscending`.
  public static func unfolded(
    _ eigenvalues: [Double], by law: some SpectralLaw
  ) throws(RandomMatrixError) -> [Double] {
    try require(eigenvalues, atLeast: 0)
    return eigenvalues.map { Double(eigenvalues.count) * law.cumulative($0) }
  }

  /// The n − 1 distances between neighbours.
  ///
  /// - Throws: `.levelNotFinite`, `.notAscending`; `.tooFewLevels` for less than two;
  ///   `.invalidParameter`, here and below, where the levels' range overflows.
  public static func spacings(_ levels: [Double]) throws(RandomMatrixError) -> [Double] {
    try require(levels, atLeast: 2)
    return zip(levels.dropFirst(), levels).map { $0 - $1 }
  }

  /// The n − 2 ratios min(sᵢ, sᵢ₊₁)/max(sᵢ, sᵢ₊₁) of consecutive spacings, which need no unfolding
  /// (Oganesyan, Huse 2007; Atas et al. 2013).
  ///
  /// - Throws: `.levelNotFinite`, `.notAscending`; `.tooFewLevels` for less than three;
  ///   `.repeated` at three equal levels.
  public static func spacingRatios(_ levels: [Double]) throws(RandomMatrixError) -> [Double] {
    try require(levels, atLeast: 3)
    var ratios: [Double] = []
    ratios.reserveCapacity(levels.count - 2)
    for i in 2..<levels.count {
      let (first, second) = (levels[i - 1] - levels[i - 2], levels[i] - levels[i - 1])
      guard max(first, second) > 0 else { throw .repeated(position: i - 2) }
      ratios.append(min(first, second) / max(first, second))
    }
    return ratios
  }

  /// The variance of the number of levels in [x, x + L) over all positions x of the window inside
  /// the levels' range, every position with equal weight: a sweep over the levels, no sampling.
  ///
  /// The levels must be unfolded. The mean is the windows' own, not L.
  ///
  /// - Throws: `.levelNotFinite`, `.notAscending`; `.tooFewLevels` for less than two;
  ///   `.invalidParameter` unless 0 < L < the levels' range.
  public static func numberVariance(
    _ levels: [Double], length: Double
  ) throws(RandomMatrixError) -> Double {
    try require(levels, atLeast: 2)
    let (low, high) = (levels[0], levels[levels.count - 1])
    guard length > 0, length < high - low else {
      throw .invalidParameter(
        name: "length", value: "\(length)",
        domain: "a length above 0 and below the levels' range \(high - low)")
    }
    // The window holds levels[first..<beyond] while it starts at or after `start`.
    var (first, beyond) = (0, levels.firstIndex { $0 >= low + length } ?? levels.count)
    var (sum, squares, start) = (0.0, 0.0, low)
    let end = high - length
    while start < end {
      // A level leaves just after it is the window's start, one enters when it is the end.
      let leaving = levels[first]
      let entering = beyond < levels.count ? levels[beyond] - length : .infinity
      let next = min(leaving, entering, end)
      // A variance does not change by a shift; about L the squares cancel less.
      let count = Double(beyond - first) - length
      sum += count * max(next - start, 0)
      squares += count * count * max(next - start, 0)
      start = max(next, start)
      if next >= end { break }
      if leaving <= entering { first += 1 } else { beyond += 1 }
    }
    let mean = sum / (end - low)
    return max(squares / (end - low) - mean * mean, 0)
  }

  private static func require(
    _ levels: [Double], atLeast count: Int
  ) throws(RandomMatrixError) {
    guard levels.count >= count else { throw .tooFewLevels(count: levels.count, needed: count) }
    for i in levels.indices {
      guard levels[i].isFinite else { throw .levelNotFinite(position: i) }
      if i > 0, levels[i] < levels[i - 1] { throw .notAscending(position: i) }
    }
    if let low = levels.first, let high = levels.last, !(high - low).isFinite {
      throw .invalidParameter(
        name: "levels", value: "\(low) … \(high)", domain: "levels whose distances are finite")
    }
  }
}
