/// A function's value with its exact derivatives along two directions u and v: f, fᵤ, f_v, fᵤᵥ.
///
/// Truncated Taylor arithmetic in a + b·ε₁ + c·ε₂ + d·ε₁ε₂ with ε₁² = ε₂² = 0 (hyper-dual numbers,
/// Fike and Alonso 2011): every operation carries the derivatives by the chain rule, with rounding
/// errors only. With u = v the mixed part is the second directional derivative.
struct Jet<Number: PlainNumber>: Sendable, Equatable {
  var value: Number
  /// The derivative along u.
  var alongU: Number
  /// The derivative along v.
  var alongV: Number
  /// The second derivative along u and v.
  var mixed: Number

  init(
    _ value: Number, alongU: Number = Number(0), alongV: Number = Number(0),
    mixed: Number = Number(0)
  ) {
    self.value = value
    self.alongU = alongU
    self.alongV = alongV
    self.mixed = mixed
  }

  /// φ(self), given φ, φ′ and φ″ at the value.
  func composed(_ f: Number, _ first: Number, _ second: Number) -> Jet {
    Jet(
      f, alongU: first * alongU, alongV: first * alongV,
      mixed: first * mixed + second * alongU * alongV)
  }

  static func + (a: Jet, b: Jet) -> Jet {
    Jet(
      a.value + b.value, alongU: a.alongU + b.alongU, alongV: a.alongV + b.alongV,
      mixed: a.mixed + b.mixed)
  }

  static func - (a: Jet, b: Jet) -> Jet { a + b * Number(-1) }

  static func * (a: Jet, b: Jet) -> Jet {
    Jet(
      a.value * b.value,
      alongU: a.alongU * b.value + a.value * b.alongU,
      alongV: a.alongV * b.value + a.value * b.alongV,
      mixed: a.mixed * b.value + a.alongU * b.alongV + a.alongV * b.alongU + a.value * b.mixed)
  }

  static func * (a: Jet, b: Number) -> Jet {
    Jet(a.value * b, alongU: a.alongU * b, alongV: a.alongV * b, mixed: a.mixed * b)
  }

  static func + (a: Jet, b: Number) -> Jet {
    Jet(a.value + b, alongU: a.alongU, alongV: a.alongV, mixed: a.mixed)
  }

  /// 1/self.
  var reciprocal: Jet {
    let r = Number(1) / value
    return composed(r, -r * r, Number(2) * r * r * r)
  }

  var exponential: Jet {
    let e = value.exponential
    return composed(e, e, e)
  }

  /// log(1 + self).
  var logarithmOfOnePlus: Jet {
    let r = Number(1) / (Number(1) + value)
    return composed(value.logarithmOfOnePlus, r, -r * r)
  }

  /// √self.
  var root: Jet {
    let s = value.squareRoot
    let slope = Number(0.5) / s
    return composed(s, slope, -slope * Number(0.5) / value)
  }

  var hyperbolicTangent: Jet {
    let t = value.hyperbolicTangent
    let slope = (Number(1) - t) * (Number(1) + t)
    return composed(t, slope, Number(-2) * t * slope)
  }

  /// The standard normal distribution function.
  var normalDistribution: Jet {
    let half = Number(0.5)
    let density = (-value * value * half).exponential / (Number(2) * Number.pi).squareRoot
    let below = half * (-value * half.squareRoot).complementaryErrorFunction
    return composed(below, density, -value * density)
  }
}
