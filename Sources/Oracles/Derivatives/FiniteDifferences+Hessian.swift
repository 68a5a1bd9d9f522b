extension FiniteDifferences {
  /// H(x)·v from the gradient: n estimates. Costs 2·`levels` + 8 gradients.
  ///
  /// - Throws: `notFiniteResult`, `wrongLength`.
  public func hessianVectorProduct(
    fromGradient gradient: ([Double]) -> [Double], at x: [Double], along v: [Double]
  ) throws(OracleError) -> [Estimate] {
    let product = try jacobianProduct(of: gradient, named: "gradient", at: x, along: v)
    guard product.count == x.count else {
      throw .wrongLength(of: "gradient", expected: x.count, found: product.count)
    }
    return product
  }

  /// H(x)·v from values alone: n estimates. Costs about 4·`levels`·n values.
  ///
  /// - Throws: `notFiniteResult`, `wrongLength`.
  public func hessianVectorProduct(
    fromValue value: ([Double]) -> Double, at x: [Double], along v: [Double]
  ) throws(OracleError) -> [Estimate] {
    let noise = try valueNoise(of: value, at: x, along: v)
    var result = [Estimate]()
    for i in x.indices {
      result.append(
        try mixedDerivative(
          of: value, at: x, along: unit(i, of: x.count), and: v, noise: noise))
    }
    return result
  }

  /// vᵀH(x)v from values alone. Costs 2·`levels` + 9 values.
  ///
  /// - Throws: `notFiniteResult`, `wrongLength`.
  public func curvature(
    of value: ([Double]) -> Double, at x: [Double], along v: [Double]
  ) throws(OracleError) -> Estimate {
    let noise = try valueNoise(of: value, at: x, along: v)
    return try secondDerivative(of: value, at: x, along: v, noise: noise)
  }

  /// The dense Hessian from the gradient: row i is H·eᵢ, n × n estimates.
  ///
  /// The rows are left as they come: where (i, j) and (j, i) differ by more than their errors, the
  /// function is not a gradient.
  ///
  /// - Throws: `notFiniteResult`, `wrongLength`.
  public func hessian(
    fromGradient gradient: ([Double]) -> [Double], at x: [Double]
  ) throws(OracleError) -> [[Estimate]] {
    var rows = [[Estimate]]()
    for i in x.indices {
      rows.append(
        try hessianVectorProduct(fromGradient: gradient, at: x, along: unit(i, of: x.count)))
    }
    return rows
  }

  /// The dense Hessian from values alone: n × n estimates, exactly symmetric. Costs about
  /// 2·`levels`·n² values.
  ///
  /// - Throws: `notFiniteResult`.
  public func hessian(
    fromValue value: ([Double]) -> Double, at x: [Double]
  ) throws(OracleError) -> [[Estimate]] {
    let n = x.count
    let blank = Estimate(value: 0, error: 0)
    var rows = [[Estimate]](repeating: [Estimate](repeating: blank, count: n), count: n)
    // Alternating signs: a function of the sum alone must not look free of noise.
    let noise = try valueNoise(of: value, at: x, along: x.indices.map { $0 % 2 == 0 ? 1 : -1 })
    for i in 0..<n {
      let e = unit(i, of: n)
      rows[i][i] = try secondDerivative(of: value, at: x, along: e, noise: noise)
      for j in 0..<i {
        let entry = try mixedDerivative(
          of: value, at: x, along: e, and: unit(j, of: n), noise: noise)
        rows[i][j] = entry
        rows[j][i] = entry
      }
    }
    return rows
  }

  private func valueNoise(
    of value: ([Double]) -> Double, at x: [Double], along v: [Double]
  ) throws(OracleError) -> Double {
    guard v.count == x.count else {
      throw .wrongLength(of: "direction", expected: x.count, found: v.count)
    }
    return try Noise.measured(of: { [value($0)] }, named: "value", at: x, along: v)[0]
  }

  private func secondDerivative(
    of value: ([Double]) -> Double, at x: [Double], along v: [Double], noise: Double
  ) throws(OracleError) -> Estimate {
    let middle = try finite(value, x, at: "x")
    var quotients = [Double]()
    var errors = [Double]()
    for h in steps {
      let plus = try finite(value, moved(x, by: h, along: v), at: "x + \(h)·v")
      let minus = try finite(value, moved(x, by: -h, along: v), at: "x − \(h)·v")
      let largest = max(plus.magnitude, minus.magnitude, middle.magnitude)
      quotients.append((plus - 2 * middle + minus) / (h * h))
      errors.append(4 * roundingBound(noise, largest: largest) / (h * h))
    }
    return Richardson.extrapolate(quotients, noise: errors)
  }

  private func mixedDerivative(
    of value: ([Double]) -> Double, at x: [Double], along u: [Double], and v: [Double],
    noise: Double
  ) throws(OracleError) -> Estimate {
    var quotients = [Double]()
    var errors = [Double]()
    for h in steps {
      var sum = 0.0
      var largest = 0.0
      for (s, t) in [(h, h), (h, -h), (-h, h), (-h, -h)] {
        let corner = moved(moved(x, by: s, along: u), by: t, along: v)
        let f = try finite(value, corner, at: "x + \(s)·u + \(t)·v")
        sum += (s > 0) == (t > 0) ? f : -f
        largest = max(largest, f.magnitude)
      }
      quotients.append(sum / (4 * h * h))
      errors.append(roundingBound(noise, largest: largest) / (h * h))
    }
    return Richardson.extrapolate(quotients, noise: errors)
  }

  private func finite(
    _ value: ([Double]) -> Double, _ x: [Double], at place: @autoclosure () -> String
  ) throws(OracleError) -> Double {
    try checked([value(x)], "value", expecting: 1, at: place())[0]
  }
}
