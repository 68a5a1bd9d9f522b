/// Holds numbers against what they must be, and remembers the worst error over its tolerance.
struct Agreement {
  let property: String
  private(set) var worst = 0.0

  init(_ property: String) { self.property = property }

  /// |got − expected| ≤ bound, coordinate by coordinate; NaN is infinitely far.
  ///
  /// - Throws: with the coordinate that is furthest off, in tolerances.
  mutating func require(
    _ got: [Double], _ expected: [Double], within bounds: [Double], step: Int,
    _ detail: @autoclosure () -> String = ""
  ) throws(OptimizerViolation) {
    guard got.count == expected.count else {
      throw OptimizerViolation(
        property: property, step: step,
        detail: "\(got.count) coordinates where \(expected.count) are expected; \(detail())")
    }
    var (largest, place) = (0.0, 0)
    for i in got.indices where got[i] != expected[i] {
      let quotient = (got[i] - expected[i]).magnitude / bounds[i]
      let ratio = quotient.isNaN ? .infinity : quotient
      if ratio > largest { (largest, place) = (ratio, i) }
    }
    worst = max(worst, largest)
    guard largest <= 1 else {
      throw OptimizerViolation(
        property: property, step: step, coordinate: place, expected: expected[place],
        got: got[place], ratio: largest, detail: detail())
    }
  }

  /// The same with one bound for all coordinates.
  mutating func require(
    _ got: [Double], _ expected: [Double], within bound: Double, step: Int,
    _ detail: @autoclosure () -> String = ""
  ) throws(OptimizerViolation) {
    try require(
      got, expected, within: [Double](repeating: bound, count: expected.count), step: step,
      detail())
  }

  /// Bit for bit.
  func requireIdentical(
    _ got: [Double], _ expected: [Double], step: Int, _ detail: @autoclosure () -> String = ""
  ) throws(OptimizerViolation) {
    guard
      let place = got.indices.first(where: {
        $0 >= expected.count || got[$0].bitPattern != expected[$0].bitPattern
      })
    else { return }
    throw OptimizerViolation(
      property: property, step: step, coordinate: place,
      expected: place < expected.count ? expected[place] : nil, got: got[place],
      detail: detail())
  }

  /// Memories that are the same JSON, but for the order of keys and the spelling of numbers.
  func requireSameMemory(
    _ got: String, _ expected: String, step: Int, _ detail: String
  ) throws(OptimizerViolation) {
    if got == expected { return }
    if let a = MemoryValue(got), let b = MemoryValue(expected), a == b { return }
    throw OptimizerViolation(
      property: property, step: step,
      detail: "\(detail): memory \(got.prefix(200)) where \(expected.prefix(200)) is expected")
  }
}
