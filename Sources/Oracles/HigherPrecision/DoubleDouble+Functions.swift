// Elementary functions of double-doubles, by argument reduction and series or Newton's step: no
// table, no polynomial of anyone's library, so that they share no constant with what they check but
// log 2 and π.
//
// - Accuracy: relative errors of at most some 1e-30 (1e-29 of e^x for |x| in the hundreds), where
//   results are normal doubles with room for a low part.
extension DoubleDouble {
  public static let pi = DoubleDouble(0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53)
  public static let logarithmOf2 = DoubleDouble(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56)
  /// What `logarithmOf2` leaves of log 2: multiples of it by up to 1075 are subtracted.
  private static let restOfLogarithmOf2 = 0x1.7b57a079a1934p-111

  /// eˣ.
  public var exponential: DoubleDouble {
    guard !high.isNaN else { return self }
    guard high < 710 else { return DoubleDouble(.infinity) }
    guard high > -746 else { return DoubleDouble(0) }
    let (rest, power) = reducedByLogarithmOf2
    return (rest.exponentialLess1OfSmall + DoubleDouble(1)).scaled(byPowerOfTwo: power)
  }

  /// eˣ − 1, to its own digits for small x too.
  public var exponentialLess1: DoubleDouble {
    high.magnitude < 0.4 ? exponentialLess1OfSmall : exponential - DoubleDouble(1)
  }

  /// x − k·log 2 with the k that leaves least of it.
  private var reducedByLogarithmOf2: (rest: DoubleDouble, power: Int) {
    let k = (high / Self.logarithmOf2.high).rounded()
    let multiple = DoubleDouble(k)
    let rest = self - Self.logarithmOf2 * multiple - Self.exactProduct(Self.restOfLogarithmOf2, k)
    return (rest, Int(k))
  }

  /// eˣ − 1 for |x| < 0.4: the series at x/2⁹, then doubled nine times by (1 + y)² − 1 = 2y + y².
  private var exponentialLess1OfSmall: DoubleDouble {
    let x = scaled(byPowerOfTwo: -9)
    // |x|¹³/13! < 1e-50 of |x|.
    var sum = DoubleDouble(0)
    for n in (2...12).reversed() {
      sum = (sum + DoubleDouble(1)) * x / DoubleDouble(Double(n))
    }
    var y = (sum + DoubleDouble(1)) * x
    for _ in 0..<9 { y = y + y + y * y }
    return y
  }

  /// log x for x > 0; −∞ at 0 and NaN below.
  public var logarithm: DoubleDouble {
    guard high > 0, high.isFinite else { return DoubleDouble(high.logarithm) }
    // x = m·2ᵏ with m in [¾, 1½).
    let exponent = high.exponent + (high.significand >= 1.5 ? 1 : 0)
    let fraction = scaled(byPowerOfTwo: -Int(exponent))
    let k = DoubleDouble(Double(exponent))
    return (fraction - DoubleDouble(1)).logarithmOfOnePlus + Self.logarithmOf2 * k
  }

  /// log(1 + x) for x > −1.
  ///
  /// Newton's step for eʸ = 1 + x from the C library's y, with the term of second order: what is left
  /// is the third power of y's rounding.
  public var logarithmOfOnePlus: DoubleDouble {
    if high > 0.5 || high < -0.3 { return logarithmOfOnePlusOfLarge }
    let y = DoubleDouble(high.logarithmOfOnePlus)
    let step = (self - y.exponentialLess1) / (y.exponentialLess1 + DoubleDouble(1))
    return y + step - step * step * DoubleDouble(0.5)
  }

  private var logarithmOfOnePlusOfLarge: DoubleDouble {
    let one = self + DoubleDouble(1)
    guard one.high > 0, one.high.isFinite else { return DoubleDouble(one.high.logarithm) }
    let y = DoubleDouble(one.high.logarithm)
    // e^(−y)·(1 + x) is 1 to a double's rounding.
    let step = one * (-y).exponential - DoubleDouble(1)
    return y + step - step * step * DoubleDouble(0.5)
  }

  public var hyperbolicTangent: DoubleDouble {
    guard high.magnitude < 40 else { return DoubleDouble(high.isNaN ? .nan : high < 0 ? -1 : 1) }
    // From the side where e^(−2|x|) is small.
    let e = (magnitude.scaled(byPowerOfTwo: 1) * DoubleDouble(-1)).exponentialLess1
    let t = -e / (e + DoubleDouble(2))
    return high < 0 ? -t : t
  }

  /// (2/√π)·∫ₓ^∞ e^(−t²)dt, to its own digits in the upper tail.
  public var complementaryErrorFunction: DoubleDouble {
    if high < 0 { return DoubleDouble(2) - (-self).complementaryErrorFunction }
    guard high < 28 else { return DoubleDouble(high.isNaN ? .nan : 0) }
    let decay = (-(self * self)).exponential
    if high < 1 {
      // erf x = (2/√π)·e^(−x²)·x·Σ (2x²)ⁿ/(2n + 1)!!, all of whose terms are positive.
      let square = (self * self).scaled(byPowerOfTwo: 1)
      var (term, sum, n) = (DoubleDouble(1), DoubleDouble(1), 1.0)
      while term.high > 1e-34 * sum.high {
        term = term * square / DoubleDouble(2 * n + 1)
        sum = sum + term
        n += 1
      }
      let error = (self * sum * decay).scaled(byPowerOfTwo: 1) / Self.pi.squareRoot
      return DoubleDouble(1) - error
    }
    // √π·e^(x²)·erfc x = 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))) (Laplace), from far enough out.
    var tail = self
    for n in (1...(80 + Int(800 / (high * high)))).reversed() {
      tail = self + DoubleDouble(Double(n) / 2) / tail
    }
    return decay / (tail * Self.pi.squareRoot)
  }
}
