/// A figure from random probes between two limits.
public struct IntervalEstimate: Codable, Equatable, Sendable {
  public let value: Double
  public let lower: Double
  public let upper: Double
  /// The truth lies between the limits with at least this probability over the probes, for any
  /// spectrum.
  public let level: Double

  public init(value: Double, lower: Double, upper: Double, level: Double) {
    self.value = value
    self.lower = lower
    self.upper = upper
    self.level = level
  }

  public var interval: ClosedRange<Double> { lower...upper }

  /// What is known beside it: `offset` ± nothing, and up to `slack` more on each side.
  func adding(
    _ offset: Double, below: Double = 0, above: Double = 0
  ) -> IntervalEstimate {
    IntervalEstimate(
      value: value + offset, lower: lower + offset - below, upper: upper + offset + above,
      level: level)
  }
}
