/// The mean of a figure over seeds and optimizers, both taken as drawn from many: a mixed model
/// yᵢⱼ = μ + aᵢ + bⱼ + eᵢⱼ with random effects of seeds, of optimizers and of their pairs.
///
/// With the mean squares of both factors, E MSₐ = Jσₐ² + σₑ² and E MS_b = Iσ_b² + σₑ²,
///
///     Var ȳ = σₐ²/I + σ_b²/J + σₑ²/(IJ) ≤ E(MSₐ + MS_b)/(IJ)
///     |ȳ − μ| ≤ √((t²_{I−1}·MSₐ + t²_{J−1}·MS_b)/(IJ))
///
/// with Student's t of each factor's own degrees of freedom (Cochran's bound for a sum of two
/// estimated variances; Satterthwaite's single t covers too seldom where three optimizers make most of
/// the difference). It covers at least as often as it says, and more often where σₑ prevails: the tests
/// measure it. One optimizer alone is no sample of optimizers: μ is then that one's.
///
/// A cell that is known within limits alone, or not at all, since its run diverged or nothing was
/// proved, is not dropped: the interval holds those for either end of what it could be.
public struct CrossedMean: LevelledEstimate {
  /// Over the cells that are known; the middle of their limits.
  public let value: Double
  public let units: Int
  /// Cells that are not known.
  public let unknown: Int
  public let deviation: Double?
  private let ends: [Fit]

  /// - Parameters:
  ///   - table: a row for each seed, a column for each optimizer: the limits of a figure, nil where it
  ///     is not known.
  ///   - limits: what the figure can be at all; nil where it may be anything.
  /// - Returns: nil for less than two seeds, for rows of different lengths or none, where no cell is
  ///   known, and where one is not and may be anything.
  public init?(_ table: [[ClosedRange<Double>?]], limits: ClosedRange<Double>? = nil) {
    let columns = table.first?.count ?? 0
    let known = table.flatMap { $0.compactMap { $0 } }
    guard table.count > 1, columns > 0, table.allSatisfy({ $0.count == columns }),
      !known.isEmpty, known.allSatisfy({ $0.lowerBound.isFinite && $0.upperBound.isFinite })
    else { return nil }
    unknown = table.count * columns - known.count
    let whole = limits ?? 0...0
    if unknown > 0, limits == nil { return nil }
    ends = [
      Fit(table.map { $0.map { ($0 ?? whole).lowerBound } }),
      Fit(table.map { $0.map { ($0 ?? whole).upperBound } }),
    ]
    value = known.reduce(0) { $0 + ($1.lowerBound + $1.upperBound) / 2 } / Double(known.count)
    units = table.count
    deviation = ends.map { ($0.seeds.variance * Double(table.count)).squareRoot() }.max()
  }

  /// The same of figures without limits of their own.
  public init?(_ table: [[Double?]], limits: ClosedRange<Double>? = nil) {
    // NaN has no place in a range.
    guard table.allSatisfy({ $0.allSatisfy { $0?.isFinite ?? true } }) else { return nil }
    self.init(table.map { $0.map { $0.map { $0...$0 } } }, limits: limits)
  }

  public func interval(level: Double) -> ClosedRange<Double> {
    let all = ends.map { $0.interval(level: level) }
    return all.dropFirst().reduce(all[0]) {
      min($0.lowerBound, $1.lowerBound)...max($0.upperBound, $1.upperBound)
    }
  }

  /// A table without gaps.
  private struct Fit {
    /// A factor's part of the variance of the mean.
    struct Part {
      let variance: Double
      let freedom: Int

      /// MS/(IJ), of the factor's means.
      init(_ means: [Double], about mean: Double) {
        let sum = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        freedom = means.count - 1
        variance = freedom > 0 ? sum / Double(freedom) / Double(means.count) : 0
      }
    }

    let mean: Double
    let seeds, optimizers: Part

    init(_ table: [[Double]]) {
      let columns = table[0].count
      let rows = table.map { $0.reduce(0, +) / Double(columns) }
      let mean = rows.reduce(0, +) / Double(rows.count)
      self.mean = mean
      seeds = Part(rows, about: mean)
      optimizers = Part(
        (0..<columns).map { j in table.reduce(0) { $0 + $1[j] } / Double(table.count) },
        about: mean)
    }

    func interval(level: Double) -> ClosedRange<Double> {
      let square = [seeds, optimizers].reduce(0) { sum, part in
        guard part.freedom > 0 else { return sum }
        let t = Quantiles.student(level: level, freedom: part.freedom)
        return sum + t * t * part.variance
      }
      let half = square.squareRoot()
      return mean - half...mean + half
    }
  }
}
