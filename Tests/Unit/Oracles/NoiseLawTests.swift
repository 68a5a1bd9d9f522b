import Foundation
import Oracles
import Testing

/// The laws of noise that its checks are made of, against other ways to them.
@Suite struct NoiseLawTests {
  @Test func `a coordinate of a uniform direction has the beta law`() {
    for n in 2...40 {
      let law = DirectionLaw(dimension: n)
      let half = Double(n - 1) / 2
      for k in -20...20 {
        let x = Double(k) / 20
        let beta = GSL.betaCumulative((1 + x) / 2, half, half)
        #expect((law.cumulative(x) - beta).magnitude < 1e-13, "x = \(x) in \(n) dimensions")
      }
      // What rounding has put out of [−1, 1].
      #expect(law.cumulative(1 + 1e-9) == law.cumulative(1) && law.cumulative(-2) < 1e-15)
    }
  }

  @Test func `a cap is a zone in three dimensions, and within the bound in more`() {
    // 1 − F₃(1 − d²/2) = d²/4.
    #expect((DirectionLaw(dimension: 3).logCap(1e-3) - log(2.5e-7)).magnitude < 1e-12)
    for n in 4...33 {
      let law = DirectionLaw(dimension: n)
      for d in [0.3, 0.9, 1.4] {
        let area = 1 - law.cumulative(1 - d * d / 2)
        #expect(area <= exp(law.logCap(d)) * (1 + 1e-9) + 1e-15, "d = \(d) in \(n) dimensions")
      }
    }
  }

  @Test func `directions become uniform numbers, worked by hand`() {
    // A quarter of the circle; in three dimensions F₃(x) = (1 + x)/2 and the angle that is left.
    #expect(DirectionTransform(dimension: 2)([0, 1]) == [0.25])
    #expect(DirectionTransform(dimension: 2)([0, -1]) == [0.75])
    #expect(DirectionTransform(dimension: 3)([0.6, -0.8, 0]) == [0.8, 0.5])
    // Where nothing is left of the length, the middle.
    #expect(DirectionTransform(dimension: 4)([1, 0, 0, 0]) == [1, 0.5, 0])
  }

  @Test func `a test's p is Massart's bound or a coin's, and many tests share theirs`() {
    var evidence = Evidence()
    #expect(evidence.logP == 0)
    // All four draws are below 26/256, the first cell's end from 0.1 on.
    evidence.add(uniform: [0.1, 0.1, 0.1, 0.1], "low")
    let distance = 1 - 26.0 / 256
    #expect((evidence.logP - (log(2) - 8 * distance * distance)).magnitude < 1e-12)
    var coin = Evidence()
    coin.add(heads: 0, of: 10, "tails")
    #expect((coin.logP - log(2.0 / 1024)).magnitude < 1e-12)
    coin.add(heads: 5, of: 10, "fair")
    #expect((coin.logP - log(4.0 / 1024)).magnitude < 1e-12)
    #expect(coin.tests == 2 && coin.strongest == "tails")
  }

  @Test(arguments: [-0.1, 1.1, .nan, .infinity])
  func `what is not on the unit interval is impossible`(draw: Double) {
    var evidence = Evidence()
    evidence.add(uniform: [0.5, draw], "out")
    #expect(evidence.logP == -.infinity && evidence.strongest.hasPrefix("out"))
  }

  @Test func `the same noise is known again by other signs, another order and another length`() {
    func logP(_ second: [Double]) -> Double {
      var sample = NoiseSample(dimension: 3, shape: .ball)
      sample.append([0.1, -0.2, 0.3])
      sample.append([0.3, 0.3, -0.1])
      sample.append(second)
      var evidence = Evidence()
      sample.gatherRepeats(into: &evidence)
      return evidence.logP
    }
    for again in [[0.1, -0.2, 0.3], [-0.1, 0.2, -0.3], [0.3, 0.1, 0.2], [-0.4, 0.6, 0.2]] {
      #expect(logP(again) < log(1e-25))
    }
    // Three pairs of 48 images, a distance of 0.001: 144·10⁻⁶/4 at most.
    #expect(logP([0.1, -0.2, 0.31]) > log(1e-4))
  }

  @Test func `lengths are 1 on the sphere but for rounding, and nothing is no direction`() {
    var sample = NoiseSample(dimension: 2, shape: .sphere)
    sample.append([0.6, 0.8 + 1e-12], rounding: 1e-11)
    sample.append([1e-12, 0], rounding: 1e-11)
    #expect(sample.lengths == [1, 0] && sample.directions[1] == [0, 0])
    var evidence = Evidence()
    sample.gatherLengths(into: &evidence)
    #expect(evidence.logP == -.infinity)
    var ball = NoiseSample(dimension: 2, shape: .ball)
    ball.append([1 + 1e-12, 0], rounding: 1e-11)
    ball.append([0, 0.5], rounding: 1e-11)
    #expect(ball.levels == [1, 0.25])
  }
}
