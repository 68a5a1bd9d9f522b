import Foundation
import Oracles
import Saddle
import Support
import Testing

/// The samplers against exact moments and against LAPACK's spectra of whole matrices.
@Suite struct RandomMatrixSpectrumTests {
  /// Mean and standard error.
  private func average(_ values: [Double]) -> (mean: Double, error: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    return (mean, (variance / n).squareRoot())
  }

  /// z = (mean − expected)/error must be within 5: below 1e-5 per figure for these heavier than
  /// normal tails, and the seeds are fixed.
  private func expectMean(_ values: [Double], _ expected: Double, _ comment: String) {
    let (mean, error) = average(values)
    let z = (mean - expected) / error
    #expect(z.magnitude <= 5, "\(comment): \(mean) against \(expected), z = \(z)")
  }

  private func power(_ spectrum: [Double], _ k: Int) -> Double {
    spectrum.reduce(0) { sum, x in sum + (0..<k).reduce(1) { product, _ in product * x } }
  }

  @Test(.tags(.oracle)) func `tridiagonal eigenvalues are those of the Toeplitz family`() throws {
    // a + 2b·cos(kπ/(n + 1)).
    let n = 9
    let expected = (1...n).map {
      1.5 - 2 * cos(Double.pi * Double($0) / Double(n + 1)) * 0.75
    }
    func check<T: Scalar>(_: T.Type, _ relative: Double) throws {
      let got = try tridiagonalEigenvalues(
        diagonal: [T](repeating: 1.5, count: n), offDiagonal: [T](repeating: 0.75, count: n - 1))
      expectClose(
        got.map { Double($0) }, expected, within: Tolerance(relative: relative, why: "n ulp"))
    }
    try check(Double.self, 2e-15)
    try check(Float.self, 1e-6)
    #expect(try tridiagonalEigenvalues(diagonal: [Double](), offDiagonal: []) == [])
    #expect(try tridiagonalEigenvalues(diagonal: [7.0], offDiagonal: []) == [7])
    #expect(throws: LinearAlgebraError.notFinite(row: 1, column: 1)) {
      try tridiagonalEigenvalues(diagonal: [1, .nan, 2], offDiagonal: [1.0, 1])
    }
    #expect(throws: LinearAlgebraError.notFinite(row: 1, column: 2)) {
      try tridiagonalEigenvalues(diagonal: [1, 1, 2], offDiagonal: [1.0, .infinity])
    }
  }

  @Test(.tags(.statistical, .oracle), arguments: [1, 2, 3, 10])
  func `GOE spectra have the ensemble's exact moments`(order: Int) throws {
    var rng = RandomStream(seed: 11, name: "goe")
    let spectra = try (0..<4000).map { _ in try RandomMatrixSpectrum.goe(order: order, using: &rng)
    }
    for k in 1...3 {
      expectMean(
        spectra.map { power($0, 2 * k) }, TraceMoments.goe(order: order, halfPower: k),
        "tr A^\(2 * k), n = \(order)")
      expectMean(spectra.map { power($0, 2 * k - 1) }, 0, "tr A^\(2 * k - 1), n = \(order)")
    }
  }

  @Test(
    .tags(.statistical, .oracle), arguments: [(1, 1.0), (2, 2.0), (3, 3.5), (6, 20.25), (9, 9.0)])
  func `Wishart spectra have the ensemble's exact moments`(order: Int, degrees: Double) throws {
    var rng = RandomStream(seed: 12, name: "wishart")
    let spectra = try (0..<4000).map { _ in
      try RandomMatrixSpectrum.wishart(order: order, degrees: degrees, using: &rng)
    }
    for k in 1...3 {
      expectMean(
        spectra.map { power($0, k) },
        TraceMoments.wishart(order: order, degrees: degrees, power: k),
        "tr W^\(k), \(order) × \(degrees)")
    }
  }

  // Order by order, since moments do not see how eigenvalues repel.
  @Test(.tags(.statistical, .oracle))
  func `each eigenvalue is distributed as in whole matrices`() throws {
    var rng = RandomStream(seed: 13, name: "dense")
    let draws = 400
    func compare(_ sampled: [[Double]], _ dense: [[Double]], _ name: String) {
      for k in sampled[0].indices {
        let (a, b) = (average(sampled.map { $0[k] }), average(dense.map { $0[k] }))
        let z = (a.mean - b.mean) / (a.error * a.error + b.error * b.error).squareRoot()
        #expect(z.magnitude <= 5, "\(name), eigenvalue \(k): z = \(z)")
        let spread = a.error / b.error
        #expect(spread > 0.78 && spread < 1.28, "\(name), eigenvalue \(k): spread \(spread)")
      }
    }
    func each(_ body: () throws -> [Double]) rethrows -> [[Double]] {
      try (0..<draws).map { _ in try body() }
    }
    compare(
      try each { try RandomMatrixSpectrum.goe(order: 5, using: &rng) },
      try each { try GSL.eigenvalues(RandomMatrix.goe(order: 5, using: &rng)).sorted() }, "GOE")
    compare(
      try each { try RandomMatrixSpectrum.wishart(order: 4, degrees: 6, using: &rng) },
      try each {
        try GSL.eigenvalues(RandomMatrix.wishart(order: 4, degrees: 6, using: &rng)).sorted()
      }, "Wishart")
    compare(
      try each {
        let wishart = try RandomMatrixSpectrum.wishart(order: 4, degrees: 6, using: &rng)
        return try RandomMatrixSpectrum.deformedGOE(
          eigenvalues: wishart, variance: 2.25, using: &rng)
      },
      try each {
        let w = RandomMatrix.wishart(order: 4, degrees: 6, using: &rng)
        let g = RandomMatrix.goe(order: 4, using: &rng)
        let sum = w.indices.map { i in w.indices.map { j in w[i][j] + 1.5 * g[i][j] } }
        return try GSL.eigenvalues(sum).sorted()
      }, "sum")
  }
}
