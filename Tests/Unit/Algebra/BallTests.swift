import Oracles
import Saddle
import Support
import Testing

/// Balls hold the true result, by double-double arithmetic of another's.
@Suite struct BallTests {
  /// What double-double is exact to itself.
  private static let exactness = 0x1p-103

  private func truth(_ x: Ball) -> DoubleDouble { DoubleDouble(x.high, x.low) }

  /// How far the ball is from holding a number, in parts of the number; negative where it holds it.
  private func escape(_ ball: Ball, _ exact: DoubleDouble, exactness: Double = Self.exactness) -> Double {
    let distance = Double((truth(ball) - exact).magnitude)
    return distance - ball.radius - exactness * exact.high.magnitude
  }

  /// Sums of two doubles of all sizes, now and then near another one.
  private func draw(near other: Ball?, using generator: inout SplitMix64) -> Ball {
    if let other, Draw.once(in: 3, using: &generator) {
      let off = pow2(-Draw.integer(below: 105, using: &generator))
      return Ball(high: -other.high, low: other.low * off, radius: 0)
    }
    let high = Draw.normal(using: &generator) * pow2(Draw.integer(below: 120, using: &generator) - 60)
    let low = high.ulp / 2 * Draw.uniform(-1, 1, using: &generator)
    return Ball(high: high, low: low, radius: 0)
  }

  private func pow2(_ k: Int) -> Double { Double(sign: .plus, exponent: k, significand: 1) }

  @Test(.tags(.oracle)) func `sums, products and quotients lie in their balls, and balls are small`() {
    var generator = SplitMix64(seed: 1)
    for _ in 0..<20_000 {
      let a = draw(near: nil, using: &generator)
      let b = draw(near: a, using: &generator)
      let (x, y) = (truth(a), truth(b))
      for (name, ball, exact) in [
        ("+", a + b, x + y), ("-", a - b, x - y), ("·", a * b, x * y), ("/", a / b, x / y),
      ] {
        #expect(escape(ball, exact) <= 0, "\(a) \(name) \(b): \(ball), \(exact)")
        #expect(
          ball.radius <= 0x1p-97 * exact.high.magnitude + 0x1p-1000, "\(a) \(name) \(b): \(ball)")
      }
    }
  }

  @Test(.tags(.oracle)) func `what balls hold comes out within their result`() {
    var generator = SplitMix64(seed: 2)
    func inside(_ ball: Ball) -> DoubleDouble {
      truth(ball) + DoubleDouble(ball.radius) * DoubleDouble(Draw.sign(using: &generator) * 0.999999)
    }
    for _ in 0..<20_000 {
      let first = draw(near: nil, using: &generator)
      let second = draw(near: first, using: &generator)
      let (s, t) = (Draw.uniform(0, 0.5, using: &generator), Draw.uniform(0, 0.5, using: &generator))
      let a = Ball(high: first.high, low: first.low, radius: s * first.high.magnitude)
      let b = Ball(high: second.high, low: second.low, radius: t * second.high.magnitude)
      let (x, y) = (inside(a), inside(b))
      for (name, ball, exact) in [
        ("+", a + b, x + y), ("-", a - b, x - y), ("·", a * b, x * y), ("/", a / b, x / y),
      ] {
        #expect(escape(ball, exact) <= 0, "\(a) \(name) \(b): \(ball), \(exact)")
      }
    }
    // 1/0 is anything.
    #expect((Ball(1) / Ball(0.5, radius: 0.5)).radius == .infinity)
    #expect(!(Ball(.greatestFiniteMagnitude) * Ball(2)).isFinite)
  }

  private static let functions:
    [(
      name: String, range: ClosedRange<Double>, of: @Sendable (Ball) -> Ball,
      exact: @Sendable (DoubleDouble) -> DoubleDouble
    )] = [
      ("exp", -650...700, \.exponential, \.exponential),
      ("log(1 + x)", 0...3, \.logarithmOfOnePlus, \.logarithmOfOnePlus),
      ("tanh", -30...30, \.hyperbolicTangent, \.hyperbolicTangent),
      ("logistic", -30...30, \.logistic.value, { DoubleDouble(1) / (DoubleDouble(1) + (-$0).exponential) }),
      (
        "its slope", -30...30, \.logistic.slope,
        { x in
          let e = (-x.magnitude).exponential
          return e / ((DoubleDouble(1) + e) * (DoubleDouble(1) + e))
        }
      ),
      (
        "softplus", -30...30, \.softplus,
        {
          $0 < DoubleDouble(0) ? $0.exponential.logarithmOfOnePlus : $0 + (-$0).exponential.logarithmOfOnePlus
        }
      ),
      (
        "Φ", -15...15, \.normal.distribution,
        { (-$0 / DoubleDouble(2).squareRoot).complementaryErrorFunction / DoubleDouble(2) }
      ),
      (
        "its density", -15...15, \.normal.density,
        { (-($0 * $0) / DoubleDouble(2)).exponential / (DoubleDouble.pi * DoubleDouble(2)).squareRoot }
      ),
    ]

  @Test(.tags(.oracle), arguments: functions.indices)
  func `elementary functions lie in their balls, at the argument and about it`(which: Int) {
    let (name, range, of, exact) = Self.functions[which]
    var generator = SplitMix64(seed: UInt64(which))
    var widest = 0.0
    for n in 0..<3_000 {
      let scale = n % 2 == 0 ? 1 : pow2(-Draw.integer(below: 60, using: &generator))
      let high = scale * Draw.uniform(range.lowerBound, range.upperBound, using: &generator)
      let x = Ball(
        high: high, low: high.ulp / 2 * Draw.uniform(-1, 1, using: &generator),
        radius: n % 3 == 0 ? 0 : pow2(-Draw.integer(below: 100, using: &generator) - 4))
      let result = of(x)
      // Elementary functions of double-double are good to some 1e-29.
      for share in x.radius == 0 ? [0] : [-0.999999, 0, 0.999999] {
        let at = truth(x) + DoubleDouble(share) * DoubleDouble(x.radius)
        if name == "log(1 + x)", at < DoubleDouble(0) { continue }
        let y = exact(at)
        #expect(escape(result, y, exactness: 1e-28) <= 1e-31, "\(name) at \(x), \(share): \(result), \(y)")
      }
      if x.radius == 0 {
        widest = max(widest, result.radius / max(1, result.high.magnitude))
      }
    }
    #expect(widest < 1e-26, "\(name): \(widest)")
  }
}
