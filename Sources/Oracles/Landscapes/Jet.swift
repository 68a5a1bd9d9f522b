import Foundation

/// A function's value with its exact derivatives along two directions u and v: f, fᵤ, f_v, fᵤᵥ.
///
/// Truncated Taylor arithmetic in a + b·ε₁ + c·ε₂ + d·ε₁ε₂ with ε₁² = ε₂² = 0 (hyper-dual numbers,
/// Fike and Alonso 2011): every operation carries the derivatives by the chain rule, with rounding
/// errors only. With u = v the mixed part is the second directional derivative.
struct Jet: Sendable, Equatable {
  var value: Double
  /// The derivative along u.
  var alongU: Double
  /// The derivative along v.
  var alongV: Double
  /// The second derivative along u and v.
  var mixed: Double

  init(_ value: Double, alongU: Double = 0, alongV: Double = 0, mixed: Double = 0) {
    self.value = value
    self.alongU = alongU
    self.alongV = alongV
    self.mixed = mixed
  }

  /// φ(self), given φ, φ′ and φ″ at the value.
  func composed(_ f: Double, _ first: Double, _ second: Double) -> Jet {
    Jet(
      f, alongU: first * alongU, alongV: first * alongV,
      mixed: first * mixed + second * alongU * alongV)
  }

  static func + (a: Jet, b: Jet) -> Jet {
    Jet(
      a.value + b.value, alongU: a.alongU + b.alongU, alongV: a.alongV + b.alongV,
      mixed: a.mixed + b.mixed)
  }

  static func - (a: Jet, b: Jet) -> Jet { a + b * -1 }

  static func * (a: Jet, b: Jet) -> Jet {
    Jet(
      a.value * b.value,
      alongU: a.alongU * b.value + a.value * b.alongU,
      alongV: a.alongV * b.value + a.value * b.alongV,
      mixed: a.mixed * b.value + a.alongU * b.alongV + a.alongV * b.alongU + a.value * b.mixed)
  }

  static func * (a: Jet, b: Double) -> Jet {
    Jet(a.value * b, alongU: a.alongU * b, alongV: a.alongV * b, mixed: a.mixed * b)
  }

  static func + (a: Jet, b: Double) -> Jet {
    Jet(a.value + b, alongU: a.alongU, alongV: a.alongV, mixed: a.mixed)
  }

  /// 1/self.
  var reciprocal: Jet {
    let r = 1 / value
    return composed(r, -r * r, 2 * r * r * r)
  }

  var exponential: Jet {
    let e = exp(value)
    return composed(e, e, e)
  }

  var logarithm: Jet { composed(log(value), 1 / value, -1 / (value * value)) }

  /// log(1 + self).
  var logarithmOfOnePlus: Jet {
    let r = 1 / (1 + value)
    return composed(log1p(value), r, -r * r)
  }

  var hyperbolicTangent: Jet {
    let t = tanh(value)
    return composed(t, 1 - t * t, -2 * t * (1 - t * t))
  }

  var errorFunction: Jet {
    let slope = 2 / Double.pi.squareRoot() * exp(-value * value)
    return composed(erf(value), slope, -2 * value * slope)
  }
}
