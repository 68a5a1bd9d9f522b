import Foundation
import Oracles
import Saddle
import Support
import Testing

/// The ensembles against exact moments, whole matrices, limit laws and the edges of their domains.
@Suite struct EnsembleTests {
  static let entries: [EntryLaw] = [
    .normal, .rademacher, .uniform, .laplace, .sparse(density: 0.1),
  ]

  /// z = (mean − expected)/error: beyond 6 has probability 2e-9 for normal means, below 1e-6 for
  /// these heavier tails.
  private func expectMean(
    _ values: [Double], _ expected: Double, _ comment: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let (mean, error) = Average.of(values)
    let z = (mean - expected) / error
    #expect(
      z.magnitude <= 6, "\(comment): \(mean) against \(expected), z = \(z)",
      sourceLocation: sourceLocation)
  }

  private func power(_ spectrum: [Double], _ k: Int) -> Double {
    spectrum.reduce(0) { sum, x in sum + pow(x, Double(k)) }
  }

  private func spectra(
    _ ensemble: RandomMatrixEnsemble, order: Int, draws: Int, seed: UInt64
  ) throws -> [[Double]] {
    var rng = RandomStream(seed: seed, name: "ensemble")
    return try (0..<draws).map { _ in try ensemble.spectrum(order: order, using: &rng) }
  }

  @Test(.tags(.statistical, .oracle), arguments: [1, 2, 7])
  func `Gaussian spectra have exact second and fourth moments`(order: Int) throws {
    let n = Double(order)
    let goe = try spectra(.goe, order: order, draws: 3000, seed: 1)
    for k in 1...2 {
      expectMean(
        goe.map { power($0, 2 * k) },
        TraceMoments.goe(order: order, halfPower: k) / pow(n, Double(k)), "GOE, tr H^\(2 * k)")
    }
    // E tr H² = n², E tr H⁴ = 2n³ + n for E|hᵢⱼ|² = 1 (Harer, Zagier 1986).
    let gue = try spectra(.gue, order: order, draws: 3000, seed: 2)
    expectMean(gue.map { power($0, 2) }, n, "GUE, tr H²")
    expectMean(gue.map { power($0, 4) }, 2 * n + 1 / n, "GUE, tr H⁴")
    // N(0, 2) and χ² by hand: (2n + βn(n − 1))/(βn).
    for beta in [0.3, 1, 4, 10.5] {
      let values = try spectra(.betaHermite(beta: beta), order: order, draws: 3000, seed: 3)
      expectMean(values.map { power($0, 2) }, 2 / beta + n - 1, "β = \(beta), tr H²")
    }
  }

  @Test(.tags(.statistical), arguments: entries)
  func `Wigner matrices have entries of mean 0 and variance 1 over n`(law: EntryLaw) throws {
    var rng = RandomStream(seed: 4, name: "entries")
    let order = 5
    let matrices = try (0..<3000).map { _ in
      try RandomMatrixEnsemble.wigner(law).matrix(order: order, using: &rng)
    }
    for (i, j) in [(0, 0), (3, 1), (4, 4)] {
      expectMean(matrices.map { $0[i, j] }, 0, "\(law), entry (\(i), \(j))")
    }
    if law == .rademacher {
      #expect(matrices.allSatisfy { $0.elements.allSatisfy { $0.magnitude == 1 / sqrt(5) } })
    } else {
      expectMean(
        matrices.map { power($0.elements, 2) / Double(order) }, 1, "\(law), mean square")
    }
    #expect(matrices.allSatisfy { $0 == $0.transpose })
    #expect(Set(matrices.map { $0[2, 0] }).count > 1)
  }

  @Test func `kurtosis tells the entries apart`() throws {
    var rng = RandomStream(seed: 5, name: "kurtosis")
    let expected: [(EntryLaw, Double)] = [
      (.normal, 3), (.rademacher, 1), (.uniform, 1.8), (.laplace, 6), (.sparse(density: 0.1), 10),
    ]
    for (law, kurtosis) in expected {
      let matrix = try RandomMatrixEnsemble.wigner(law).matrix(order: 300, using: &rng)
      let scaled = matrix.elements.map { pow($0, 4) * 300 * 300 }
      let mean = scaled.reduce(0, +) / Double(scaled.count)
      expectClose(
        mean, kurtosis,
        within: Tolerance(relative: 0.25, why: "90000 entries, half of them independent"), "\(law)")
    }
  }

  @Test(
    .tags(.statistical),
    arguments: [
      RandomMatrixEnsemble.goe, .gue, .betaHermite(beta: 3), .spikedWigner(strengths: [2]),
      .wishart(degrees: 6), .wishart(degrees: 4), .wishart(degrees: 2), .wishart(degrees: 1),
      .spikedWishart(degrees: 6, strengths: [3]), .spikedWishart(degrees: 2, strengths: [3]),
      .spikedWishart(degrees: 5, strengths: [-0.5]),
    ])
  func `each eigenvalue is distributed as in whole matrices`(
    ensemble: RandomMatrixEnsemble
  ) throws {
    let (order, draws) = (4, 800)
    let sampled = try spectra(ensemble, order: order, draws: draws, seed: 6)
    var rng = RandomStream(seed: 7, name: "whole")
    let whole = try (0..<draws).map { _ in
      let values = try ensemble.matrix(order: order, using: &rng).eigenvalues()
      guard ensemble == .gue else { return values }
      // Each of GUE's eigenvalues stands twice in its real form.
      for k in 0..<order {
        expectClose(
          values[2 * k], values[2 * k + 1], within: Tolerance(absolute: 1e-14, why: "n ulp"))
      }
      return stride(from: 0, to: 2 * order, by: 2).map { values[$0] }
    }
    for k in 0..<order {
      let (a, b) = (Average.of(sampled.map { $0[k] }), Average.of(whole.map { $0[k] }))
      let error = (a.error * a.error + b.error * b.error).squareRoot()
      let z = (a.mean - b.mean) / max(error, 1e-12)
      #expect(z.magnitude <= 6, "eigenvalue \(k): \(a.mean) against \(b.mean), z = \(z)")
      if a.error > 1e-12 {
        #expect(a.error / b.error > 0.7 && a.error / b.error < 1.4, "spread of eigenvalue \(k)")
      }
    }
  }

  @Test(.tags(.statistical, .oracle), arguments: entries)
  func `Wigner's law holds for every entry law of finite variance`(law: EntryLaw) throws {
    var rng = RandomStream(seed: 8, name: "universality")
    let ensemble = RandomMatrixEnsemble.wigner(law)
    let values = try ensemble.spectrum(order: 200, using: &rng)
    let limit = try #require(ensemble.limit(order: 200) as? SemicircleLaw)
    #expect(limit == SemicircleLaw(radius: 2))
    // n·KS peaks near 4.4 for GOE; kurtosis κ shifts eigenvalues by O(κ/n) more.
    let distance = 200 * (try Semicircle(radius: 2).distance(to: values))
    #expect(distance <= 10, "n·KS = \(distance)")
  }

  @Test func `Wigner's law fails for a heavy tail`() throws {
    var rng = RandomStream(seed: 9, name: "heavy")
    // (1/n)tr H⁴ is twice the square of (1/n)tr H² for a semicircle of any radius.
    func shape(_ ensemble: RandomMatrixEnsemble) throws -> Double {
      let values = try ensemble.spectrum(order: 200, using: &rng)
      return 200 * power(values, 4) / pow(power(values, 2), 2)
    }
    #expect(try shape(.wigner(.heavyTailed(index: 1.5))) > 4)
    #expect(try (shape(.wigner(.laplace)) - 2).magnitude < 0.2)
    #expect(RandomMatrixEnsemble.wigner(.heavyTailed(index: 1.5)).limit(order: 9) == nil)
  }

  @Test(
    .tags(.statistical),
    arguments: [
      RandomMatrixEnsemble.spikedWigner(strengths: [1.5]), .spikedWigner(strengths: [-3]),
      .spikedWigner(strengths: [3, 2]), .spikedWishart(degrees: 800, strengths: [2]),
      .spikedWishart(degrees: 100, strengths: [5]),
    ])
  func `spikes send eigenvalues where Baik, Ben Arous and Péché say`(
    ensemble: RandomMatrixEnsemble
  ) throws {
    let order = 200
    let values = try spectra(ensemble, order: order, draws: 20, seed: 10)
    for (k, outlier) in ensemble.outliers(order: order).enumerated() {
      let outlier = try #require(outlier)
      let (mean, error) = Average.of(values.map { outlier < 0 ? $0[0] : $0[order - 1 - k] })
      // The limit is approached like 1/n.
      #expect(
        (mean - outlier).magnitude <= 6 * error + 5 * outlier.magnitude / Double(order),
        "\(mean) ± \(error) against \(outlier)")
    }
  }

  @Test func `weak spikes have no outlier`() {
    #expect(
      RandomMatrixEnsemble.spikedWigner(strengths: [1, -0.5]).outliers(order: 9) == [nil, nil])
    #expect(
      RandomMatrixEnsemble.spikedWishart(degrees: 36, strengths: [0.5, 0.25]).outliers(order: 9)
        == [nil, nil])
    #expect(RandomMatrixEnsemble.spikedWigner(strengths: [2]).outliers(order: 9) == [2.5])
    #expect(RandomMatrixEnsemble.goe.outliers(order: 9) == [])
  }

  @Test func `what cannot be drawn is refused by name`() {
    var rng = RandomStream(seed: 11, name: "refused")
    func expectRefused(_ ensemble: RandomMatrixEnsemble, _ name: String, order: Int = 3) {
      for isMatrix in [true, false] {
        do {
          if isMatrix {
            _ = try ensemble.matrix(order: order, using: &rng)
          } else {
            _ = try ensemble.spectrum(order: order, using: &rng)
          }
          Issue.record("\(ensemble) of order \(order) was drawn")
        } catch .invalidParameter(let found, let value, let domain) {
          #expect(found == name && !value.isEmpty && !domain.isEmpty)
        } catch .invalidOrder(let found, _) {
          #expect(name == "order" && found == order)
        } catch {
          Issue.record("\(error)")
        }
      }
    }
    expectRefused(.goe, "order", order: 0)
    expectRefused(.gue, "order", order: -1)
    for ensemble in [
      RandomMatrixEnsemble.goe, .gue, .betaHermite(beta: 3), .wigner(.normal),
      .spikedWigner(strengths: [1, 2]), .wishart(degrees: 2),
      .spikedWishart(degrees: 2, strengths: [1, 2]),
    ] {
      for order in [Int.min, 0, .max] { expectRefused(ensemble, "order", order: order) }
    }
    for beta in [0, -1, .leastNonzeroMagnitude, 1e308, .nan, .infinity] {
      expectRefused(.betaHermite(beta: beta), "beta")
    }
    for density in [0, 1.1, .nan] { expectRefused(.wigner(.sparse(density: density)), "density") }
    for index in [0, 0.06, 2, .nan] { expectRefused(.wigner(.heavyTailed(index: index)), "index") }
    expectRefused(.wishart(degrees: 0), "degrees")
    expectRefused(.spikedWishart(degrees: 0, strengths: []), "degrees")
    expectRefused(.spikedWishart(degrees: 2, strengths: [-1.1]), "strengths")
    expectRefused(.spikedWishart(degrees: .max, strengths: [1, 2]), "degrees")
    expectRefused(.spikedWishart(degrees: 2, strengths: [1e308]), "strengths")
    for strength in [Double.nan, .infinity, -1e308] {
      expectRefused(.spikedWigner(strengths: [strength]), "strengths")
    }
    expectRefused(.spikedWigner(strengths: [1, 2, 3, 4]), "strengths")
    #expect(throws: RandomMatrixError.self) {
      try RandomMatrixEnsemble.wishart(degrees: .max).matrix(order: 3, using: &rng)
    }
    #expect(throws: RandomMatrixError.self) {
      try RandomMatrixSpectrum.edge(order: 0, beta: 1, using: &rng)
    }
    #expect(throws: RandomMatrixError.self) {
      try RandomMatrixSpectrum.edge(order: 9, beta: .nan, using: &rng)
    }
  }

  @Test(
    arguments: [
      RandomMatrixEnsemble.goe, .gue, .betaHermite(beta: 1e-100), .betaHermite(beta: 1e100),
      .wigner(.sparse(density: .leastNonzeroMagnitude)), .wigner(.heavyTailed(index: 0.0625)),
      .spikedWigner(strengths: [1e100]), .wishart(degrees: 1), .wishart(degrees: 3),
      .spikedWishart(degrees: 1, strengths: [-1]), .spikedWishart(degrees: 2, strengths: [1e100]),
    ])
  func `the smallest orders and the ends of domains are drawn`(
    ensemble: RandomMatrixEnsemble
  ) throws {
    var rng = RandomStream(seed: 13, name: "small")
    for order in [1, 2, 3] {
      let matrix = try ensemble.matrix(order: order, using: &rng)
      let values = try ensemble.spectrum(order: order, using: &rng)
      #expect(matrix.rows == (ensemble == .gue ? 2 * order : order))
      #expect(matrix == matrix.transpose && matrix.elements.allSatisfy { $0.isFinite })
      #expect(values.count == order && values == values.sorted())
      #expect(values.allSatisfy { $0.isFinite })
    }
  }

  // The others are positive, however far apart.
  @Test func `a wide covariance matrix has its zeros first`() throws {
    let ensemble = RandomMatrixEnsemble.spikedWishart(degrees: 6, strengths: [1e100])
    for values in try spectra(ensemble, order: 8, draws: 100, seed: 14) {
      #expect(values.prefix(2) == [0, 0] && values.allSatisfy { $0 >= 0 })
      #expect(values == values.sorted())
    }
  }

  @Test func `one seed gives one spectrum, and ensembles survive their encoding`() throws {
    let ensembles: [RandomMatrixEnsemble] = [
      .goe, .gue, .betaHermite(beta: 2.5), .wigner(.heavyTailed(index: 1)),
      .spikedWigner(strengths: [1, 2]), .spikedWishart(degrees: 3, strengths: [1, 2]),
    ]
    for ensemble in ensembles {
      let coded = try JSONDecoder().decode(
        RandomMatrixEnsemble.self, from: JSONEncoder().encode(ensemble))
      #expect(coded == ensemble)
      let first = try spectra(ensemble, order: 6, draws: 2, seed: 12)
      #expect(try spectra(coded, order: 6, draws: 2, seed: 12) == first)
      #expect(first[0] != first[1])
      #expect(first.allSatisfy { $0.count == 6 && $0 == $0.sorted() })
    }
  }
}

/// A sample's mean and the standard error of it.
enum Average {
  static func of(_ values: [Double]) -> (mean: Double, error: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    return (mean, (variance / n).squareRoot())
  }
}
