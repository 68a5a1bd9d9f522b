import Oracles
import Saddle
import Support
import Testing

/// Random orthogonal matrices against Haar measure's moments.
@Suite struct HaarOrthogonalTests {
  @Test(arguments: [1, 2, 5, 40])
  func `they are orthogonal`(order: Int) throws {
    var rng = RandomStream(seed: 1, name: "haar")
    let q = try Matrix<Double>.haarOrthogonal(order: order, using: &rng)
    let identity = (0..<order * order).map { $0 % (order + 1) == 0 ? 1.0 : 0 }
    let tolerance = Tolerance(absolute: 4e-15 * Double(order), why: "n ulp")
    expectClose((q * q.transpose).elements, identity, within: tolerance)
    expectClose((q.transpose * q).elements, identity, within: tolerance)
  }

  // E tr Q = 0, E (tr Q)² = 1, E (tr Q)⁴ = 3, E tr Q² = 1 (Diaconis, Shahshahani 1994); an entry
  // has E q² = 1/n, E q⁴ = 3/(n(n + 2)). Without the signs of R's diagonal E q₁₁ is far from 0.
  @Test(.tags(.statistical), arguments: [3, 6])
  func `they have Haar measure's moments`(order: Int) throws {
    var rng = RandomStream(seed: 2, name: "haar")
    let n = Double(order)
    let matrices = try (0..<4000).map { _ in
      try Matrix<Double>.haarOrthogonal(order: order, using: &rng)
    }
    func expectMean(_ expected: Double, _ name: String, _ value: (Matrix<Double>) -> Double) {
      let (mean, error) = Average.of(matrices.map(value))
      let z = (mean - expected) / error
      #expect(z.magnitude <= 6, "\(name): \(mean) against \(expected), z = \(z)")
    }
    func trace(_ q: Matrix<Double>) -> Double { (0..<order).reduce(0) { $0 + q[$1, $1] } }
    expectMean(0, "tr Q", trace)
    expectMean(1, "(tr Q)²") { trace($0) * trace($0) }
    expectMean(3, "(tr Q)⁴") { trace($0) * trace($0) * trace($0) * trace($0) }
    expectMean(1, "tr Q²") { trace($0 * $0) }
    for (i, j) in [(0, 0), (0, order - 1), (order - 1, order - 1)] {
      expectMean(0, "q") { $0[i, j] }
      expectMean(1 / n, "q²") { $0[i, j] * $0[i, j] }
      expectMean(3 / (n * (n + 2)), "q⁴") { $0[i, j] * $0[i, j] * $0[i, j] * $0[i, j] }
    }
  }

  @Test func `no order below one`() {
    var rng = RandomStream(seed: 3, name: "haar")
    #expect(throws: RandomMatrixError.self) {
      try Matrix<Double>.haarOrthogonal(order: 0, using: &rng)
    }
  }
}
