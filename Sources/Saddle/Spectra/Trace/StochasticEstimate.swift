/// A figure from random vectors, with what is known of its error.
public struct StochasticEstimate: Codable, Equatable, Sendable {
  public let value: Double
  /// The standard deviation of `value`, estimated from the spread between probes; nil for one
  /// probe, which has none, and 0 where the figure is exact up to rounding.
  public let standardError: Double?
  /// An estimate of the error that more probes would not take away: what half the Lanczos steps
  /// would have changed. 0 for figures that need no quadrature.
  public let quadratureError: Double
  /// How many samples the spread is of.
  public let probes: Int
  /// How many products with a vector were taken.
  public let products: Int

  public init(
    value: Double, standardError: Double?, quadratureError: Double = 0, probes: Int, products: Int
  ) {
    self.value = value
    self.standardError = standardError
    self.quadratureError = quadratureError
    self.probes = probes
    self.products = products
  }

  /// The mean of independent samples and its standard error.
  init(samples: [Double], quadratureError: Double = 0, products: Int) {
    let (mean, variance) = sampleMoments(samples)
    self.init(
      value: mean, standardError: variance.map { ($0 / Double(samples.count)).squareRoot() },
      quadratureError: quadratureError, probes: samples.count, products: products)
  }

  /// A confidence interval by Student's t, widened by the quadrature error; nil for one probe.
  ///
  /// The samples count as normal, which they are the less the fewer eigenvalues dominate.
  /// - Parameter level: between 0 and 1.
  public func interval(level: Double = 0.95) -> ClosedRange<Double>? {
    precondition(level > 0 && level < 1, "a confidence of \(level)")
    guard let standardError else { return nil }
    let width =
      quadratureError
      + (standardError == 0
        ? 0 : Quantiles.student(level: level, freedom: probes - 1) * standardError)
    return (value - width)...(value + width)
  }
}

/// The mean, and the variance as n − 1 degrees of freedom give it: nil for one sample.
func sampleMoments(_ samples: [Double]) -> (mean: Double, variance: Double?) {
  let count = Double(samples.count)
  let mean = samples.reduce(0, +) / count
  guard samples.count > 1 else { return (mean, nil) }
  let squares = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (mean, squares / (count - 1))
}
