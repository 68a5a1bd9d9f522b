import Oracles
import Saddle
import Support
import Testing

@Suite struct QuantileTests {
  @Test(.tags(.oracle), arguments: [0.3, 1, 4.5, 60, 3000])
  func `the beta distribution is GSL's`(a: Double) {
    for b in [0.5, 1, 7, 250, 1e5] {
      let mean = a / (a + b)
      let deviation = (mean * (1 - mean) / (a + b + 1)).squareRoot()
      for z in [-6, -2, -0.5, 0, 1, 3, 7.0] {
        let x = min(max(mean + z * deviation, 1e-12), 1 - 1e-12)
        let expected = GSL.betaCumulative(x, a, b)
        let found = Quantiles.betaCumulative(x, a, b)
        expectClose(
          found, expected,
          within: Tolerance(absolute: 1e-14, relative: 1e-8, why: "logarithms of Γ at 1e5"),
          "\(x), \(a), \(b)")
      }
    }
  }

  @Test(.tags(.oracle), arguments: [1, 2, 7, 99])
  func `Student's quantiles are GSL's`(freedom: Int) {
    for level in [0.5, 0.95, 0.9999] {
      expectClose(
        Quantiles.student(level: level, freedom: freedom),
        GSL.studentQuantile((1 + level) / 2, freedom: Double(freedom)),
        within: Tolerance(relative: 1e-7, why: "bisection of a small tail"))
    }
  }

  @Test func `the interval of a mean puts its tails where they belong`() {
    let N = 50.0
    let interval = Quantiles.meanInterval(observed: 0.2...0.25, concentration: N, level: 0.9)
    let (low, high) = (interval.lowerBound, interval.upperBound)
    let near = Tolerance(absolute: 1e-9, why: "bisection")
    expectClose(GSL.betaCumulative(0.2, low * N, (1 - low) * N), 0.95, within: near)
    expectClose(GSL.betaCumulative(0.25, high * N, (1 - high) * N), 0.05, within: near)
    let whole = Quantiles.meanInterval(observed: 0...1, concentration: N, level: 0.9)
    #expect(whole == 0...1)
  }
}
