import RealModule

/// Values over some points, each between two limits.
public struct DensityBand: Codable, Equatable, Sendable {
  public let points: [Double]
  public let estimate: [Double]
  public let lower: [Double]
  public let upper: [Double]
  /// The probability that the truth lies within the limits: at each point, or at all of them.
  public let level: Double
  public let isSimultaneous: Bool

  /// Whether other values over the same points lie within the limits, everywhere.
  public func contains(_ values: [Double]) -> Bool {
    precondition(values.count == points.count, "\(values.count) values at \(points.count) points")
    return points.indices.allSatisfy { lower[$0] <= values[$0] && values[$0] <= upper[$0] }
  }
}

/// What a band's width is taken from.
public enum BandSource: String, Codable, CaseIterable, Sendable {
  /// The law of a probe that is uniform on the sphere. Its share X in the eigenvectors of m
  /// eigenvalues is Beta(m/2, (n − m)/2) exactly, and 0 ≤ vᵀf(A)v ≤ 1 of another f is taken for a
  /// beta with its mean and its variance, 2/(n + 2)·Var f, or with the largest variance that there
  /// may be where few eigenvalues count. Holds for one probe as well, and where the law is skew.
  case probeLaw
  /// The spread between probes and Student's t: assumes nothing of the probes but that their values
  /// are about normal. One probe has no spread and gives no band.
  case spread
}

extension SpectralDensity {
  /// The distribution function (1/n)·#{λᵢ ≤ x} with limits from the probes' law and from what the
  /// Gauss rules leave open.
  ///
  /// Its probability is the level or more: moments locate no eigenvalue closer than the
  /// neighbouring nodes (`ProbeQuadrature.cumulativeBracket`), and that is added on both sides.
  /// Where the Krylov spaces are invariant nothing is added, and the level is met.
  ///
  /// - Parameters:
  ///   - level: between 0 and 1.
  ///   - simultaneous: whether the level is for all points together (Bonferroni).
  public func cumulativeBand(
    at points: [Double], level: Double = 0.95, simultaneous: Bool = false
  ) -> DensityBand {
    let each = pointLevel(level, points.count, simultaneous)
    let count = Double(probes.count)
    let concentration = count * Double(dimension + 2) / 2 - 1
    var (estimate, lower, upper): ([Double], [Double], [Double]) = ([], [], [])
    for x in points {
      var (low, high) = (0.0, 0.0)
      for probe in probes {
        let bracket = probe.cumulativeBracket(at: x, resolution: resolution)
        low += bracket.lowerBound / count
        high += bracket.upperBound / count
      }
      let interval = Quantiles.meanInterval(
        observed: clamped(low, high), concentration: concentration, level: each)
      estimate.append(mean.cumulative(at: x))
      lower.append(interval.lowerBound)
      upper.append(interval.upperBound)
    }
    return DensityBand(
      points: points, estimate: estimate, lower: lower, upper: upper, level: level,
      isSimultaneous: simultaneous)
  }

  /// The distribution function smoothed by a normal kernel, (1/n)·Σ Φ((x − λᵢ)/width), with limits.
  ///
  /// The limits are for that smooth function, of the same width, and meet the level about: on each
  /// side |mean − coarse mean| is added for what quadrature misses, which is nothing once the
  /// steps resolve the width.
  ///
  /// - Parameter width: the kernel's standard deviation, positive.
  /// - Returns: nil for one probe where the width is to come from the spread.
  public func smoothedCumulative(
    at points: [Double], width: Double, level: Double = 0.95, simultaneous: Bool = false,
    from source: BandSource = .probeLaw
  ) -> DensityBand? {
    precondition(width > 0 && width.isFinite, "a kernel of width \(width)")
    return band(at: points, level, simultaneous, source) { x, node in
      Double.erfc((node - x) / (width * 2.0.squareRoot())) / 2
    }
  }

  /// Limits for (1/n)·Σ f(x, λᵢ), where 0 ≤ f ≤ 1.
  private func band(
    at points: [Double], _ level: Double, _ simultaneous: Bool,
    _ source: BandSource, _ f: (_ x: Double, _ node: Double) -> Double
  ) -> DensityBand? {
    guard source == .probeLaw || probes.count > 1 else { return nil }
    let each = pointLevel(level, points.count, simultaneous)
    let quantile =
      source == .spread ? Quantiles.student(level: each, freedom: probes.count - 1) : 0
    var (estimate, lower, upper): ([Double], [Double], [Double]) = ([], [], [])
    for x in points {
      let average = mean.integral { f(x, $0) }
      let missed = (average - coarseMean.integral { f(x, $0) }).magnitude
      var limits = average...average
      switch source {
      case .probeLaw:
        let variance = mean.integral { node in
          let difference = f(x, node) - average
          return difference * difference
        }
        let freedom = Double(probes.count) * Double(dimension + 2) / 2
        // f² ≤ f, so that the ratio is at least 1: what it is taken for where so few eigenvalues
        // count that the variance is as uncertain as the average.
        let ratio = average * (1 - average) / variance
        let trust = max(0, 1 - 2 / (freedom * min(average, 1 - average)))
        if ratio.isFinite, average > 0, average < 1 {
          limits = Quantiles.meanInterval(
            observed: average...average,
            concentration: freedom * (1 + trust * max(0, ratio - 1)) - 1, level: each)
        }
      case .spread:
        let samples = probes.map { probe in probe.measure.integral { f(x, $0) } }
        let variance = sampleMoments(samples).variance ?? 0
        let half = quantile * (variance / Double(probes.count)).squareRoot()
        limits = (average - half)...(average + half)
      }
      estimate.append(average)
      lower.append(max(0, limits.lowerBound - missed))
      upper.append(min(1, limits.upperBound + missed))
    }
    return DensityBand(
      points: points, estimate: estimate, lower: lower, upper: upper, level: level,
      isSimultaneous: simultaneous)
  }

  private func pointLevel(_ level: Double, _ count: Int, _ simultaneous: Bool) -> Double {
    precondition(level > 0 && level < 1, "a confidence of \(level)")
    return simultaneous ? 1 - (1 - level) / Double(max(count, 1)) : level
  }
}

/// A range of shares, without what rounding adds beyond 0 and 1.
func clamped(_ low: Double, _ high: Double) -> ClosedRange<Double> {
  let low = min(max(low, 0), 1)
  return low...min(max(high, low), 1)
}
