import RealModule

/// Airy's function Ai, the solution of y″ = xy that decays to the right, with its derivative, for
/// x ≥ −12.
///
/// - Accuracy: 1e-14 absolutely where x < 0, 1e-13 relatively where 0 ≤ x ≤ 40, measured against
///   GSL; beyond 40 as the exponential of ⅔x^1.5.
package struct AiryFunction: Sendable {
  /// Where the domain begins.
  package static let least = -12.0
  /// Expansions about halves of whole numbers reach up to here.
  private static let last = 40.0

  /// Ai and Ai′ at `least`, `least` + ½, …, `last`.
  private let values: [(value: Double, slope: Double)]

  package init() {
    // To the right from an integral; to the left, where Ai oscillates and errors do not grow, by
    // Taylor steps from 0 (Ai(0) = 3^−⅔/Γ(⅔), Ai′(0) = −3^−⅓/Γ(⅓): DLMF 9.2.3–4).
    let middle = (value: 0.355028053887817239, slope: -0.258819403792806798)
    var left = [middle]
    for k in 0..<Int(-2 * Self.least) {
      left.append(Self.taylor(left[k], at: -Double(k) / 2, step: -0.5))
    }
    values =
      left.reversed() + [Self.taylor(middle, at: 0, step: 0.5)]
      + (2...Int(2 * Self.last)).map { Self.integral(Double($0) / 2) }
  }

  package func callAsFunction(_ x: Double) -> (value: Double, slope: Double) {
    precondition(x >= Self.least, "Ai(\(x)) to the left of \(Self.least)")
    guard x <= Self.last else { return Self.integral(x) }
    let nearest = (2 * x).rounded() / 2
    return Self.taylor(values[Int(2 * (nearest - Self.least))], at: nearest, step: x - nearest)
  }

  /// A solution of y″ = xy at c + h from its value and slope at c, by y's Taylor series, whose
  /// coefficients are a₀, a₁, aₖ₊₂ = (c·aₖ + aₖ₋₁)/((k + 1)(k + 2)). For |h| ≤ ¼ and |c| ≤ 40, and
  /// for |h| ≤ ½ and |c| ≤ 12, its 28 terms leave less than 1e-20 of the larger of |y|, |y′|. To
  /// the right terms cancel: h = ½ at c = 40 would cost three digits, ¼ costs one.
  private static func taylor(
    _ start: (value: Double, slope: Double), at c: Double, step h: Double
  ) -> (value: Double, slope: Double) {
    var (before, current, next) = (0.0, start.value, start.slope)
    var (value, slope, power) = (0.0, 0.0, 1.0)
    for k in 0..<28 {
      value += current * power
      slope += Double(k + 1) * next * power
      power *= h
      (before, current, next) =
        (current, next, (c * current + before) / Double((k + 1) * (k + 2)))
    }
    return (value, slope)
  }

  /// For x ≥ 1, with a = √x: the path of Airy's integral taken through its saddle point,
  /// Ai(x) = (e^−ζ/π) ∫₀^∞ exp(−at²)·cos(t³/3) dt with ζ = ⅔x^1.5, by the trapezoidal rule, which
  /// converges geometrically for such integrands.
  private static func integral(_ x: Double) -> (value: Double, slope: Double) {
    let a = x.squareRoot()
    let width = (40 / a).squareRoot()
    let pieces = 100
    let step = width / Double(pieces)
    var (value, slope) = (0.5, -a / 2)
    for k in 1...pieces {
      let t = step * Double(k)
      let weight = Double.exp(-a * t * t)
      let (cosine, sine) = (Double.cos(t * t * t / 3), Double.sin(t * t * t / 3))
      value += weight * cosine
      slope -= weight * (a * cosine + t * sine)
    }
    let scale = step * .exp(-2 * x * a / 3) / .pi
    return (scale * value, scale * slope)
  }
}
