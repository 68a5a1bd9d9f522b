import Foundation

/// Laws of large n.
extension EnsembleOracle {
  static let limits = [
    semicircle, edges, tracyWidom, spacingRatio, numberVariance, index, spike, overlap,
    marchenkoPastur,
  ]

  // n·D averages 2.4 at n = 100 and 2.8 at 300, standard deviation about 0.5, and peaks near 4.4.
  static let semicircle = EnsembleOracle(
    "semicircle", law: "n·D to the semicircle is at most 6: levels are rigid"
  ) { subject, seed in
    guard subject.isWigner else { return false }
    for (i, values) in try subject.spectra(order: 200, count: 10, seed: seed).enumerated() {
      // Entries with a fourth moment of their own move all levels by up to 1/n.
      let gate = subject.beta != nil ? 6.0 : 8
      let distance = try Semicircle(goeOrder: 200).distance(to: values)
      try PropertyViolation.require(200 * distance, atMost: gate, "Wigner's law", "draw \(i)")
      // Ranks at the law's quantiles would lie within ½.
      try PropertyViolation.require(
        0.6, atMost: 200 * distance, "no nearer than a random matrix's levels", "draw \(i)")
    }
    return true
  }

  // Nine of Tracy and Widom's units: beyond them GOE's law has 4e-10 outward and 1e-16 inward. At
  // n = 300 that is 10 % of a Wigner matrix's radius. A Wishart matrix's rate function, integrated
  // from the edge, is there at most 3 % below the law's own exponent, 18. Centers as `tracyWidom` has them.
  static let edges = EnsembleOracle(
    "edges",
    law: "the extremes lie within nine units of Tracy and Widom's of ±2√n, of Wishart matrices at "
      + "(√n ± √m)²"
  ) { subject, seed in
    let n = 300.0
    let low, high: (center: Double, unit: Double)
    switch subject.ensemble {
    case .goe, .gue, .wigner:
      high = (2 * n.squareRoot(), pow(n, -1 / 6.0))
      low = (-high.center, high.unit)
    case .wishart(let degrees) where degrees >= 600:
      let (a, b) = ((n - 0.5).squareRoot(), (Double(degrees) - 0.5).squareRoot())
      high = ((b + a) * (b + a), (b + a) * cbrt(1 / a + 1 / b))
      low = ((b - a) * (b - a), (b - a) * cbrt(1 / a - 1 / b))
    default: return false
    }
    for values in try subject.spectra(order: 300, count: 4, seed: seed) {
      for (value, edge, name) in [(values[299], high, "upper"), (values[0], low, "lower")] {
        try PropertyViolation.require(
          (value - edge.center).magnitude, atMost: 9 * edge.unit, "the \(name) edge")
      }
    }
    return true
  }

  static let marchenkoPastur = EnsembleOracle(
    "Marchenko–Pastur", law: "n·D of Wishart eigenvalues to their law is at most 6"
  ) { subject, seed in
    let n = 200
    guard case .wishart(let degrees) = subject.ensemble, degrees >= n else { return false }
    let law = MarchenkoPastur(ratio: Double(n) / Double(degrees))
    for values in try subject.spectra(order: n, count: 3, seed: seed) {
      var (below, at, distance) = (0.0, law.lowerEdge, 0.0)
      for (k, value) in values.enumerated() {
        let x = value / Double(degrees)
        below += try law.mass(from: at, to: x).value
        at = max(at, x)
        distance = max(distance, below * Double(n) - Double(k), Double(k + 1) - below * Double(n))
      }
      try PropertyViolation.require(distance, atMost: 6, "Marchenko and Pastur's law")
    }
    return true
  }
}
