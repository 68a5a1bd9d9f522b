import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Covariance and spiked ensembles, drawn as matrices and as spectra, against exact moments; how
/// often a GOE matrix is positive definite.
@Suite struct EnsembleMomentTests {
  private static let draws = 2000

  /// z = (mean − expected)/error: beyond 6 below 1e-6 for these tails.
  private func expectMean(_ values: [Double], _ expected: Double, _ comment: String) {
    let (mean, error) = Average.of(values)
    let z = (mean - expected) / error
    #expect(z.magnitude <= 6, "\(comment): \(mean) against \(expected), z = \(z)")
  }

  /// tr Aᵏ of matrices (k = 1 … 3) and of spectra.
  private func expectTraces(
    _ ensemble: RandomMatrixEnsemble, order: Int, _ expected: [Double], seed: UInt64
  ) throws {
    var rng = RandomStream(seed: seed, name: "moments")
    var matrices = [[Double]](repeating: [], count: expected.count)
    var spectra = matrices
    for _ in 0..<Self.draws {
      let matrix = try ensemble.matrix(order: order, using: &rng)
      let values = try ensemble.spectrum(order: order, using: &rng)
      var power = matrix
      for k in expected.indices {
        matrices[k].append((0..<order).reduce(0) { $0 + power[$1, $1] })
        spectra[k].append(values.reduce(0) { $0 + pow($1, Double(k + 1)) })
        power = power * matrix
      }
    }
    for k in expected.indices {
      expectMean(matrices[k], expected[k], "\(ensemble), matrices, tr A^\(k + 1)")
      expectMean(spectra[k], expected[k], "\(ensemble), spectra, tr A^\(k + 1)")
    }
  }

  // More rows than columns and fewer; one of each.
  @Test(.tags(.statistical, .oracle), arguments: [(3, 7), (4, 4), (5, 2), (1, 3), (3, 1)])
  func `Wishart matrices have exact moments`(order: Int, degrees: Int) throws {
    let m = Double(degrees)
    let expected = (1...3).map { k in
      TraceMoments.wishart(order: order, degrees: m, power: k) / pow(m, Double(k))
    }
    try expectTraces(.wishart(degrees: degrees), order: order, expected, seed: 1)
  }

  // E S = Σ and E S² = (1 + 1/m)Σ² + (tr Σ/m)Σ for m normal vectors of covariance Σ.
  @Test(
    .tags(.statistical),
    arguments: [
      (3, 7, [2.0]), (4, 2, [3]), (4, 6, [-0.75]), (3, 5, [2, -0.5]), (4, 2, [1, 3]),
    ])
  func `spiked Wishart matrices have exact moments`(
    order: Int, degrees: Int, strengths: [Double]
  ) throws {
    let sigma = strengths.map { 1 + $0 } + [Double](repeating: 1, count: order - strengths.count)
    let (trace, squares) = (sigma.reduce(0, +), sigma.reduce(0) { $0 + $1 * $1 })
    let m = Double(degrees)
    try expectTraces(
      .spikedWishart(degrees: degrees, strengths: strengths), order: order,
      [trace, (1 + 1 / m) * squares + trace * trace / m], seed: 2)
  }

  // With D = diag(strengths): E tr(H + D)² = (n + 1) + tr D², and as E H² = (1 + 1/n)I,
  // E tr(H + D)³ = 3(1 + 1/n) tr D + tr D³.
  @Test(.tags(.statistical), arguments: [[1.5], [-2], [2, -0.5, 1]])
  func `spiked Wigner matrices have exact moments`(strengths: [Double]) throws {
    let order = 4
    func sum(_ k: Double) -> Double { strengths.reduce(0) { $0 + pow($1, k) } }
    try expectTraces(
      .spikedWigner(strengths: strengths), order: order,
      [sum(1), Double(order) + 1 + sum(2), 3 * (1 + 1 / Double(order)) * sum(1) + sum(3)], seed: 3)
  }

  // (2 − √2)/4 and ¼ − √2/(2π), by integrating the joint density of the eigenvalues.
  @Test(.tags(.statistical), arguments: zip([2, 3], [0.146446609406726, 0.0249209209607234]))
  func `GOE matrices are positive definite as often as they should`(
    order: Int, probability: Double
  ) throws {
    var rng = RandomStream(seed: 4, name: "definite")
    let draws = 20_000
    let found = try (0..<draws).count { _ in
      try RandomMatrixEnsemble.goe.spectrum(order: order, using: &rng)[0] > 0
    }
    let share = Double(found) / Double(draws)
    let error = (probability * (1 - probability) / Double(draws)).squareRoot()
    let z: Double = (share - probability) / error
    #expect(z.magnitude <= 6, "\(found) of \(draws), z = \(z)")
  }
}
