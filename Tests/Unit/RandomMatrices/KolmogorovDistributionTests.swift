import Saddle
import Support
import Testing

@Suite struct KolmogorovDistributionTests {
  /// n, d, P(D ≤ d) and P(D ≥ d): the same matrix's power with 50 digits (mpmath), n = 10 and the
  /// first of 2000 as printed by Marsaglia, Tsang, Wang 2003; at n·d² ≥ 4 Smirnov's sum in
  /// fractions; n = 16000 by SciPy 1.17, which is as good there but loses digits at n = 141.
  private static let known: [(n: Int, d: Double, below: Double, above: Double)] = [
    (3, 0.4, 0.4053333333333335, 0.5946666666666665),
    (10, 0.274, 0.6284796154565043, 0.3715203845434957),
    (20, 0.1, 0.023744905407845036, 0.976255094592155),
    (140, 0.07, 0.5223771712053423, 0.4776228287946577),
    (141, 0.15, 0.99689413764648866598, 0.0031058623535113340188),
    (2000, 0.04, 0.99676943191713676985, 0.00323056808286323015),
    (2000, 0.06, 0.9999989395961849, 1.0604306943365804e-06),
    (2000, 0.015, 0.24684730390178575111, 0.75315269609821424889),
    (16000, 0.016, 0.9994523491420106, 0.0005476508617308034),
    (50, 0.9, 1, 2.0160611902288150e-50),
  ]

  @Test(arguments: known)
  func `it is the published one`(_ known: (n: Int, d: Double, below: Double, above: Double)) throws {
    let law = try KolmogorovDistribution(count: known.n)
    #expect((law.cumulative(at: known.d) / known.below - 1).magnitude < 1e-10)
    #expect((law.survival(at: known.d) / known.above - 1).magnitude < 1e-9)
  }

  @Test func `of one and of two draws it is a polynomial`() throws {
    let (one, two) = (try KolmogorovDistribution(count: 1), try KolmogorovDistribution(count: 2))
    for k in 1..<100 {
      let d = Double(k) / 100
      #expect((one.cumulative(at: d) - max(0, 2 * d - 1)).magnitude < 1e-14)
      let expected: Double =
        switch d {
        case ..<0.25: 0
        case ..<0.5: 2 * (2 * d - 0.5) * (2 * d - 0.5)
        default: 1 - 2 * (1 - d) * (1 - d)
        }
      #expect((two.cumulative(at: d) - expected).magnitude < 1e-14, "d = \(d)")
    }
  }

  @Test func `beyond the exact counts it is within 11∕n`() throws {
    for (n, d, above) in [
      (100_000, 0.003, 0.3284563327726956), (100_000, 0.008, 5.491331159979234e-06),
      (1_000_000, 0.001, 0.26982107442589376), (1_000_000, 0.0025, 7.4407859767776965e-06),
    ] {
      let law = try KolmogorovDistribution(count: n)
      #expect((law.survival(at: d) / above - 1).magnitude < 11 / Double(n))
      #expect((law.cumulative(at: d) - (1 - above)).magnitude < 11 / Double(n))
    }
  }

  /// Where one way of taking it ends, the next goes on.
  @Test(arguments: [7, 400, 2000, 30_000])
  func `it is continuous and rises from 0 to 1`(n: Int) throws {
    let law = try KolmogorovDistribution(count: n)
    let root = Double(n).squareRoot()
    for limit in [2 / root, 0.5 / root] where limit < 1 {
      let (before, after) = (limit * (1 - 1e-12), limit * (1 + 1e-12))
      #expect(
        (law.survival(at: before) / law.survival(at: after) - 1).magnitude
          < (n <= 20_000 ? 1e-8 : 22 / Double(n)))
    }
    var last = 0.0
    for k in 0...60 {
      let value = law.cumulative(at: min(1, Double(k) / 15 / root))
      #expect(value >= last && value <= 1)
      last = value
    }
    #expect(law.cumulative(at: 0) == 0 && law.cumulative(at: 1) == 1)
    #expect(law.survival(at: 0) == 1 && law.survival(at: 1) == 0)
  }

  @Test func `no draws have no distribution`() {
    #expect(throws: SpectralEstimateError.self) { try KolmogorovDistribution(count: 0) }
  }
}
