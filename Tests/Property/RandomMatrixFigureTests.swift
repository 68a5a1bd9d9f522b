import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Figures of the Gaussian ensembles that take many draws: high moments, the index, Wigner's law.
@Suite struct RandomMatrixFigureTests {
  private func meanAndError(_ values: [Double]) -> (mean: Double, error: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    return (mean, (variance / n).squareRoot())
  }

  @Test(.tags(.statistical, .oracle), arguments: [2, 4])
  func `GOE spectra have exact moments up to the tenth`(order: Int) throws {
    var rng = RandomStream(seed: 1, name: "figures")
    let spectra = try (0..<100_000).map { _ in
      try RandomMatrixEnsemble.goe.spectrum(order: order, using: &rng)
    }
    for k in 1...5 {
      let (mean, error) = meanAndError(
        spectra.map { $0.reduce(0) { $0 + pow($1, Double(2 * k)) } })
      let expected =
        TraceMoments.goe(order: order, halfPower: k) / pow(Double(order), Double(k))
      let z = (mean - expected) / error
      #expect(z.magnitude <= 6, "tr H^\(2 * k): \(mean) against \(expected), z = \(z)")
    }
  }

  // 0.712 at n = 100, near (ln n)/π² + 0.24. An index is nearly normal: its variance has relative
  // error √(2/N), six of which are 0.085 for 10⁴ draws; 0.712 is given to 1e-3.
  @Test(.tags(.statistical)) func `the index of GOE matrices varies like a logarithm`() throws {
    var rng = RandomStream(seed: 2, name: "figures")
    let draws = 10_000
    let indices = try (0..<draws).map { _ in
      Double(try RandomMatrixEnsemble.goe.spectrum(order: 100, using: &rng).count { $0 < 0 })
    }
    let (mean, error) = meanAndError(indices)
    #expect((mean - 50).magnitude <= 6 * error, "\(mean) ± \(error)")
    let variance = error * error * Double(draws)
    #expect((variance / 0.712 - 1).magnitude <= 0.09, "variance \(variance)")
  }

  // n·KS averages 2.4 at n = 100 and 2.8 at 300, with peaks near 4.4: rigid levels, where
  // independent ones would have 0.87·√n.
  @Test(.tags(.statistical, .oracle), arguments: zip([100, 300], [2.4, 2.8]))
  func `GOE spectra are as near to the semicircle as rigid levels are`(
    order: Int, published: Double
  ) throws {
    var rng = RandomStream(seed: 3, name: "figures")
    let distances = try (0..<200).map { _ in
      let values = try RandomMatrixEnsemble.goe.spectrum(order: order, using: &rng)
      return Double(order) * (try Semicircle(radius: 2).distance(to: values))
    }
    let (mean, error) = meanAndError(distances)
    #expect((mean - published).magnitude <= 6 * error + 0.05, "\(mean) ± \(error)")
    #expect(distances.allSatisfy { $0 <= 6 })
  }
}
