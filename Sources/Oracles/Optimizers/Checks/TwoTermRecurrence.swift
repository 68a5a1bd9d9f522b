/// x_{t+1} = a·x_t + b·x_{t−1}, read off a sequence.
struct TwoTermRecurrence {
  let a: Double
  let b: Double

  /// Solved from four numbers, the pair of equations of best condition, and held against all
  /// others.
  ///
  /// - Parameters:
  ///   - tolerance: relative to the iterates.
  ///   - rounding: of the first of them.
  /// - Throws: where the sequence follows no such recurrence.
  init(
    fitting x: [Double], coordinate: Int, tolerance: Double = 1e-8, rounding: Double = 1e-15
  ) throws(OptimizerViolation) {
    // Two equations determine a and b unless the sequence is geometric, as plain descent's is.
    var (place, best) = (0, 0.0)
    for t in 0..<4 {
      let size = x[t].magnitude * x[t + 2].magnitude + x[t + 1] * x[t + 1]
      let condition = size > 0 ? (x[t + 1] * x[t + 1] - x[t] * x[t + 2]).magnitude / size : 0
      if condition > best { (place, best) = (t, condition) }
    }
    if best > 0.1 * tolerance {
      let t = place
      let determinant = x[t + 1] * x[t + 1] - x[t] * x[t + 2]
      a = (x[t + 2] * x[t + 1] - x[t] * x[t + 3]) / determinant
      b = (x[t + 1] * x[t + 3] - x[t + 2] * x[t + 2]) / determinant
    } else {
      a = x[1] / x[0]
      b = 0
    }
    for t in 1..<(x.count - 1) {
      let expected = a * x[t] + b * x[t - 1]
      // The iterates are rounded at the size of what they were computed from.
      let bound = tolerance * max(x[t].magnitude, x[t - 1].magnitude) + rounding * x[0].magnitude
      let error = (x[t + 1] - expected).magnitude
      guard error <= bound else {
        throw OptimizerViolation(
          property: "each coordinate follows a two-term recurrence on a quadratic", step: t + 1,
          coordinate: coordinate, expected: expected, got: x[t + 1], ratio: error / bound,
          detail: "fitted a = \(a), b = \(b)")
      }
    }
  }

  /// The larger root of z² = a·z + b in magnitude.
  var spectralRadius: Double {
    let discriminant = a * a + 4 * b
    return discriminant < 0
      ? (-b).squareRoot() : (a.magnitude + discriminant.squareRoot()) / 2
  }
}
