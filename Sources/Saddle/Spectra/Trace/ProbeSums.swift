import RealModule

/// tr A and tr A² from the first two moments of the probes, uᵀAu and ‖Au‖², which need no
/// quadrature, between limits that `ProbeBounds` proves: from one probe on, for any spectrum.
///
/// What the limits' width is taken from is the range that the Lanczos steps leave to the
/// eigenvalues, and a bound for their variance from ‖Au‖². A few large eigenvalues make both wide:
/// deflate them first.
extension SpectralDensity {
  /// tr A.
  ///
  /// - Parameters:
  ///   - level: between 0 and 1.
  ///   - scale: as in `range(doubt:scale:)`.
  public func traceInterval(level: Double = 0.95, scale: Double = 0) -> IntervalEstimate {
    let parts = ProbeParts(level: level)
    let range = range(doubt: parts.doubt, scale: scale)
    let (a, b) = (range.lowerBound, range.upperBound)
    // Where most eigenvalues are in practice; fixed by the range, so that nothing is chosen twice.
    let centre = min(max(a, 0), b)
    let reach = max(b - centre, centre - a)
    let about = secondMoment(about: centre)
    let variance =
      -ProbeBounds.least(
        observed: -about, range: -(reach * reach)...0, freedom: freedom, miss: parts.variance)
    let mean = firstMoment
    return total(
      mean,
      ProbeBounds.interval(
        observed: mean...mean, range: range, variance: variance, freedom: freedom,
        miss: (1 - level - parts.variance - parts.doubt) / 2),
      rounding: resolution(scale: scale), level: level)
  }

  /// tr A² = ‖A‖_F².
  ///
  /// - Parameters: as `traceInterval`'s.
  public func squaredNormInterval(level: Double = 0.95, scale: Double = 0) -> IntervalEstimate {
    let parts = ProbeParts(level: level)
    let range = range(doubt: parts.doubt, scale: scale)
    let (a, b) = (range.lowerBound, range.upperBound)
    let least = a <= 0 && b >= 0 ? 0 : min(a * a, b * b)
    let greatest = max(a * a, b * b)
    let mean = secondMoment(about: 0)
    return total(
      mean,
      ProbeBounds.interval(
        observed: mean...mean, range: least...greatest, freedom: freedom,
        miss: (1 - level - parts.doubt) / 2),
      rounding: 2 * max(-a, b) * resolution(scale: scale), level: level)
  }

  /// qm/2.
  private var freedom: Double { Double(probes.count) * Double(dimension) / 2 }

  /// The mean of uᵀAu over probes.
  private var firstMoment: Double {
    probes.reduce(0) { $0 + $1.coefficients.diagonal[0] } / Double(probes.count)
  }

  /// The mean of ‖(A − c)u‖².
  private func secondMoment(about centre: Double) -> Double {
    let sum = probes.reduce(0.0) { sum, probe in
      let along = probe.coefficients.diagonal[0] - centre
      let beside = probe.coefficients.offDiagonal.first ?? probe.coefficients.remainder
      return sum + along * along + beside * beside
    }
    return sum / Double(probes.count)
  }

  /// n times a mean eigenvalue and its limits, which its own rounding widens.
  private func total(
    _ mean: Double, _ limits: ClosedRange<Double>, rounding: Double, level: Double
  ) -> IntervalEstimate {
    let n = Double(dimension)
    return IntervalEstimate(
      value: n * min(max(mean, limits.lowerBound), limits.upperBound),
      lower: n * (limits.lowerBound - rounding), upper: n * (limits.upperBound + rounding),
      level: level)
  }
}

/// What of the probability to miss goes where.
private struct ProbeParts {
  /// To the range of eigenvalues.
  let doubt: Double
  /// To the bound for their variance.
  let variance: Double

  init(level: Double) {
    precondition(level > 0 && level < 1, "a confidence of \(level)")
    doubt = min(1e-6, (1 - level) / 20)
    variance = (1 - level) / 10
  }
}
