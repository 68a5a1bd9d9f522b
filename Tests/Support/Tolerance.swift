import Testing

/// How far results may lie from what is expected, and why.
public struct Tolerance: Sendable {
  public let absolute: Double
  /// Relative to the largest expected magnitude.
  public let relative: Double
  public let why: String

  public init(absolute: Double = 0, relative: Double = 0, why: String) {
    self.absolute = absolute
    self.relative = relative
    self.why = why
  }
}

/// The worst element of a comparison.
public struct Deviation: Equatable, Sendable {
  public let position: Int
  /// |got − expected| over the tolerance: above 1 is too far; NaN is infinitely far.
  public let ratio: Double

  public init(position: Int, ratio: Double) {
    self.position = position
    self.ratio = ratio
  }
}

/// The element that is furthest off, in tolerances, or nil where there are no elements.
///
/// Lists of different lengths are infinitely far apart.
public func worstDeviation(
  _ got: [Double], _ expected: [Double], within tolerance: Tolerance
) -> Deviation? {
  guard got.count == expected.count else {
    return Deviation(position: min(got.count, expected.count), ratio: .infinity)
  }
  let scale = expected.reduce(0) { max($0, $1.magnitude) }
  let bound = tolerance.absolute + tolerance.relative * scale
  var worst: Deviation?
  for i in got.indices {
    let error = (got[i] - expected[i]).magnitude
    let ratio: Double
    if got[i] == expected[i] {
      ratio = 0
    } else if error.isFinite, bound > 0 {
      ratio = error / bound
    } else {
      ratio = .infinity
    }
    if worst.map({ ratio > $0.ratio }) ?? true { worst = Deviation(position: i, ratio: ratio) }
  }
  return worst
}

/// Expects every element within the tolerance; a failure names the worst one.
public func expectClose(
  _ got: [Double], _ expected: [Double], within tolerance: Tolerance,
  _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let worst = worstDeviation(got, expected, within: tolerance), !(worst.ratio <= 1) else {
    return
  }
  guard got.count == expected.count else {
    Issue.record(
      "\(got.count) elements where \(expected.count) are expected. \(comment())",
      sourceLocation: sourceLocation)
    return
  }
  Issue.record(
    """
    element \(worst.position) is \(got[worst.position]), expected \(expected[worst.position]): \
    \(worst.ratio) × the tolerance (\(tolerance.why)). \(comment())
    """,
    sourceLocation: sourceLocation)
}

/// The same for two numbers.
public func expectClose(
  _ got: Double, _ expected: Double, within tolerance: Tolerance,
  _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose([got], [expected], within: tolerance, comment(), sourceLocation: sourceLocation)
}
