import Foundation

/// A number that networks in plain loops compute with: `Double`, or `DoubleDouble` for a truth.
protocol PlainNumber: Comparable, Sendable {
  /// Exactly this number.
  init(_ value: Double)

  static prefix func - (a: Self) -> Self
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self

  static var pi: Self { get }
  var squareRoot: Self { get }
  /// eˣ.
  var exponential: Self { get }
  var logarithm: Self { get }
  /// log(1 + x), to its own digits for small x too.
  var logarithmOfOnePlus: Self { get }
  var hyperbolicTangent: Self { get }
  /// (2/√π)·∫ₓ^∞ e^(−t²)dt.
  var complementaryErrorFunction: Self { get }
}

extension Double: PlainNumber {
  var squareRoot: Double { squareRoot() }
  var exponential: Double { Foundation.exp(self) }
  var logarithm: Double { Foundation.log(self) }
  var logarithmOfOnePlus: Double { Foundation.log1p(self) }
  var hyperbolicTangent: Double { Foundation.tanh(self) }
  var complementaryErrorFunction: Double { Foundation.erfc(self) }
}

extension DoubleDouble: PlainNumber {}
