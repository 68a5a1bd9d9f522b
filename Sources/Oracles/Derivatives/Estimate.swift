/// A number and a bound, in practice, on its error.
public struct Estimate: Sendable, Equatable {
  public var value: Double
  /// An estimate of |value − truth|, from the method itself: truncation and rounding together.
  public var error: Double

  public init(value: Double, error: Double) {
    self.value = value
    self.error = error
  }

  /// Whether `claim` is within `factor` error estimates, and `slack` for the claim's own rounding
  /// (the estimate is exact, with error 0, for a function that is constant). False for NaN on
  /// either side.
  public func admits(_ claim: Double, factor: Double = 1, slack: Double = 0) -> Bool {
    (value - claim).magnitude <= factor * error + slack
  }
}
