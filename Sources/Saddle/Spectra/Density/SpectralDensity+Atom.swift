/// The share of eigenvalues about one value.
public struct AtomEstimate: Codable, Equatable, Sendable {
  /// Where the eigenvalues lie that count.
  public let range: ClosedRange<Double>
  /// The weight of the nodes in the range.
  public let fraction: Double
  /// The standard deviation of the mean over probes, by their law: √(2F(1 − F)/((n + 2)·m)).
  public let standardError: Double
  /// What the mean over these probes may be if every eigenvalue was known: moments and residuals
  /// leave it open within this. Far apart means that the spectrum about the range's ends is not
  /// resolved, and that more steps would help, not more probes.
  public let bracket: ClosedRange<Double>
  /// The share of all eigenvalues, at `level`, whatever the truth within the bracket is.
  public let interval: ClosedRange<Double>
  public let level: Double
}

extension SpectralDensity {
  /// The share of eigenvalues within ε of a value, by default of zero: how degenerate the operator
  /// is at that tolerance.
  ///
  /// Rounding splits an atom into several nodes, and a density smoothed or compared by its largest
  /// deviation sees that; the sum of their weights does not. ε is tolerance·max|θ|, but at least
  /// `resolution`, within which rounding moves them; so close to it the bracket stays wide.
  ///
  /// - Parameters:
  ///   - value: the range's centre.
  ///   - tolerance: relative to the largest Ritz value, at least 0; nil takes 64 times
  ///     `resolution`, where rounding leaves the bracket about 1 %.
  ///   - level: between 0 and 1.
  public func atom(
    at value: Double = 0, tolerance: Double? = nil, level: Double = 0.95
  ) -> AtomEstimate {
    precondition((tolerance ?? 0) >= 0, "a tolerance of \(tolerance ?? 0)")
    precondition(level > 0 && level < 1, "a confidence of \(level)")
    let width = tolerance.map { max($0 * radius, resolution) } ?? 64 * resolution
    let range = (value - width)...(value + width)
    let count = Double(probes.count)
    var (low, high) = (0.0, 0.0)
    for probe in probes {
      let bracket = probe.massBracket(in: range, resolution: resolution)
      low += bracket.lowerBound / count
      high += bracket.upperBound / count
    }
    let fraction = min(mean.mass(in: range), 1)
    let freedom = count * Double(dimension + 2) / 2
    let bracket = clamped(min(low, fraction), max(high, fraction))
    return AtomEstimate(
      range: range, fraction: fraction,
      standardError: (fraction * (1 - fraction) / freedom).squareRoot(), bracket: bracket,
      interval: Quantiles.meanInterval(
        observed: bracket, concentration: freedom - 1, level: level), level: level)
  }
}
