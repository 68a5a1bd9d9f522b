/// How much a computed function jitters, measured.
///
/// Differences of high order of values at closely spaced points kill whatever is smooth and leave
/// rounding noise: the k-th differences of independent noise σ have variance σ²·(2k)!/(k!)²
/// (Hamming 1971; Moré and Wild 2011, "Estimating computational noise", SIAM J. Sci. Comput. 33).
public enum Noise {
  static let ulp = 0x1p-52

  /// The standard deviation of the rounding noise of `function` near `x`, per component.
  ///
  /// - Parameters:
  ///   - function: from n numbers to m.
  ///   - x: n components.
  ///   - direction: n components; the samples lie on x + t·direction.
  ///   - spacing: between samples; so small that the function is a polynomial of degree 3 over
  ///     eight of them.
  /// - Returns: m numbers, each at least ulp/2 of the largest value seen.
  /// - Throws: `notFiniteResult`, `wrongLength`.
  public static func measured(
    of function: ([Double]) -> [Double], named name: String, at x: [Double],
    along direction: [Double], spacing: Double = 0x1p-34
  ) throws(OracleError) -> [Double] {
    let count = 8
    var samples = [[Double]]()
    for s in 0..<count {
      let t = spacing * (Double(s) - Double(count - 1) / 2)
      samples.append(
        try checked(
          function(moved(x, by: t, along: direction)), name, expecting: samples.first?.count,
          at: "x + \(t)·v"))
    }
    return (samples.first ?? []).indices.map { component in
      let values = samples.map { $0[component] }
      let floor = ulp / 2 * values.reduce(0) { max($0, $1.magnitude) }
      return max(level(of: values), floor)
    }
  }

  /// The noise level of equally spaced values, from their differences of order 4, 5 and 6.
  static func level(of values: [Double]) -> Double {
    var differences = values
    var factor = 1.0
    var worst = 0.0
    for order in 1...6 {
      differences = zip(differences.dropFirst(), differences).map { $0 - $1 }
      // (k!)²/(2k)!, one factor at a time.
      factor *= Double(order) / (2 * (2 * Double(order) - 1))
      guard order >= 4 else { continue }
      let meanSquare = differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)
      worst = max(worst, (factor * meanSquare).squareRoot())
    }
    return worst
  }
}

/// `result`, refused where its length is wrong or a component is not finite.
func checked(
  _ result: [Double], _ name: String, expecting length: Int?, at place: @autoclosure () -> String
) throws(OracleError) -> [Double] {
  if let length, result.count != length {
    throw .wrongLength(of: name, expected: length, found: result.count)
  }
  for (i, component) in result.enumerated() where !component.isFinite {
    throw .notFiniteResult(of: name, component: i, result: "\(component)", where: place())
  }
  return result
}
