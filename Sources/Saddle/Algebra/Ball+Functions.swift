import RealModule

// Elementary functions of balls. The series' remainders are added to the radius; what the argument's
// radius does is left to the arithmetic.
extension Ball {
  static let logarithmOf2 = Ball(
    high: 0x1.62e42fefa39efp-1, low: 0x1.abc9e3b39803fp-56, radius: 0x1p-110)
  /// 1/√(2π).
  private static let normalDensityAtZero = Ball(
    high: 0x1.9884533d43651p-2, low: -0x1.cbc0d30ebfd15p-56, radius: 0x1p-110)
  private static let one = Ball(1)
  /// 1/n for n = 1 … 22, as many terms as eˣ takes for |x| ≤ 0.35.
  private static let inverses = (1...22).map { one / Ball(Double($0)) }

  /// eˣ: the series after x − k·log 2.
  package var exponential: Ball {
    guard radius < 0x1p-10, high < 709 else {
      // Somewhere between 0 and e^(x + radius).
      let half = Double.exp(high + radius) * Self.inflation
      return Ball(high: half, low: 0, radius: half)
    }
    guard high > -700 else { return Ball(high: 0, low: 0, radius: 0x1p-1000) }
    let k = (high / Self.logarithmOf2.high).rounded()
    let rest = self - Self.logarithmOf2 * Ball(k)
    var sum = Self.one
    for inverse in Self.inverses.reversed() { sum = Self.one + rest * sum * inverse }
    // |x|²³/23! < 2⁻¹⁰⁸ for |x| ≤ ½log 2 + 2⁻⁹.
    return sum.widened(by: 0x1p-107).scaled(byPowerOfTwo: Int(k))
  }

  /// log(1 + y) for y ≥ 0: y₀ + log(1 + d) with 1 + d = (1 + y)·e^(−y₀), of which d is small.
  package var logarithmOfOnePlus: Ball {
    let start = Ball(Double.log(onePlus: max(high, 0)))
    let d = (Self.one + self) * (-start).exponential - Self.one
    let size = d.magnitudeBound
    guard size < 0.25 else { return Ball(high: start.high, low: 0, radius: .infinity) }
    return (start + d - (d * d).scaled(byPowerOfTwo: -1)).widened(by: size * size * size)
  }

  package var hyperbolicTangent: Ball {
    let isNegative = high < 0
    let e = (isNegative ? self : -self).scaled(byPowerOfTwo: 1).exponential
    let t = (Self.one - e) / (Self.one + e)
    return isNegative ? -t : t
  }

  /// 1/(1 + e⁻ˣ) and its slope.
  package var logistic: (value: Ball, slope: Ball) {
    let isNegative = high < 0
    let e = (isNegative ? self : -self).exponential
    let (greater, smaller) = (Self.one / (Self.one + e), e / (Self.one + e))
    return (isNegative ? smaller : greater, greater * smaller)
  }

  /// log(1 + eˣ).
  package var softplus: Ball {
    high < 0 ? exponential.logarithmOfOnePlus : self + (-self).exponential.logarithmOfOnePlus
  }

  /// The normal distribution function Φ and its density.
  ///
  /// Φ = ½ + density·Σ x²ⁿ⁺¹/(2n + 1)!!, all of whose terms have x's sign; beyond ±12 the tail is
  /// less than the density.
  package var normal: (distribution: Ball, density: Ball) {
    let square = self * self
    let density = Self.normalDensityAtZero * (-square).scaled(byPowerOfTwo: -1).exponential
    guard high.magnitude < 12 else {
      return (Ball(high < 0 ? 0 : 1).widened(by: density.magnitudeBound), density)
    }
    var (term, sum, n) = (self, self, 1.0)
    repeat {
      n += 2
      term = term * square / Ball(n)
      sum = sum + term
      // From where terms fall by half each, the rest is no more than the last one.
    } while term.magnitudeBound > 0x1p-110 * sum.high.magnitude + Self.underflow
      || 2 * square.magnitudeBound > n
    let distribution = Ball(0.5) + density * sum.widened(by: term.magnitudeBound)
    return (distribution, density)
  }
}
