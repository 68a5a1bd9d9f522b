import Foundation

/// Laws of large n.
extension EnsembleOracle {
  static let limits = [semicircle, edges, spacingRatio, index, spike, marchenkoPastur]

  // n·D averages 2.4 at n = 100 and 2.8 at 300, standard deviation about 0.5, and peaks near 4.4.
  static let semicircle = EnsembleOracle(
    "semicircle", law: "n·D to the semicircle is at most 6: levels are rigid"
  ) { subject, seed in
    guard subject.isWigner else { return false }
    for (i, values) in try subject.spectra(order: 200, count: 10, seed: seed).enumerated() {
      // Entries with a fourth moment of their own move all levels by up to 1/n.
      let gate = subject.isGOE ? 6.0 : 8
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
    case .goe, .wigner:
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

  // 0.5307 (Atas et al. 2013, table 1): within 4e-4 of it at this order.
  static let spacingRatio = EnsembleOracle(
    "spacing ratio", law: "the mean ratio of neighbouring spacings is 0.5307"
  ) { subject, seed in
    guard subject.isWigner else { return false }
    let means = try subject.spectra(order: 200, count: 40, seed: seed).map { values in
      let spacings = zip(values, values.dropFirst()).map { $1 - $0 }
      let ratios = zip(spacings, spacings.dropFirst()).map { a, b in
        max(a, b) > 0 ? min(a, b) / max(a, b) : 0
      }
      return ratios.reduce(0, +) / Double(ratios.count)
    }
    try Significance.require(
      meanOf: means, is: 0.5307, allowance: 0.002, "the mean ratio")
    return true
  }

  // Var = 0.712 at n = 100 (near (ln n)/π² + 0.24); a variance of N draws has error √(2/N).
  static let index = EnsembleOracle(
    "index", law: "GOE has n/2 negative eigenvalues on average, with variance 0.712 at n = 100"
  ) { subject, seed in
    guard subject.isGOE else { return false }
    let count = 400
    let indices = try subject.spectra(order: 100, count: count, seed: seed).map { values in
      Double(values.count { $0 < 0 })
    }
    try Significance.require(meanOf: indices, is: 50, "the index's mean")
    let variance = indices.reduce(0) { $0 + ($1 - 50) * ($1 - 50) } / Double(count)
    try PropertyViolation.require(
      (variance / 0.712 - 1).magnitude, atMost: 6 * (2 / Double(count)).squareRoot(),
      "the index's variance", "\(variance)")
    return true
  }

  // Baik, Ben Arous and Péché 2005; for GOE Féral and Péché 2007: θ + 1/θ, and n·Var = 2(1 − θ⁻²).
  static let spike = EnsembleOracle(
    "spike", law: "λ₁ of a spiked Wigner matrix is at θ + 1/θ with variance 2(1 − θ⁻²)/n"
  ) { subject, seed in
    guard case .spikedWigner(let strength) = subject.ensemble else { return false }
    let (n, count) = (200, 300)
    let top = try subject.spectra(order: n, count: count, seed: seed).map { $0[n - 1] }
    let expected = strength + 1 / strength
    // Of order 1/n: 2.166, 2.500 and 3.332 at n = 400 for θ = 1.5, 2, 3.
    try Significance.require(meanOf: top, is: expected, allowance: 1.5 / Double(n), "λ₁'s mean")
    let mean = top.reduce(0, +) / Double(count)
    let variance = top.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
    let limit = 2 * (1 - 1 / (strength * strength)) / Double(n)
    try PropertyViolation.require(
      (variance / limit - 1).magnitude, atMost: 6 * (2 / Double(count)).squareRoot() + 0.1,
      "λ₁'s variance", "\(variance), not \(limit)")
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
