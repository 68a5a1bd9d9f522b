import CGSL

extension GSL {
  /// P(X ≤ x) of the beta distribution.
  public static func betaCumulative(_ x: Double, _ a: Double, _ b: Double) -> Double {
    gsl_cdf_beta_P(x, a, b)
  }

  /// Where Student's t with `freedom` degrees of freedom has the cumulative probability p.
  public static func studentQuantile(_ p: Double, freedom: Double) -> Double {
    gsl_cdf_tdist_Pinv(p, freedom)
  }

  /// Where χ² with `freedom` degrees of freedom has the cumulative probability p.
  public static func chiSquaredQuantile(_ p: Double, freedom: Double) -> Double {
    gsl_cdf_chisq_Pinv(p, freedom)
  }

  /// The exact (Clopper, Pearson 1934) interval at `confidence` for the probability behind `hits`
  /// in `trials`.
  public static func proportion(
    hits: Int, trials: Int, confidence: Double
  ) -> ClosedRange<Double> {
    let tail = (1 - confidence) / 2
    let (k, n) = (Double(hits), Double(trials))
    let low = hits == 0 ? 0 : betaQuantile(tail, k, n - k + 1)
    let high = hits == trials ? 1 : betaQuantile(1 - tail, k + 1, n - k)
    return low...high
  }

  /// By bisection of the cumulative: GSL's own inverse does not converge in far tails.
  private static func betaQuantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if gsl_cdf_beta_P(middle, a, b) < p { low = middle } else { high = middle }
    }
    return low
  }
}

/// Tails of exact distributions, for tests of significance.
extension GSL {
  /// P(X ≥ x) of the standard normal law.
  static func normalTail(_ x: Double) -> Double { gsl_cdf_ugaussian_Q(x) }

  /// P(X ≤ x) and P(X ≥ x) of χ² with `freedom` degrees of freedom.
  static func chiSquaredTails(_ x: Double, freedom: Double) -> (lower: Double, upper: Double) {
    (gsl_cdf_chisq_P(x, freedom), gsl_cdf_chisq_Q(x, freedom))
  }

  /// P(X ≤ hits) and P(X ≥ hits) of so many trials.
  static func binomialTails(
    _ hits: Int, trials: Int, probability: Double
  ) -> (lower: Double, upper: Double) {
    let (k, n) = (UInt32(hits), UInt32(trials))
    return (
      gsl_cdf_binomial_P(k, probability, n),
      hits == 0 ? 1 : gsl_cdf_binomial_Q(k - 1, probability, n)
    )
  }
}
