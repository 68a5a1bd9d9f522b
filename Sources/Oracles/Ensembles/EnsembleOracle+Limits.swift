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

  // 10 % of the radius are 8.9 of the n^(−2/3) scale at n = 300: Tracy and Widom's tails there are
  // below e^(−(2/3)·8.9^1.5) = 2e-8 above and e^(−8.9³/24) = 2e-13 below.
  static let edges = EnsembleOracle(
    "edges", law: "the extremes lie within 10 % of ±2√n, of Wishart matrices at (√n ± √m)²"
  ) { subject, seed in
    let n = 300
    let expected: (low: Double, high: Double)
    switch subject.ensemble {
    case .goe, .gue, .wigner:
      expected = (-2 * Double(n).squareRoot(), 2 * Double(n).squareRoot())
    case .wishart(let degrees) where degrees >= 2 * n:
      let (a, b) = (Double(n).squareRoot(), Double(degrees).squareRoot())
      expected = ((b - a) * (b - a), (b + a) * (b + a))
    default: return false
    }
    for values in try subject.spectra(order: n, count: 4, seed: seed) {
      let width = 0.05 * (expected.high - expected.low)
      try PropertyViolation.require(
        (values[n - 1] - expected.high).magnitude, atMost: width, "the upper edge")
      try PropertyViolation.require(
        (values[0] - expected.low).magnitude, atMost: width, "the lower edge")
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
