import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Log-determinant and effective dimension against closed forms.
@Suite struct SpectralSumTests {
  private func density(
    _ eigenvalues: [Double], steps: Int = 30, probes: Int = 40
  ) throws -> SpectralDensity {
    var generator = RandomStream(seed: 1, name: "sums")
    return try StochasticLanczosQuadrature(steps: steps, probes: probes)
      .density(of: Diagonal<Double>(eigenvalues), using: &generator)
  }

  @Test func `a multiple of the identity has exact sums`() throws {
    let found = try density([Double](repeating: 2, count: 10))
    let near = Tolerance(relative: 1e-14, why: "one node")
    expectClose(try found.logDeterminant().value, 10 * log(2), within: near)
    expectClose(try found.logDeterminant(shift: 1).value, 10 * log(3), within: near)
    expectClose(try found.effectiveDimension(precision: 2).value, 5, within: near)
    expectClose(found.trace.value, 20, within: near)
    #expect(try #require(found.trace.standardError) < 1e-13)
    #expect(found.trace.quadratureError == 0)
  }

  @Test(.tags(.oracle)) func `closed forms lie within five standard errors`() throws {
    for form in ClosedFormMatrix.all where form.rows.count >= 9 {
      var generator = RandomStream(seed: 2)
      let found = try StochasticLanczosQuadrature(steps: 24, probes: 60)
        .density(of: DenseOperator(Matrix(form.rows)), using: &generator)
      let values = form.eigenvalues
      let radius = values.reduce(0) { max($0, $1.magnitude) }
      func check(_ estimate: StochasticEstimate, _ truth: Double, _ name: String) throws {
        let error = try #require(estimate.standardError)
        let rounding = 1e-11 * (truth.magnitude + radius * Double(values.count))
        #expect(
          (estimate.value - truth).magnitude
            <= 5 * error + estimate.quadratureError + rounding,
          "\(name) of \(form): \(estimate.value), not \(truth)")
      }
      try check(found.trace, values.reduce(0, +), "trace")
      let shift = 2 * radius
      try check(
        found.logDeterminant(shift: shift), values.reduce(0) { $0 + log($1 + shift) },
        "log-determinant")
      try check(
        found.effectiveDimension(precision: radius),
        values.reduce(0) { $0 + max($1, 0) / (max($1, 0) + radius) }, "effective dimension")
      try check(
        found.sum { $0 * $0 }, values.reduce(0) { $0 + $1 * $1 }, "square")
    }
  }

  @Test func `what is not positive definite has no log-determinant`() throws {
    let found = try density([1, 2, -0.5, 3])
    #expect(throws: SpectralEstimateError.self) { try found.logDeterminant() }
    #expect(throws: SpectralEstimateError.self) { try found.logDeterminant(shift: 0.25) }
    expectClose(
      try found.logDeterminant(shift: 1).value, log(2) + log(3) + log(0.5) + log(4),
      within: Tolerance(absolute: 0.6, why: "40 probes"))
    let singular = try density([0, 0, 1])
    #expect(throws: SpectralEstimateError.self) { try singular.logDeterminant() }
    for shift in [-1, -Double.leastNonzeroMagnitude, .nan, .infinity] {
      #expect(throws: SpectralEstimateError.self) { try found.logDeterminant(shift: shift) }
    }
    for precision in [0, -1, Double.nan, .infinity] {
      #expect(throws: SpectralEstimateError.self) {
        try found.effectiveDimension(precision: precision)
      }
    }
    if case .notPositiveDefinite(let value, 0)? =
      (#expect(throws: SpectralEstimateError.self) {
        try found.logDeterminant()
      })
    {
      expectClose(value, -0.5, within: Tolerance(relative: 1e-12, why: "four steps of four"))
    } else {
      Issue.record("another error")
    }
  }

  @Test func `a function that few steps do not fit says so`() throws {
    let eigenvalues = (1...60).map { 1e-4 * Double($0 * $0 * $0) }
    let coarse = try density(eigenvalues, steps: 6).logDeterminant()
    let fine = try density(eigenvalues, steps: 120).logDeterminant()
    let truth = eigenvalues.reduce(0) { $0 + log($1) }
    #expect(coarse.quadratureError > 5)
    #expect(fine.quadratureError < coarse.quadratureError / 4)
    #expect((coarse.value - truth).magnitude > 5 * (try #require(coarse.standardError)))
    #expect(
      (fine.value - truth).magnitude
        <= 5 * (try #require(fine.standardError)) + fine.quadratureError)
  }
}
