import Foundation

/// Tracy and Widom's laws of the extreme eigenvalues.
extension EnsembleOracle {
  /// By Painlevé's equation; every subject is held to the same one.
  private static let painleve = Result { try PainleveTracyWidom() }

  /// Eigenvalues beyond an edge, in units of their fluctuation.
  private struct Edge {
    let order: Int
    let count: Int
    let beta: Double
    /// Of the upper edge; the lower one is opposite.
    let center: Double
    let unit: Double
    /// What sup |Fₙ − F| and the mean may be off by at this order.
    let distance: Double
    let shift: Double
  }

  // With these centers the limit is off by O(n^(−⅔)) (Johnstone, Ma 2012; for Wishart matrices Ma
  // 2012). Measured on 4·10⁵ GOE spectra at n = 20: 0.0076 and −0.025, at n = 100 0.004 and −0.011;
  // GUE at 20: 0.013 and −0.027; Wishart of 100 degrees at 20: 0.017 and 0.027, of 400 half of it.
  // About 2√n GOE's mean at n = 20 would be off by 0.21.
  private static func edges(of ensemble: EnsembleSubject.Ensemble) -> [Edge] {
    func wigner(
      _ order: Int, _ count: Int, beta: Double = 1, distance: Double, shift: Double
    ) -> Edge {
      let n = Double(order)
      return Edge(
        order: order, count: count, beta: beta,
        center: (beta == 1 ? 4 * n - 2 : 4 * n).squareRoot(), unit: pow(n, -1 / 6.0),
        distance: distance, shift: shift)
    }
    switch ensemble {
    case .goe:
      return [
        wigner(20, 5000, distance: 0.01, shift: 0.03),
        wigner(100, 400, distance: 0.006, shift: 0.02),
      ]
    case .gue:
      return [
        wigner(20, 3000, beta: 2, distance: 0.018, shift: 0.04),
        wigner(100, 400, beta: 2, distance: 0.006, shift: 0.02),
      ]
    // The entries' fourth moment and the diagonal's variance move the edge by O(n^(−⅓)): at n = 100
    // by −0.51 (signs), −0.43 (uniform), +0.30 (Laplace).
    case .wigner: return [wigner(100, 400, distance: 1, shift: 0.7)]
    case .wishart(let degrees) where degrees >= 100:
      let (a, b) = (19.5.squareRoot(), (Double(degrees) - 0.5).squareRoot())
      return [
        Edge(
          order: 20, count: 400, beta: 1, center: (a + b) * (a + b),
          unit: (a + b) * cbrt(1 / a + 1 / b), distance: 0.025, shift: 0.04)
      ]
    case .wishart, .spikedWigner: return []
    }
  }

  static let tracyWidom = EnsembleOracle(
    "Tracy–Widom edge",
    law: "λ₁ − √(4n − 2) over n^(−1/6) has Tracy and Widom's law, and so has −λₙ"
  ) { subject, seed in
    let edges = edges(of: subject.ensemble)
    guard !edges.isEmpty else { return false }
    let points = try painleve.get().points
    for edge in edges {
      let spectra = try subject.spectra(order: edge.order, count: edge.count, seed: seed)
      func scaled(_ value: Double) -> Double { (value - edge.center) / edge.unit }
      let law = points.map {
        (at: $0.s, share: edge.beta == 1 ? $0.goe.cumulative : $0.gue.cumulative)
      }
      // b − ∫F: F and its slopes end at 0 and 1 to all digits, where a trapezoidal sum is exact.
      let mean = law[law.count - 1].at - law.reduce(-0.5) { $0 + $1.share } / 4
      let greatest = spectra.map { scaled($0[edge.order - 1]) }
      var samples = [("greatest", greatest)]
      var halfWidths = greatest
      if subject.isWigner {
        let least = spectra.map { scaled(-$0[0]) }
        samples.append(("least", least))
        halfWidths = zip(greatest, least).map { ($0 + $1) / 2 }
      }
      for (name, sample) in samples {
        try Significance.require(
          sample, follow: law, allowance: edge.distance, "the \(name) eigenvalue's law",
          of: samples.count * edges.count)
      }
      try Significance.require(
        meanOf: halfWidths, is: mean, allowance: edge.shift, "the edge's mean, n = \(edge.order)")
    }
    return true
  }
}
