import RealModule

/// The distribution of Kolmogorov's D = sup |Fₙ − F| over n independent draws from a continuous F
/// that was given, not fitted. Eigenvalues are no independent draws: theirs are closer to the law.
///
/// The lower tail is exact (Marsaglia, Tsang, Wang 2003), and so is the upper one to 1e-10 relative,
/// as twice Smirnov's one-sided tail where n·d² ≥ 4 (Simard, L'Ecuyer 2011). Above
/// `largestExactCount` draws what is not in that tail is the limit law with its first two corrections
/// (Vrbik 2018), to 11/n relative.
public struct KolmogorovDistribution: Equatable, Sendable {
  /// n.
  public let count: Int

  public static let largestExactCount = 20_000

  /// - Throws: `SpectralEstimateError.invalidSetting` for no draws.
  public init(count: Int) throws(SpectralEstimateError) {
    try SpectralEstimateError.require("the number of draws", count, atLeast: 1)
    self.count = count
  }

  /// P(D ≤ d).
  public func cumulative(at d: Double) -> Double {
    let n = Double(count)
    if d <= 1 / (2 * n) { return 0 }
    if d >= 1 { return 1 }
    if n * d * d >= 4 { return 1 - 2 * oneSidedTail(d) }
    return count <= Self.largestExactCount ? exact(d) : 1 - limit(d)
  }

  /// P(D ≥ d), the p-value of an observed d: small values to full relative accuracy.
  public func survival(at d: Double) -> Double {
    let n = Double(count)
    if d <= 1 / (2 * n) { return 1 }
    if d >= 1 { return 0 }
    if n * d * d >= 4 { return min(1, 2 * oneSidedTail(d)) }
    return count <= Self.largestExactCount ? 1 - exact(d) : limit(d)
  }

  /// P(D⁺ ≥ d) = d·Σ_j C(n,j)·(d + j/n)^{j−1}·(1 − d − j/n)^{n−j} (Smirnov 1944; Birnbaum, Tingey
  /// 1951), each term by its logarithm.
  private func oneSidedTail(_ d: Double) -> Double {
    let n = Double(count)
    var sum = 0.0
    // log C(n, j), from one j to the next.
    var binomial = 0.0
    for j in 0...Int(n * (1 - d)) {
      let x = Double(j)
      let rest = 1 - d - x / n
      if j > 0 { binomial += .log((n - x + 1) / x) }
      guard rest > 0 else { break }
      sum += .exp(binomial + (x - 1) * .log(d + x / n) + (n - x) * .log(rest))
    }
    return d * sum
  }

  /// n!/nⁿ times an element of the n-th power of a matrix of order 2⌈n·d⌉ − 1 with Toeplitz inside.
  private func exact(_ d: Double) -> Double {
    let n = Double(count)
    let half = Int(n * d) + 1
    let order = 2 * half - 1
    let h = Double(half) - n * d
    var power = Power(order: order)
    for i in 0..<order {
      for j in 0..<order {
        var element = i - j + 1 < 0 ? 0.0 : 1
        // Factorials 1/(i − j + 1)!; corrections in the first column and the last row.
        if j == 0 { element -= .pow(h, i + 1) }
        if i == order - 1 { element -= .pow(h, order - j) }
        if i == order - 1, j == 0, 2 * h > 1 { element += .pow(2 * h - 1, order) }
        for g in stride(from: 2, through: i - j + 1, by: 1) { element /= Double(g) }
        power.base[i, j] = element
      }
    }
    var (value, exponent) = power.raised(to: count, element: half - 1)
    for i in 1...count {
      value *= Double(i) / n
      if value < 1e-140 {
        value *= 1e140
        exponent -= 140
      }
    }
    return value * .pow(10, Double(exponent))
  }

  /// 2·Σ (−1)^{k−1}·exp(−2k²t²) at t = √n·d with its corrections of 1/√n and 1/n.
  private func limit(_ d: Double) -> Double {
    let n = Double(count)
    let plain = n.squareRoot() * d
    let t = plain + 1 / (6 * n.squareRoot()) + (plain - 1) / (4 * n)
    if t < 0.5 {
      // The other form of the theta function, since here this one's terms cancel.
      let sum = (1...4).reduce(0.0) { sum, k in
        let odd = Double(2 * k - 1)
        return sum + .exp(-odd * odd * .pi * .pi / (8 * t * t))
      }
      return 1 - (2 * .pi).squareRoot() / t * sum
    }
    return (1...20).reduce(0.0) { sum, k in
      let x = Double(k)
      return sum + (k % 2 == 1 ? 2 : -2) * .exp(-2 * x * x * t * t)
    }
  }
}

/// Powers of a matrix whose elements may leave the range of doubles: a power of ten is kept apart.
private struct Power {
  var base: Matrix<Double>

  init(order: Int) { base = Matrix(rows: order, columns: order) }

  /// An element on the diagonal of the n-th power: a value and an exponent of ten.
  func raised(to n: Int, element: Int) -> (value: Double, exponent: Int) {
    var (result, resultExponent) = (Matrix<Double>?.none, 0)
    var (square, exponent) = (base, 0)
    var rest = n
    while true {
      if rest & 1 == 1 {
        result = result.map { product($0, square) } ?? square
        resultExponent += exponent
        resultExponent += shrink(&result, at: element)
      }
      rest >>= 1
      guard rest > 0 else { break }
      square = product(square, square)
      exponent *= 2
      var next = Optional(square)
      exponent += shrink(&next, at: element)
      square = next ?? square
    }
    return (result?[element, element] ?? 1, resultExponent)
  }

  private func product(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Matrix<Double> {
    var c = Matrix<Double>(rows: a.rows, columns: b.columns)
    let layout = c.layout
    var target = c.elements.mutableSpan
    multiply(a.elements.span, a.layout, b.elements.span, b.layout, into: &target, layout)
    return c
  }

  private func shrink(_ matrix: inout Matrix<Double>?, at element: Int) -> Int {
    guard let size = matrix?[element, element], size > 1e140 else { return 0 }
    matrix = matrix.map {
      Matrix(rows: $0.rows, columns: $0.columns, elements: $0.elements.map { $0 * 1e-140 })
    }
    return 140
  }
}
