import Foundation

/// Laws that are exact for finite n.
extension EnsembleOracle {
  static let exactLaws = [
    trace, squares, fourthPower, twoByTwo, threeLevels, definiteness, largest, direction,
    topEigenvector,
  ]

  static let trace = EnsembleOracle(
    "trace", law: "tr A is normal with variance 2n/β for GOE and GUE; tr XXᵀ is χ² with nm degrees"
  ) { subject, seed in
    let (n, count) = (20, 400)
    switch subject.ensemble {
    case .goe, .gue:
      let sum = try subject.spectra(order: n, count: count, seed: seed).joined().reduce(0, +)
      let z = sum / (Double(2 * n * count) / (subject.beta ?? 1)).squareRoot()
      try Significance.require(
        lower: GSL.normalTail(-z), upper: GSL.normalTail(z), "the trace's mean", "z = \(z)")
    case .wishart(let degrees):
      let sum = try subject.spectra(order: n, count: count, seed: seed).joined().reduce(0, +)
      let tails = GSL.chiSquaredTails(sum, freedom: Double(n * degrees * count))
      try Significance.require(
        lower: tails.lower, upper: tails.upper, "the trace's mean", "\(sum)")
    default: return false
    }
    return true
  }

  static let squares = EnsembleOracle(
    "squares", law: "½β·tr A² is χ² with n + ½βn(n − 1) degrees of freedom for GOE and GUE"
  ) { subject, seed in
    guard let beta = subject.beta else { return false }
    for (n, count) in [(1, 4000), (2, 4000), (20, 400)] {
      let spectra = try subject.spectra(order: n, count: count, seed: seed)
      let freedom = Double(n) + beta * Double(n * (n - 1)) / 2
      let sums = spectra.map { $0.reduce(0) { $0 + $1 * $1 } * beta / 2 }
      let tails = GSL.chiSquaredTails(sums.reduce(0, +), freedom: Double(count) * freedom)
      try Significance.require(
        lower: tails.lower, upper: tails.upper, "the squares' mean", "n = \(n)", of: 4)
      // As a whole law too: draws that are too much alike have the right mean.
      guard n == 2 else { continue }
      try Significance.require(
        sums, follow: { GSL.chiSquaredTails($0, freedom: freedom).lower }, "the squares' law",
        of: 4)
    }
    return true
  }

  static let fourthPower = EnsembleOracle(
    "fourth power", law: "E tr A⁴ = 2n³ + 5n² + 5n for GOE; E tr W² = nm(m + n + 1) for Wishart"
  ) { subject, seed in
    // At n = 50 a trace is nearly normal: it is a sum of rigid levels.
    let n = 50
    switch subject.ensemble {
    case .goe:
      let traces = try subject.spectra(order: n, count: 400, seed: seed).map {
        $0.reduce(0) { $0 + $1 * $1 * $1 * $1 }
      }
      try Significance.require(
        meanOf: traces, is: TraceMoments.goe(order: n, halfPower: 2), "E tr A⁴")
    case .wishart(let degrees):
      for power in [2, 3] {
        let traces = try subject.spectra(order: n, count: 400, seed: seed).map {
          $0.reduce(0) { $0 + pow($1, Double(power)) }
        }
        try Significance.require(
          meanOf: traces,
          is: TraceMoments.wishart(order: n, degrees: Double(degrees), power: power),
          "E tr W^\(power)")
      }
    default: return false
    }
    return true
  }

  // λ₂ − λ₁ = √((a − c)² + 4|b|²), where a − c and 2b, or both parts of 2b, are ~ N(0, 4/β): its
  // square times β/4 is χ² with β + 1 degrees of freedom. This is Wigner's surmise, exactly.
  static let twoByTwo = EnsembleOracle(
    "two levels",
    law: "of 2 × 2 GOE or GUE, ¼β(λ₂ − λ₁)² is χ² with β + 1 degrees, and λ₁ + λ₂ normal"
  ) { subject, seed in
    guard let beta = subject.beta else { return false }
    let spectra = try subject.spectra(order: 2, count: 8000, seed: seed)
    try Significance.require(
      spectra.map { ($0[1] - $0[0]) * ($0[1] - $0[0]) * beta / 4 },
      follow: { GSL.chiSquaredTails($0, freedom: beta + 1).lower }, "Wigner's surmise", of: 2)
    try Significance.require(
      spectra.map { ($0[0] + $0[1]) / 2 * beta.squareRoot() },
      follow: { GSL.normalTail(-$0) }, "the trace's law", of: 2)
    return true
  }

