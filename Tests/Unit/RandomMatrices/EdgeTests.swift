import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Particular laws against their oracles, and their tails.
@Suite struct EdgeTests {
  @Test(.tags(.oracle)) func `the semicircle is the oracle's`() {
    let law = SemicircleLaw(radius: 3)
    let oracle = Semicircle(radius: 3)
    for x in [-3.1, -2.9, -1, 0, 0.2, 2.7, 3] {
      expectClose(
        law.density(x), oracle.density(x), within: Tolerance(absolute: 1e-15, why: "rounding"))
      expectClose(
        law.cumulative(x), oracle.cumulative(x),
        within: Tolerance(absolute: 1e-15, why: "rounding"))
    }
  }

  // Near its edge the semicircle's mass is (4√2/(3π))·δ^{3/2}·(1 − 3δ/20 + …), δ the depth.
  @Test func `the semicircle's tails keep their digits`() {
    let law = SemicircleLaw(center: 0, radius: 1)
    for exponent in [-3, -6, -10, -30, -50] {
      let depth = Double(sign: .plus, exponent: exponent, significand: 1)
      let series =
        4 * 2.0.squareRoot() / (3 * Double.pi) * pow(depth, 1.5)
        * (1 - 3 * depth / 20 - 3 * depth * depth / 224 - pow(depth, 3) / 384)
      let tolerance = Tolerance(
        relative: max(1e-14, pow(depth, 4) / 1000), why: "the series' next term")
      expectClose(law.cumulative(-1 + depth), series, within: tolerance, "depth \(depth)")
      expectClose(law.survival(1 - depth), series, within: tolerance, "depth \(depth)")
      expectClose(
        law.quantile(law.cumulative(-1 + depth)), -1 + depth,
        within: Tolerance(relative: 4e-16, why: "one ulp"))
    }
  }

  @Test(
    .tags(.oracle), arguments: [1e-8, 1e-4, 0.01, 0.06, 0.0626, 0.2, 0.5, 0.9, 0.9999, 1, 1.5, 30])
  func `Marchenko–Pastur's mass is the quadrature of the oracle's density, tails included`(
    ratio: Double
  ) throws {
    let law = MarchenkoPasturLaw(ratio: ratio)
    let oracle = MarchenkoPastur(ratio: ratio)
    let width = oracle.upperEdge - oracle.lowerEdge
    // The oracle's own edges are rounded: that moves the least tails.
    let why = "GSL's quadrature, and edges known to an ulp of 1"
    for share in [1e-3, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999] {
      let x = oracle.lowerEdge + share * width
      let lower = try oracle.mass(from: oracle.lowerEdge, to: x).value
      let upper = try oracle.mass(from: x, to: oracle.upperEdge).value
      let blur = 3e-16 / (width * min(share, 1 - share))
      expectClose(
        law.cumulative(x) - oracle.atom, lower,
        within: Tolerance(absolute: oracle.atom * 3e-16, relative: 2e-11 + 4 * blur, why: why),
        "ratio \(ratio), share \(share)")
      expectClose(
        law.survival(x), upper, within: Tolerance(relative: 2e-11 + 4 * blur, why: why),
        "ratio \(ratio), share \(share)")
      expectClose(
        law.density(x), oracle.density(x),
        within: Tolerance(relative: 1e-14 + blur, why: why), "ratio \(ratio), share \(share)")
    }
  }

  @Test func `at ratio 1 the lower tail is that of its closed form`() {
    // With x = 4·sin²(θ/2) it is (θ + sin θ)/π.
    let law = MarchenkoPasturLaw(ratio: 1)
    for x in [1e-12, 1e-5, 0.1, 1, 2, 3.9] {
      let theta = 2 * asin(x.squareRoot() / 2)
      expectClose(
        law.cumulative(x), (theta + sin(theta)) / Double.pi,
        within: Tolerance(relative: 4e-15, why: "rounding"))
    }
  }

  @Test(.tags(.oracle)) func `moments are Narayana's, and those of added free cumulants`() throws {
    for ratio in [0.3, 1, 2.5] {
      let narayana = (0...6).map(MarchenkoPastur(ratio: ratio).moment)
      let cumulants = FreeCumulants.marchenkoPastur(ratio: ratio, scale: 1, count: 6)
      expectClose(
        cumulants.moments, narayana, within: Tolerance(relative: 1e-14, why: "sums of 6 terms"))
      for (v, scale) in [(1.0, 1.0), (0.05, -0.5), (3, 0.1)] {
        let law = FreeConvolutionLaw(
          semicircleVariance: v, plus: MarchenkoPasturLaw(ratio: ratio, scale: scale, shift: 0.2))
        let expected =
          (FreeCumulants.semicircle(variance: v, count: 6)
          + .marchenkoPastur(ratio: ratio, scale: scale, count: 6) + .point(0.2, count: 6)).moments
        let moments = try (0...6).map { k in
          try law.components.reduce(0) { sum, part in
            sum
              + (try GSL.integral(
                of: { law.density($0) * pow($0, Double(k)) }, from: part.lowerBound,
                to: part.upperBound, absolute: 1e-10, relative: 1e-10
              ).value)
          }
        }
        expectClose(
          moments, expected, within: Tolerance(relative: 1e-8, why: "GSL's quadrature at 1e-10"),
          "ratio \(ratio), v \(v), scale \(scale)")
      }
    }
  }

  @Test func `the special cases of the free convolution are the two laws`() {
    let wigner = FreeConvolutionLaw(
      mean: 1, semicircleVariance: 4, marchenkoPasturVariance: 0, skewLength: 3)
    let semicircle = SemicircleLaw(center: 1, radius: 4)
    let law = MarchenkoPasturLaw(ratio: 0.4, scale: 2, shift: 1)
    let pastur = FreeConvolutionLaw(semicircleVariance: 0, plus: law)
    // And what is close to them comes close: continuity of the closed form in its parameters.
    let nearWigner = FreeConvolutionLaw(
      mean: 1, semicircleVariance: 3, marchenkoPasturVariance: 1, skewLength: 1e-9)
    let nearPastur = FreeConvolutionLaw(semicircleVariance: 1e-10, plus: law)
    for k in 1..<20 {
      let p = Double(k) / 20
      let (x, y) = (semicircle.quantile(p), law.quantile(p))
      expectClose(wigner.cumulative(x), p, within: Tolerance(absolute: 1e-15, why: "the same"))
      expectClose(pastur.cumulative(y), p, within: Tolerance(absolute: 1e-13, why: "the same"))
      expectClose(
        nearWigner.cumulative(x), p, within: Tolerance(absolute: 2e-9, why: "skew length 1e-9"))
      expectClose(
        nearPastur.cumulative(y), p, within: Tolerance(absolute: 2e-9, why: "variance 1e-10"))
    }
  }

  @Test func `a gap opens where the closed form says`() {
    // Between the parts where τ² > (∛v + ∛w)³: ratio 8, scale 1 give τ = 8, w = 8, so ∛v < 2.
    let law = MarchenkoPasturLaw(ratio: 8)
    let open = FreeConvolutionLaw(semicircleVariance: 7.5, plus: law)
    let closed = FreeConvolutionLaw(semicircleVariance: 8.5, plus: law)
    #expect(open.components.count == 2 && closed.components.count == 1)
    let gap = (open.components[0].upperBound + open.components[1].lowerBound) / 2
    expectClose(
      open.survival(gap), 1.0 / 8, within: Tolerance(relative: 1e-15, why: "the mass off zero"))
    #expect(open.density(gap) == 0)
  }
}
