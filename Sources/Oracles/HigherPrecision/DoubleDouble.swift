/// A number as the unevaluated sum of two doubles, high + low with |low| ≤ ½ulp(high): about 106
/// bits, for truths that plain arithmetic is held against.
///
/// Every operation stands on two that lose nothing: the sum of two doubles with its error (Knuth's
/// two-sum) and their product with its error (by a fused multiplication and addition). After Dekker
/// 1971; error bounds by Joldes, Muller, Popescu 2017.
///
/// - Accuracy: sums within 3·2⁻¹⁰⁶, products within 5·2⁻¹⁰⁶, quotients and roots within 10·2⁻¹⁰⁶ of
///   the result, where nothing over- or underflows; what a product loses below 2⁻¹⁰⁷⁴ is lost.
public struct DoubleDouble: Equatable, Sendable {
  public let high: Double
  public let low: Double

  /// Exactly this number.
  public init(_ value: Double) {
    high = value
    low = 0
  }

  /// high + low, of any two doubles with |high| ≥ |low| or high = 0.
  public init(_ high: Double, _ low: Double) {
    let sum = high + low
    self.high = sum
    // What is not finite has no low part.
    self.low = sum.isFinite ? low - (sum - high) : 0
  }

  private init(normalized high: Double, _ low: Double) {
    self.high = high
    self.low = low
  }

  /// a + b without any error (Knuth 1969), wherever the sum is finite.
  static func exactSum(_ a: Double, _ b: Double) -> DoubleDouble {
    let sum = a + b
    guard sum.isFinite else { return DoubleDouble(sum) }
    let second = sum - a
    return DoubleDouble(normalized: sum, (a - (sum - second)) + (b - second))
  }

  /// a·b without any error, wherever the product is finite and its error is no less than the least
  /// double.
  static func exactProduct(_ a: Double, _ b: Double) -> DoubleDouble {
    let product = a * b
    guard product.isFinite else { return DoubleDouble(product) }
    return DoubleDouble(normalized: product, (-product).addingProduct(a, b))
  }

  public static prefix func - (a: DoubleDouble) -> DoubleDouble {
    DoubleDouble(normalized: -a.high, -a.low)
  }

  public static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let high = exactSum(a.high, b.high)
    let low = exactSum(a.low, b.low)
    let sum = DoubleDouble(high.high, high.low + low.high)
    return DoubleDouble(sum.high, sum.low + low.low)
  }

  public static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + -b }

  public static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let product = exactProduct(a.high, b.high)
    let cross = (a.low * b.low).addingProduct(a.high, b.low)
    return DoubleDouble(product.high, product.low + cross.addingProduct(a.low, b.high))
  }

  public static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let first = a.high / b.high
    guard first.isFinite else { return DoubleDouble(first) }
    var rest = a - b * DoubleDouble(first)
    let second = rest.high / b.high
    rest = rest - b * DoubleDouble(second)
    let quotient = DoubleDouble(first, second)
    return quotient + DoubleDouble(rest.high / b.high)
  }

  /// Times a power of two: exact where nothing underflows.
  func scaled(byPowerOfTwo exponent: Int) -> DoubleDouble {
    // In two steps, since 2ᵏ alone may be no double where the result is one.
    let half = exponent / 2
    let (first, second) = (
      Double(sign: .plus, exponent: half, significand: 1),
      Double(sign: .plus, exponent: exponent - half, significand: 1)
    )
    return DoubleDouble(high * first * second, low * first * second)
  }

  public var magnitude: DoubleDouble { high < 0 ? -self : self }

  /// √self, of a number that is not negative.
  public var squareRoot: DoubleDouble {
    guard high > 0 else { return DoubleDouble(high.squareRoot()) }
    // Newton's step from the double's root: half of the error over it.
    let root = high.squareRoot()
    let rest = self - Self.exactProduct(root, root)
    let once = DoubleDouble(root, rest.high / (2 * root))
    let left = self - once * once
    return once + DoubleDouble(left.high / (2 * root))
  }
}

extension DoubleDouble: Comparable {
  public static func < (a: DoubleDouble, b: DoubleDouble) -> Bool {
    a.high < b.high || (a.high == b.high && a.low < b.low)
  }
}

extension Double {
  /// The nearest double.
  public init(_ value: DoubleDouble) { self = value.high + value.low }
}
