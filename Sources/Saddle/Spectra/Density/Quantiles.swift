import RealModule

/// Quantiles that error bars rest on: of the beta distribution and of Student's t.
package enum Quantiles {
  /// P(X ≤ x) for X ~ Beta(a, b), a and b positive: the regularized incomplete beta function by its
  /// continued fraction (DLMF 8.17.22), evaluated forward by Lentz' method.
  ///
  /// - Accuracy: about 1e-14·log(a + b)·(a + b) relative in the tails, from the logarithms of Γ.
  package static func betaCumulative(_ x: Double, _ a: Double, _ b: Double) -> Double {
    precondition(a > 0 && b > 0 && !x.isNaN, "\(x) of Beta(\(a), \(b))")
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges fast on this side of the mean.
    return x <= (a + 1) / (a + b + 2) ? lowerTail(x, a, b) : 1 - lowerTail(1 - x, b, a)
  }

  private static func lowerTail(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let logFactor =
      a * Double.log(x) + b * Double.log(onePlus: -x) + Double.logGamma(a + b)
      - Double.logGamma(a) - Double.logGamma(b)
    let smallest = 1e-300
    func kept(_ value: Double) -> Double { value.magnitude < smallest ? smallest : value }
    var numerator = 1.0
    var denominator = 1 / kept(1 - (a + b) * x / (a + 1))
    var fraction = denominator
    // Some √max(a, b) terms are needed; the limit only keeps the loop finite.
    for m in 1...10_000_000 {
      let k = Double(m)
      let even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
      let odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
      denominator = 1 / kept(1 + even * denominator)
      numerator = kept(1 + even / numerator)
      fraction *= denominator * numerator
      denominator = 1 / kept(1 + odd * denominator)
      numerator = kept(1 + odd / numerator)
      let change = denominator * numerator
      fraction *= change
      if (change - 1).magnitude < 1e-15 { break }
    }
    return Double.exp(logFactor) * fraction / a
  }

  /// The t with P(|T| ≤ t) = `level` for Student's distribution.
  package static func student(level: Double, freedom: Int) -> Double {
    // |T| ≤ t is ν/(ν + t²) ≥ x, and that is Beta(ν/2, ½).
    let ν = Double(freedom)
    let x = root { betaCumulative($0, ν / 2, 0.5) < 1 - level }
    return (ν * (1 - x) / x).squareRoot()
  }

  /// The exact interval for the probability behind so many hits: it holds that probability in `level`
  /// of all cases or more, whatever it is (Clopper, Pearson 1934).
  package static func proportion(
    _ hits: Int, of trials: Int, level: Double
  ) -> ClosedRange<Double> {
    precondition(
      (0...trials).contains(hits) && trials > 0 && level > 0 && level < 1,
      "\(hits) of \(trials) at \(level)")
    let tail = (1 - level) / 2
    let (k, n) = (Double(hits), Double(trials))
    // P(X ≥ k | p) is the beta distribution's function at p.
    let low = hits == 0 ? 0 : root { betaCumulative($0, k, n - k + 1) < tail }
    let high = hits == trials ? 1 : root { betaCumulative($0, k + 1, n - k) < 1 - tail }
    return low...high
  }

  /// What the mean F of X ~ Beta(F·N, (1 − F)·N) may be, given X: the values that would make X, or
  /// one further off, likelier than (1 − level)/2 on either side.
  ///
  /// - Parameter observed: from the lower to the upper value that X may have.
  package static func meanInterval(
    observed: ClosedRange<Double>, concentration N: Double, level: Double
  ) -> ClosedRange<Double> {
    let (x, y) = (observed.lowerBound, observed.upperBound)
    guard N.isFinite && N > 0 else { return observed }
    guard N > largestConcentration else { return betaInterval(x, y, N, level) }
    // Of so many degrees of freedom a share is normal, or so small that N·X follows a gamma law
    // whatever N is.
    let ratio = N / largestConcentration
    if y * ratio < 1e-2 {
      let scaled = betaInterval(x * ratio, y * ratio, largestConcentration, level)
      return (scaled.lowerBound / ratio)...(scaled.upperBound / ratio)
    }
    let z = 40 * root { Double.erfc(40 * $0 / 2.0.squareRoot()) > 1 - level }
    func deviation(_ mean: Double) -> Double { (mean * (1 - mean) / N).squareRoot() }
    return max(0, x - z * deviation(x))...min(1, y + z * deviation(y))
  }

  /// Beyond this the logarithms of Γ lose too many digits.
  private static let largestConcentration = 1e8

  private static func betaInterval(
    _ x: Double, _ y: Double, _ N: Double, _ level: Double
  ) -> ClosedRange<Double> {
    let tail = (1 - level) / 2
    func cumulative(_ x: Double, _ mean: Double) -> Double {
      betaCumulative(x, mean * N, (1 - mean) * N)
    }
    // P(X ≤ x) falls as the mean grows.
    let low = x <= 0 ? 0 : root { cumulative(x, $0) > 1 - tail }
    let high = y >= 1 ? 1 : root { cumulative(y, $0) > tail }
    return min(low, x)...max(high, y)
  }

  /// The end of the part of (0, 1) where a condition holds that holds below it only, by bisection.
  private static func root(_ holds: (Double) -> Bool) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<200 {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high, high - low > 1e-13 * high else { break }
      if holds(middle) { low = middle } else { high = middle }
    }
    return low + (high - low) / 2
  }
}