  // 4 − 2√3: exact for n = 3 (Atas et al. 2013, eq. 7). Ratios lie in [0, 1]: Hoeffding 1963.
  static let threeLevels = EnsembleOracle(
    "three levels", law: "the mean ratio of 3 × 3 GOE's two spacings is 4 − 2√3"
  ) { subject, seed in
    guard subject.isGOE else { return false }
    let count = 8000
    let ratios = try subject.spectra(order: 3, count: count, seed: seed).map {
      let (a, b) = ($0[1] - $0[0], $0[2] - $0[1])
      return max(a, b) > 0 ? min(a, b) / max(a, b) : 0
    }
    let mean = ratios.reduce(0, +) / Double(count)
    try PropertyViolation.require(
      (mean - (4 - 2 * 3.0.squareRoot())).magnitude,
      atMost: (log(2 / falseAlarm) / Double(2 * count)).squareRoot(), "the mean ratio", "\(mean)")
    return true
  }

  // (2 − √2)/4 and 1/4 − √2/(2π): confirmed by simulation.
  static let definiteness = EnsembleOracle(
    "definiteness", law: "GOE is positive definite with probability 0.14645 for n = 2, 0.02492 for 3"
  ) { subject, seed in
    guard subject.isGOE else { return false }
    let known = [(2, (2 - 2.0.squareRoot()) / 4), (3, 0.25 - 2.0.squareRoot() / (2 * Double.pi))]
    for (n, probability) in known {
      let count = 8000
      let spectra = try subject.spectra(order: n, count: count, seed: seed)
      for (name, hits) in [
        ("positive", spectra.count { $0[0] > 0 }), ("negative", spectra.count { $0[n - 1] < 0 }),
      ] {
        let tails = GSL.binomialTails(hits, trials: count, probability: probability)
        try Significance.require(
          lower: tails.lower, upper: tails.upper, "\(name) definite", "\(hits) of \(count), n = \(n)",
          of: 4)
      }
    }
    return true
  }

  // Dumitriu and Edelman 2002: N(0, 2) on the diagonal, χ of n − k degrees beside it. Two samples of
  // N differ by √(N/2)·D > x with probability at most 2·e^(−2x²) (Wei, Dudley 2012).
  static let largest = EnsembleOracle(
    "largest eigenvalue", law: "λ₁ of GOE has the law of Dumitriu and Edelman's tridiagonal's"
  ) { subject, seed in
    guard subject.isGOE else { return false }
    let (n, count) = (6, 3000)
    let found = try subject.spectra(order: n, count: count, seed: seed).map { $0[n - 1] }
    var rng = SplitMix64(seed: seed ^ 0xD0_0D)
    let reference = try (0..<count).map { _ in
      let beside = (1..<n).reversed().map { freedom in
        Draw.normals(freedom, using: &rng).reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
      let diagonal = Draw.normals(n, using: &rng).map { 2.0.squareRoot() * $0 }
      return try GSL.eigenvalues(
        RandomMatrix.symmetric(order: n) { i, j in
          i == j ? diagonal[i] : i == j + 1 ? beside[j] : 0
        })[n - 1]
    }
    let distance = twoSampleDistance(found, reference)
    try PropertyViolation.require(
      (Double(count) / 2).squareRoot() * distance,
      atMost: (log(2 / falseAlarm) / 2).squareRoot(), "the same law", "D = \(distance)")
    return true
  }

  private static func twoSampleDistance(
    _ first: [Double], _ second: [Double]
  ) -> Double {
    let (a, b) = (first.sorted(), second.sorted())
    var (i, j, worst) = (0, 0, 0.0)
    while i < a.count, j < b.count {
      if a[i] <= b[j] { i += 1 } else { j += 1 }
      worst = max(
        worst, (Double(i) / Double(a.count) - Double(j) / Double(b.count)).magnitude)
    }
    return worst
  }
}
