import Oracles
import Testing

struct SemicircleTests {
  let law = Semicircle(radius: 3)

  @Test func `the distribution function is the density's integral`() throws {
    #expect(law.cumulative(-3) == 0 && law.cumulative(0) == 0.5 && law.cumulative(3) == 1)
    for x in [-2.5, -1, 0.3, 2.9] {
      let slope = try FiniteDifferences(firstStep: 0x1p-5).derivative(of: law.cumulative, at: x)
      #expect(slope.admits(law.density(x), factor: 2), "\(slope) against \(law.density(x))")
    }
  }

  // At quantiles (k − ½)/n the distance is 1/(2n), the least there is.
  @Test func `the distance of the law's own quantiles is 1/(2n)`() throws {
    let n = 8
    let quantiles = (0..<n).map { k in
      var (low, high) = (-3.0, 3.0)
      for _ in 0..<80 {
        let middle = (low + high) / 2
        let isBelow = law.cumulative(middle) < (Double(k) + 0.5) / Double(n)
        if isBelow { low = middle } else { high = middle }
      }
      return low
    }
    #expect(gap(try law.distance(to: quantiles.reversed()), 1 / Double(2 * n)) < 1e-14)
    #expect(try law.distance(to: [3]) == 1)
    #expect(try law.distance(to: [-3]) == 1)
  }

  @Test func `GOE of order 60 is within 6/n, and at the wrong radius is not`() throws {
    var rng = SplitMix64(seed: 51)
    let n = 60
    let values = try GSL.eigenvalues(RandomMatrix.goe(order: n, using: &rng))
    #expect(try Double(n) * Semicircle(goeOrder: n).distance(to: values) < 6)
    let wrong = Semicircle(radius: Double(2 * n).squareRoot())
    #expect(try Double(n) * wrong.distance(to: values) > 6)
  }

  @Test func `an empty list and NaN are refused`() {
    #expect(throws: OracleError.self) { try law.distance(to: []) }
    #expect(throws: OracleError.self) { try law.distance(to: [0, .nan]) }
  }
}
