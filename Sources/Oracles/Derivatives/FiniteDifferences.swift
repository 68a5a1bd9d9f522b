/// Derivatives by central differences, Richardson-extrapolated, with an error estimate per entry.
///
/// Steps are `firstStep`, `firstStep`/2, …, `levels` of them, taken in the units of the variable.
/// Where a function has kinks (ReLU), entries whose steps cross one get a large error estimate and
/// lose to entries with smaller steps. Closer to a kink than the last step, or on it, central
/// differences give the mean of both sides, and **no estimate can tell**: leave such points out
/// (`PlainNetwork.distanceToKink`). Rounding noise is measured (`Noise`), not assumed.
///
/// - Accuracy: for functions smooth on the scale of `firstStep`, first derivatives to about
///   1e-13·|f|, second derivatives from values to about 1e-11·|f|; see each estimate's `error`.
public struct FiniteDifferences: Sendable {
  public let firstStep: Double
  public let levels: Int

  /// - Parameters:
  ///   - firstStep: the largest step; a power of two keeps x ± h nearly free of rounding.
  ///   - levels: rows of the tableau, 2 to 30; the cost of everything is proportional to it.
  public init(firstStep: Double = 0.125, levels: Int = 9) {
    precondition(firstStep > 0 && firstStep.isFinite, "a first step of \(firstStep)")
    precondition((2...30).contains(levels), "\(levels) levels; 2 to 30 make sense")
    self.firstStep = firstStep
    self.levels = levels
  }

  var steps: [Double] { (0..<levels).map { firstStep / Double(1 << $0) } }

  /// f′(x) of a function of one number. Costs 2·`levels` + 8 values.
  ///
  /// - Throws: `notFiniteResult`.
  public func derivative(
    of function: (Double) -> Double, at x: Double
  ) throws(OracleError) -> Estimate {
    try jacobianProduct(of: { [function($0[0])] }, named: "value", at: [x], along: [1])[0]
  }

  /// ∇f(x), n estimates for n components of `x`. Costs (2·`levels` + 8)·n values.
  ///
  /// - Throws: `notFiniteResult`.
  public func gradient(
    of value: ([Double]) -> Double, at x: [Double]
  ) throws(OracleError) -> [Estimate] {
    var result = [Estimate]()
    for i in x.indices {
      result.append(
        try jacobianProduct(
          of: { [value($0)] }, named: "value", at: x, along: unit(i, of: x.count))[0])
    }
    return result
  }

  /// vᵀ∇f(x). Costs 2·`levels` + 8 values.
  ///
  /// - Throws: `notFiniteResult`, `wrongLength`.
  public func directionalDerivative(
    of value: ([Double]) -> Double, at x: [Double], along v: [Double]
  ) throws(OracleError) -> Estimate {
    try jacobianProduct(of: { [value($0)] }, named: "value", at: x, along: v)[0]
  }

  /// J(x)·v for a function from n numbers to m: m estimates.
  ///
  /// - Throws: `notFiniteResult`, `wrongLength`.
  public func jacobianProduct(
    of function: ([Double]) -> [Double], named name: String = "function", at x: [Double],
    along v: [Double]
  ) throws(OracleError) -> [Estimate] {
    guard v.count == x.count else {
      throw .wrongLength(of: "direction", expected: x.count, found: v.count)
    }
    let noise = try Noise.measured(of: function, named: name, at: x, along: v)
    var quotients = [[Double]](repeating: [], count: noise.count)
    var errors = quotients
    for h in steps {
      let plus = try checked(
        function(moved(x, by: h, along: v)), name, expecting: noise.count, at: "x + \(h)·v")
      let minus = try checked(
        function(moved(x, by: -h, along: v)), name, expecting: noise.count, at: "x − \(h)·v")
      for k in noise.indices {
        quotients[k].append((plus[k] - minus[k]) / (2 * h))
        errors[k].append(
          roundingBound(noise[k], largest: max(plus[k].magnitude, minus[k].magnitude)) / h)
      }
    }
    return noise.indices.map { Richardson.extrapolate(quotients[$0], noise: errors[$0]) }
  }

  /// What a value may be off by: three standard deviations of its noise, or an ulp.
  func roundingBound(_ noise: Double, largest: Double) -> Double {
    max(3 * noise, Noise.ulp * largest)
  }

  func unit(_ i: Int, of count: Int) -> [Double] {
    var e = [Double](repeating: 0, count: count)
    e[i] = 1
    return e
  }
}
