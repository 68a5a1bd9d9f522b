import CGSL
import Foundation

/// What holds of number variances and of unfolding.
extension LawOracle {
  static let levels = [clusters, growth, windows, ranks, rigidity, unfoldedSpacings]

  /// L − 2∫₀ᴸ (L − r)·Y₂(r) dr with Dyson's cluster functions: s² for β = 2 and
  /// s² + s′·∫ᵣ^∞ s for β = 1, s = sin πr/(πr) (Mehta 2004, §6.4, §7.2).
  private static func exactNumberVariance(beta: Int, _ length: Double) throws -> Double {
    guard beta > 0 else { return length }
    func clusters(_ r: Double) -> Double {
      let x = Double.pi * r
      let s = x == 0 ? 1 : sin(x) / x
      guard beta == 1 else { return s * s }
      let slope = x < 1e-4 ? -Double.pi * x / 3 : (cos(x) - s) / r
      return s * s + slope * (0.5 - gsl_sf_Si(x) / Double.pi)
    }
    return try length - 2 * integral(of: { (length - $0) * clusters($0) }, from: 0, to: length)
  }

  // Two terms of an expansion for large L leave 0.006 at L = 1 and 1e-3 at 4 or less.
  static let clusters = LawOracle(
    "cluster function", law: "the number variance is that of Dyson's cluster function to 0.01/L"
  ) { subject, _ in
    guard case .numberVariance(let beta) = subject.law, let variance = subject.numberVariance
    else { return false }
    for length in [1.0, 2, 3.5, 8, 20] {
      let expected = try exactNumberVariance(beta: beta, length)
      try PropertyViolation.require(
        (try variance(length) - expected).magnitude, atMost: 0.01 / length, "the number variance",
        "at \(length): \(expected)")
    }
    return true
  }

  static let growth = LawOracle(
    "growth",
    law: "the number variance grows by (2/βπ²)·ln 10 from L to 10 L, without repulsion by 9 L"
  ) { subject, _ in
    guard case .numberVariance(let beta) = subject.law, let variance = subject.numberVariance
    else { return false }
    for length in [100.0, 1e5] {
      let expected =
        beta == 0 ? 9 * length : 2 / (Double(beta) * Double.pi * Double.pi) * log(10)
      try PropertyViolation.require(
        (try variance(10 * length) - variance(length) - expected).magnitude,
        atMost: 1e-3 / length * max(1, expected), "the growth", "from \(length)")
    }
    return true
  }

  // A variance of N counts that are nearly normal has relative error √(2/N).
  static let windows = LawOracle(
    "windows",
    law: "the number of levels of drawn matrices in windows of length 5 has that variance"
  ) { subject, seed in
    guard case .numberVariance(let beta) = subject.law, let variance = subject.numberVariance
    else { return false }
    let (n, length, matrices) = (1000, 5.0, 300)
    var counts: [Double] = []
    for k in 0..<matrices {
      let seed = seed &* 1_000_003 &+ UInt64(k)
      // Eight windows about the centre, far from one another: mean density √n/(π√β) there.
      let starts = (-4..<4).map { Double($0) * 15 }
      guard beta > 0 else {
        let source = try GSLRandom(seed: seed)
        var level = starts[0] - 5
        var levels: [Double] = []
        while level < 65 {
          level -= log(source.unit())
          levels.append(level)
        }
        counts += starts.map { start in
          Double(levels.count { $0 >= start && $0 < start + length })
        }
        continue
      }
      let drawn = try DrawnTridiagonal.hermite(order: n, beta: beta, seed: seed).counts
      let spacing = Double.pi * Double(beta).squareRoot() / Double(n).squareRoot()
      counts += starts.map {
        Double(drawn.below(($0 + length) * spacing) - drawn.below($0 * spacing))
      }
    }
    let mean = counts.reduce(0, +) / Double(counts.count)
    let found =
      counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(counts.count - 1)
    try PropertyViolation.require(
      (found / (try variance(length)) - 1).magnitude,
      atMost: 6 * (2 / Double(counts.count)).squareRoot() + 0.03, "the windows' variance",
      "\(found) of \(counts.count)")
    return true
  }

  static let ranks = LawOracle(
    "ranks", law: "the semicircle's quantiles of p unfold to n·p"
  ) { subject, seed in
    guard let unfold = subject.unfold else { return false }
    var rng = SplitMix64(seed: seed)
    let n = 200
    let law = Semicircle(goeOrder: n)
    let shares = (0..<n).map { _ in Draw.unit(using: &rng) }.sorted()
    let values = shares.map { p in
      var (low, high) = (-law.radius, law.radius)
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if law.cumulative(middle) < p { low = middle } else { high = middle }
      }
      return (low + high) / 2
    }
    let found = try unfold(values)
    guard found.count == n else { throw PropertyViolation("n levels", "\(found.count)") }
    try PropertyViolation.require(
      greatestDifference(found, shares.map { Double(n) * $0 }), atMost: 1e-9 * Double(n), "n·p")
    return true
  }

  private static func unfolded(
    order n: Int, count: Int, seed: UInt64, by unfold: ([Double]) throws -> [Double]
  ) throws -> [[Double]] {
    var rng = SplitMix64(seed: seed)
    return try (0..<count).map { _ in
      let levels = try unfold(GSL.eigenvalues(RandomMatrix.goe(order: n, using: &rng)))
      try EigensolverSubject.requireSpectrum(levels, order: n)
      return levels
    }
  }

  // n·D of GOE to the semicircle, at most 6 as in `EnsembleOracle`, and levels half a rank besides.
  static let rigidity = LawOracle(
    "rigidity", law: "unfolded GOE levels lie within 6 of their ranks, and not at them"
  ) { subject, seed in
    guard let unfold = subject.unfold else { return false }
    for levels in try unfolded(order: 300, count: 2, seed: seed, by: unfold) {
      let farthest = levels.enumerated().reduce(0) {
        max($0, ($1.element - Double($1.offset) - 0.5).magnitude)
      }
      try PropertyViolation.require(farthest, atMost: 6.5, "near their ranks")
      try PropertyViolation.require(0.1, atMost: farthest, "no nearer than levels are")
    }
    return true
  }

  // 1.3e-2 is the surmise's own error for large matrices (Mehta 2004, §1.5).
  static let unfoldedSpacings = LawOracle(
    "unfolded spacings", law: "spacings of unfolded GOE levels follow Wigner's surmise"
  ) { subject, seed in
    guard let unfold = subject.unfold else { return false }
    let spacings = try unfolded(order: 100, count: 40, seed: seed, by: unfold).flatMap { levels in
      zip(levels[25..<75], levels[26..<76]).map { $1 - $0 }
    }
    let distance = DistributionDistance.kolmogorovSmirnov(spacings) {
      1 - exp(-Double.pi * $0 * $0 / 4)
    }
    try PropertyViolation.require(
      distance,
      atMost: 0.013
        + (log(2 / EnsembleOracle.falseAlarm) / Double(2 * spacings.count)).squareRoot(),
      "the surmise")
    return true
  }
}
