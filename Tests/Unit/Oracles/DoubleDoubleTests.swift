import Oracles
import Testing

/// Double-doubles against known digits, exact integers and identities.
@Suite struct DoubleDoubleTests {
  struct Known: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let function: @Sendable (DoubleDouble) -> DoubleDouble
    let argument: Double
    let value: DoubleDouble

    init(
      _ name: String, _ function: @escaping @Sendable (DoubleDouble) -> DoubleDouble,
      of argument: Double, is high: Double, _ low: Double
    ) {
      testDescription = "\(name) of \(argument)"
      self.function = function
      self.argument = argument
      value = DoubleDouble(high, low)
    }
  }

  // From 60-digit arithmetic (mpmath 1.3), rounded to the two doubles: 32 digits.
  static let known = [
    Known("exponential", { $0.exponential }, of: 1.0, is: 2.718281828459045, 1.4456468917292502e-16),
    Known("exponential", { $0.exponential }, of: -1.0, is: 0.36787944117144233, -1.2428753672788363e-17),
    Known("exponential", { $0.exponential }, of: 0.5, is: 1.6487212707001282, -4.731568479435833e-17),
    Known("exponential", { $0.exponential }, of: 1e-20, is: 1.0, 1e-20),
    Known("exponential", { $0.exponential }, of: -0.3, is: 0.7408182206817179, -1.805530505953e-18),
    Known("exponential", { $0.exponential }, of: 10.25, is: 28282.541920334977, 1.6137346351068288e-12),
    Known("exponential", { $0.exponential }, of: -37.5, is: 5.175555005801869e-17, -2.3609618230840602e-33),
    Known("exponential", { $0.exponential }, of: 700.0, is: 1.0142320547350045e+304, 1.6666571920734673e+287),
    Known(
      "exponential", { $0.exponential }, of: -600.125, is: 2.3389667486471926e-261, 9.928074524308686e-278),
    Known("exponentialLess1", { $0.exponentialLess1 }, of: 1e-20, is: 1e-20, 5e-41),
    Known(
      "exponentialLess1", { $0.exponentialLess1 }, of: -1e-09, is: -9.999999995e-10, -7.477230737177921e-26),
    Known(
      "exponentialLess1", { $0.exponentialLess1 }, of: 0.125, is: 0.13314845306682632, -5.370737708558031e-18),
    Known(
      "exponentialLess1", { $0.exponentialLess1 }, of: 0.39, is: 0.4769807938826426, 1.2594776344148535e-17),
    Known(
      "exponentialLess1", { $0.exponentialLess1 }, of: -0.39, is: -0.3229431255018353, -1.6055467509298885e-17
    ),
    Known(
      "exponentialLess1", { $0.exponentialLess1 }, of: 2.5, is: 11.182493960703473, 2.0334002173348147e-16),
    Known("logarithm", { $0.logarithm }, of: 2.0, is: 0.6931471805599453, 2.3190468138462996e-17),
    Known("logarithm", { $0.logarithm }, of: 10.0, is: 2.302585092994046, -2.1707562233822494e-16),
    Known("logarithm", { $0.logarithm }, of: 0.1, is: -2.3025850929940455, -1.7150243628057985e-16),
    Known(
      "logarithm", { $0.logarithm }, of: 1.0000000001, is: 1.000000082690371e-10, -4.2169170658954805e-27),
    Known("logarithm", { $0.logarithm }, of: 0.75, is: -0.2876820724517809, -2.607160616442564e-17),
    Known("logarithm", { $0.logarithm }, of: 1e+300, is: 690.7755278982137, 2.3747660028800243e-14),
    Known("logarithm", { $0.logarithm }, of: 1e-300, is: -690.7755278982137, -2.3670096176709832e-14),
    Known("logarithmOfOnePlus", { $0.logarithmOfOnePlus }, of: 1e-30, is: 1e-30, -5.0000000000000005e-61),
    Known("logarithmOfOnePlus", { $0.logarithmOfOnePlus }, of: -1e-17, is: -1e-17, -5.000000000000001e-35),
    Known(
      "logarithmOfOnePlus", { $0.logarithmOfOnePlus }, of: 0.3, is: 0.26236426446749106,
      -1.6067257209028454e-17),
    Known(
      "logarithmOfOnePlus", { $0.logarithmOfOnePlus }, of: -0.25, is: -0.2876820724517809,
      -2.607160616442564e-17),
    Known(
      "logarithmOfOnePlus", { $0.logarithmOfOnePlus }, of: 0.75, is: 0.5596157879354227, 2.685492580212308e-17
    ),
    Known(
      "logarithmOfOnePlus", { $0.logarithmOfOnePlus }, of: 10000000000.0, is: 23.025850930040455,
      1.3736784183183428e-15),
    Known(
      "hyperbolicTangent", { $0.hyperbolicTangent }, of: 1.0, is: 0.7615941559557649, 3.7090214482164924e-17),
    Known(
      "hyperbolicTangent", { $0.hyperbolicTangent }, of: -0.01, is: -0.00999966667999946,
      -2.249494707259477e-19),
    Known("hyperbolicTangent", { $0.hyperbolicTangent }, of: 1e-15, is: 1e-15, -3.333333333333334e-46),
    Known(
      "hyperbolicTangent", { $0.hyperbolicTangent }, of: 0.55, is: 0.5005202111902353, -2.2927568355840214e-17
    ),
    Known(
      "hyperbolicTangent", { $0.hyperbolicTangent }, of: 3.0, is: 0.9950547536867305, -1.2991892863562624e-17),
    Known("hyperbolicTangent", { $0.hyperbolicTangent }, of: -19.5, is: -1.0, 2.3096448346031572e-17),
    Known("hyperbolicTangent", { $0.hyperbolicTangent }, of: 30.0, is: 1.0, -1.751302152539304e-26),
    Known("complementaryErrorFunction", { $0.complementaryErrorFunction }, of: 0.0, is: 1.0, 0.0),
    Known(
      "complementaryErrorFunction", { $0.complementaryErrorFunction }, of: 1.0, is: 0.15729920705028513,
      -2.954563826510312e-18),
    Known(
      "complementaryErrorFunction", { $0.complementaryErrorFunction }, of: -1.0, is: 1.8427007929497148,
      8.622129067339705e-17),
    Known(
      "complementaryErrorFunction", { $0.complementaryErrorFunction }, of: 0.1, is: 0.887537083981715,
      5.4585601489869416e-17),
    Known(
      "complementaryErrorFunction", { $0.complementaryErrorFunction }, of: 1.9375, is: 0.0061431936047868,
      -4.117233133400583e-19),
    Known(
      "complementaryErrorFunction", { $0.complementaryErrorFunction }, of: 2.0, is: 0.004677734981047266,
      -3.8794238326641256e-19),
    Known(
      "complementaryErrorFunction", { $0.complementaryErrorFunction }, of: 2.5, is: 0.0004069520174449589,
      2.080297158010754e-20),
    Known(
      "complementaryErrorFunction", { $0.complementaryErrorFunction }, of: 5.0, is: 1.537459794428035e-12,
      -8.569418222079096e-29),
    Known(
      "complementaryErrorFunction", { $0.complementaryErrorFunction }, of: -3.0, is: 1.9999779095030015,
      -5.738833187615296e-17),
    Known(
      "complementaryErrorFunction", { $0.complementaryErrorFunction }, of: 10.0, is: 2.088487583762545e-45,
      -1.2006565763501381e-61),
    Known(
      "complementaryErrorFunction", { $0.complementaryErrorFunction }, of: 25.0, is: 8.300172571196523e-274,
      -4.0508928147804266e-291),
    Known("squareRoot", { $0.squareRoot }, of: 2.0, is: 1.4142135623730951, -9.667293313452913e-17),
    Known("squareRoot", { $0.squareRoot }, of: 3.0, is: 1.7320508075688772, 1.0035084221806903e-16),
    Known("squareRoot", { $0.squareRoot }, of: 0.1, is: 0.31622776601683794, 8.004969469767158e-19),
    Known("squareRoot", { $0.squareRoot }, of: 1e-200, is: 1e-100, -2.8941768603061505e-117),
    Known("squareRoot", { $0.squareRoot }, of: 1e+200, is: 1e+100, -3.103633000350474e+83),
  ]

  @Test(arguments: known) func `a function has its known digits`(known: Known) {
    let found = known.function(DoubleDouble(known.argument))
    let error = Double((found - known.value).magnitude)
    // e^x and erfc x lose what |x| or x² has before its point.
    let growth = known.argument.magnitude > 1e5 ? 1 : 1 + known.argument.magnitude
    #expect(error <= 1e-31 * growth * known.value.high.magnitude, "\(error / known.value.high)")
  }

  @Test func `products and sums of integers are exact`() {
    var rng = SplitMix64(seed: 5)
    for _ in 0..<100 {
      let (a, b) = (Int64(bitPattern: rng.next()) >> 11, Int64(bitPattern: rng.next()) >> 11)
      let product = DoubleDouble(Double(a)) * DoubleDouble(Double(b))
      #expect(integer(product) == Int128(a) * Int128(b))
      let sum = product + DoubleDouble(Double(a))
      // 2^-105 of the sum is less than 1.
      #expect(integer(sum) == Int128(a) * Int128(b) + Int128(a))
    }
  }

  private func integer(_ x: DoubleDouble) -> Int128 { Int128(x.high) + Int128(x.low) }

  @Test func `quotients and roots undo products`() {
    var rng = SplitMix64(seed: 6)
    for _ in 0..<100 {
      let a = draw(&rng)
      let b = draw(&rng)
      expect(a * b / b, a)
      expect((a * a).squareRoot, a.magnitude)
      expect(a / b * b, a)
    }
  }

  @Test func `exponential and logarithm undo one another, and powers add`() {
    var rng = SplitMix64(seed: 7)
    for _ in 0..<20 {
      let x = DoubleDouble(Draw.uniform(-30, 30, using: &rng)) + draw(&rng) * DoubleDouble(1e-17)
      let y = DoubleDouble(Draw.uniform(-30, 30, using: &rng))
      // An error of 1e-30 in the power is one of e^x, as is log's in its own digits.
      expect((x + y).exponential, x.exponential * y.exponential, within: 1e-29)
      expect(x.exponential.logarithm, x, within: 1e-29, absolute: 1e-30)
      let t = x.hyperbolicTangent
      let e = (x + x).exponential
      expect(t, (e - DoubleDouble(1)) / (e + DoubleDouble(1)), within: 1e-29, absolute: 1e-31)
      let sum = x.complementaryErrorFunction + (-x).complementaryErrorFunction
      expect(sum, DoubleDouble(2))
    }
  }

  // Where the series meets the continued fraction they are the same function.
  @Test func `erfc's two expansions agree about x = 1`() {
    let (below, above) = (DoubleDouble(1.0.nextDown), DoubleDouble(1))
    let slope = DoubleDouble(-1).exponential.high * -2 / Double.pi.squareRoot()
    let change = above.complementaryErrorFunction - below.complementaryErrorFunction
    #expect((Double(change) - slope * 1.0.nextDown.ulp).magnitude < 1e-30)
  }

  @Test func `what is no number stays none, and the ends are the limits`() {
    #expect(DoubleDouble(.nan).exponential.high.isNaN)
    #expect(DoubleDouble(800).exponential.high == .infinity)
    #expect(DoubleDouble(-800).exponential == DoubleDouble(0))
    #expect(DoubleDouble(0).logarithm.high == -.infinity)
    #expect((DoubleDouble(1e300) * DoubleDouble(1e300)).high == .infinity)
    #expect(DoubleDouble(-50).hyperbolicTangent == DoubleDouble(-1))
    #expect(DoubleDouble(1, 1e-20) > DoubleDouble(1))
  }

  private func draw(_ rng: inout SplitMix64) -> DoubleDouble {
    let high = Draw.normal(using: &rng)
    return DoubleDouble(high, high * 0x1p-54 * Draw.uniform(-1, 1, using: &rng))
  }

  private func expect(
    _ found: DoubleDouble, _ expected: DoubleDouble, within tolerance: Double = 4e-31,
    absolute: Double = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = Double((found - expected).magnitude)
    #expect(
      error <= tolerance * expected.high.magnitude + absolute,
      "\(error / expected.high.magnitude)", sourceLocation: sourceLocation)
  }
}
