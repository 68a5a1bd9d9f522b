/// A number that is known to lie within `radius` of high + low: midpoint-radius arithmetic
/// (Johansson 2017, "Arb") whose midpoints are unevaluated sums of two doubles, some 106 bits.
///
/// Whatever numbers of two balls are added, multiplied or divided, the result's ball holds what comes
/// out: rounding is added to the radius, and nothing rests on an analysis of the whole computation.
/// Where a result is not finite its radius is infinite or not a number.
///
/// Sums within 3·2⁻¹⁰⁶ and products within 5·2⁻¹⁰⁶ of their midpoint, where nothing underflows
/// (Joldes, Muller, Popescu 2017; Muller, Rideau 2022); 2⁻¹⁰² is what is counted.
public struct Ball: Equatable, Sendable {
  /// The midpoint, |low| ≤ ½ulp(high).
  public let high, low: Double
  public let radius: Double

  /// Of each operation's result.
  static let unit = 0x1p-102
  /// More than products lose below the least double.
  static let underflow = 0x1p-1068
  /// Radii are sums and products of fewer than 2⁶ numbers that are not negative.
  static let inflation = 1 + 0x1p-44

  /// What lies within `radius` of a number: exactly that number by default.
  public init(_ value: Double, radius: Double = 0) {
    self.init(high: value, low: 0, radius: radius)
  }

  @inline(__always)
  package init(high: Double, low: Double, radius: Double) {
    self.high = high
    self.low = low
    self.radius = radius
  }

  /// |x| is no larger than this.
  public var magnitudeBound: Double { (high.magnitude + radius) * Self.inflation }

  public var isFinite: Bool { high.isFinite && low.isFinite && radius.isFinite }

  /// Exactly zero.
  var isZero: Bool { high == 0 && radius == 0 }

  /// The midpoint, exactly.
  var midpoint: Ball { Ball(high: high, low: low, radius: 0) }

  /// The same midpoint, known less well.
  func widened(by more: Double) -> Ball {
    Ball(high: high, low: low, radius: (radius + more) * Self.inflation)
  }

  /// Times a power of two.
  func scaled(byPowerOfTwo exponent: Int) -> Ball {
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    return Ball(
      high: high * factor, low: low * factor, radius: radius * factor + Self.underflow)
  }

  @inline(__always)
  public static prefix func - (a: Ball) -> Ball {
    Ball(high: -a.high, low: -a.low, radius: a.radius)
  }

  @inline(__always)
  public static func + (a: Ball, b: Ball) -> Ball {
    let (high, highRest) = exactSum(a.high, b.high)
    let (low, lowRest) = exactSum(a.low, b.low)
    let (sum, rest) = ordered(high, highRest + low)
    let (first, second) = ordered(sum, rest + lowRest)
    return Ball(
      high: first, low: second,
      radius: (a.radius + b.radius + unit * first.magnitude) * inflation)
  }

  @inline(__always)
  public static func - (a: Ball, b: Ball) -> Ball { a + -b }

  @inline(__always)
  public static func * (a: Ball, b: Ball) -> Ball {
    let product = a.high * b.high
    let rest = (-product).addingProduct(a.high, b.high)
    let cross = (a.high * b.low).addingProduct(a.low, b.high)
    let (first, second) = ordered(product, rest + cross)
    return Ball(
      high: first, low: second,
      radius: (a.high.magnitude * b.radius + (b.high.magnitude + b.radius) * a.radius
        + unit * first.magnitude + underflow) * inflation)
  }

  /// The quotient's radius is by what is left of a − q·b: no rule about the division's rounding.
  public static func / (a: Ball, b: Ball) -> Ball {
    let least = (b.high.magnitude / inflation - b.radius) / inflation
    guard least > 0 else { return Ball(high: a.high / b.high, low: 0, radius: .infinity) }
    let first = a.high / b.high
    let second = (a - Ball(first) * b).high / b.high
    let (high, low) = ordered(first, second)
    let quotient = Ball(high: high, low: low, radius: 0)
    let rest = a - quotient * b
    return quotient.widened(by: rest.magnitudeBound / least + underflow)
  }

  /// a + b and what rounding takes from it, exactly (Knuth 1969).
  @inline(__always)
  private static func exactSum(_ a: Double, _ b: Double) -> (sum: Double, rest: Double) {
    let sum = a + b
    let second = sum - a
    return (sum, (a - (sum - second)) + (b - second))
  }

  /// The same where |a| ≥ |b| or a = 0 (Dekker 1971).
  @inline(__always)
  private static func ordered(_ a: Double, _ b: Double) -> (sum: Double, rest: Double) {
    let sum = a + b
    return (sum, b - (sum - a))
  }
}

extension [Ball] {
  /// ‖midpoints‖, and how far the norm of what the balls hold may be from it.
  var norm: (value: Double, error: Double) {
    let value = map(\.high).norm
    let radii = map { $0.radius + $0.low.magnitude }.norm
    let own = Rounding.gamma(count / 2 + 8)
    return (value, (radii + own * (value + radii)) * Rounding.inflation)
  }
}
