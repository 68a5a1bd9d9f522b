import Foundation
import Oracles
import Saddle
import Support
import Testing

@Suite struct KernelPolynomialTests {
  private let angles = [0.3, 0.9, 1.4, 2.0, 2.2, 3.0]

  @Test(.tags(.oracle), arguments: [2, 3, 8, 25])
  func `moments are cosines, weighted by the probe`(count: Int) throws {
    // A = 3·cos φ + 1 on the bounds [−2, 4]: Tₘ gives cos mφ.
    var generator = RandomStream(seed: 4)
    let found = try KernelPolynomialMethod(moments: count, probes: 1).density(
      of: Diagonal<Double>(angles.map { 3 * cos($0) + 1 }), bounds: -2...4, using: &generator)
    var again = RandomStream(seed: 4)
    let squares = angles.map { _ in
      let x = again.normal()
      return x * x
    }
    let sum = squares.reduce(0, +)
    let expected = (0..<count).map { m in
      zip(angles, squares).reduce(0) { $0 + $1.1 * cos(Double(m) * $1.0) } / sum
    }
    expectClose(
      found.moments, expected, within: Tolerance(absolute: 1e-13, why: "25 steps of a recurrence"))
    #expect(found.products == count / 2)
    #expect(found.standardErrors == nil)
  }

  @Test func `density and distribution function belong together`() throws {
    var generator = RandomStream(seed: 4)
    let found = try KernelPolynomialMethod(moments: 12, probes: 3).density(
      of: Diagonal<Double>(angles.map { cos($0) }), bounds: -1.25...1.25, using: &generator)
    let points = (0...4000).map { -1.25 + 2.5 * Double($0) / 4000 }
    let density = found.density(at: points)
    let cumulative = found.cumulative(at: points)
    #expect(density.allSatisfy { $0 >= 0 })
    #expect(cumulative[0] == 0)
    expectClose(cumulative[4000], 1, within: Tolerance(absolute: 1e-14, why: "μ₀ = 1"))
    #expect(found.density(at: [-1.3, 1.3]) == [0, 0])
    // Simpson's rule between points 100 apart, away from the ends' singularities.
    for k in stride(from: 500, to: 3500, by: 100) {
      var sum = density[k] + density[k + 100]
      for j in 1..<100 { sum += density[k + j] * (j % 2 == 0 ? 2 : 4) }
      expectClose(
        sum * 2.5 / 4000 / 3, cumulative[k + 100] - cumulative[k],
        within: Tolerance(absolute: 1e-9, why: "Simpson"))
    }
  }

  @Test func `an eigenvalue outside the bounds is noticed`() {
    var generator = RandomStream(seed: 4)
    #expect(throws: SpectralEstimateError.outsideBounds(lower: -1, upper: 1)) {
      try KernelPolynomialMethod(moments: 60, probes: 1)
        .density(of: Diagonal<Double>([0, 0.5, 1.2, -0.3]), bounds: -1...1, using: &generator)
    }
    #expect(throws: SpectralEstimateError.self) {
      try KernelPolynomialMethod(moments: 60, probes: 1)
        .density(of: Diagonal<Double>([0]), bounds: 1...1, using: &generator)
    }
    #expect(throws: SpectralEstimateError.self) {
      try KernelPolynomialMethod(moments: 1, probes: 1)
    }
    #expect(throws: SpectralEstimateError.emptyOperator) {
      try KernelPolynomialMethod(moments: 4, probes: 1)
        .density(of: Diagonal<Double>([]), using: &generator)
    }
  }

  @Test(.tags(.oracle), arguments: ClosedFormMatrix.all.indices)
  func `the bounds hold every eigenvalue of every family`(at position: Int) throws {
    let form = ClosedFormMatrix.all[position]
    var generator = RandomStream(seed: UInt64(position))
    let found = try spectralBounds(
      of: DenseOperator(Matrix(form.rows)), steps: 6, using: &generator)
    #expect(form.eigenvalues.allSatisfy { found.bounds.contains($0) }, "\(form)")
    #expect(found.products <= 6)
  }

  @Test(arguments: Precision.allCases)
  func `the second opinion agrees with the first`(precision: Precision) throws {
    func check<T: Scalar>(_: T.Type) throws {
      let matrix = Diagonal<T>((0..<120).map { 2 * cos(Double($0) * .pi / 119) })
      var generator = RandomStream(seed: 6)
      let lanczos = try StochasticLanczosQuadrature(steps: 30, probes: 6)
        .density(of: matrix, using: &generator)
      let chebyshev = try KernelPolynomialMethod(moments: 60, probes: 6)
        .density(of: matrix, using: &generator)
      let agreement = lanczos.agreement(with: chebyshev, bins: 10)
      let noise = try lanczos.wassersteinError().total
      #expect(agreement.wasserstein1 < 2 * (noise + agreement.resolution))
      #expect(agreement.largestDifference < 0.1)
      #expect(agreement.bins.count == 10)
      expectClose(
        agreement.bins.reduce(0) { $0 + $1.lanczos }, 1,
        within: Tolerance(absolute: 1e-12, why: "all nodes are in a bin"))
      // Against another operator they do not.
      let other = try KernelPolynomialMethod(moments: 60, probes: 6)
        .density(of: Diagonal<T>((0..<120).map { Double($0 % 2) * 4 - 2 }), using: &generator)
      #expect(lanczos.agreement(with: other, bins: 10).wasserstein1 > 0.3)
    }
    switch precision {
    case .float: try check(Float.self)
    case .double: try check(Double.self)
    }
  }
}
