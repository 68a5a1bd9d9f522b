import Foundation

/// Laws of neighbouring levels, and of their number in an interval.
extension EnsembleOracle {
  // 0.5307 and 0.5996 (Atas et al. 2013, table 1): within 3e-4 of them at this order.
  static let spacingRatio = EnsembleOracle(
    "spacing ratio", law: "the mean ratio of neighbouring spacings is 0.5307, of GUE 0.5996"
  ) { subject, seed in
    guard subject.isWigner else { return false }
    let means = try subject.spectra(order: 100, count: 400, seed: seed).map { values in
      let spacings = zip(values, values.dropFirst()).map { $1 - $0 }
      let ratios = zip(spacings, spacings.dropFirst()).map { a, b in
        max(a, b) > 0 ? min(a, b) / max(a, b) : 0
      }
      return ratios.reduce(0, +) / Double(ratios.count)
    }
    try Significance.require(
      meanOf: means, is: subject.beta == 2 ? 0.5996 : 0.5307, allowance: 0.002, "the mean ratio")
    return true
  }

  // Dyson and Mehta 1963 (Mehta 2004, §16.1): (2/π²)(ln 2πL + γ + 1 − π²/8), off by 0.0012 at L = 2
  // and less beyond, GUE's half of it without the π²/8. Independent levels would have L, levels at
  // equal distances ¼ at the most. Of 20 000 spectra at n = 100, unfolded by the semicircle, GOE's
  // means are within 0.004 of it and those of other entries within 5 %; a spectrum's own mean has
  // variance 0.034 and 0.45 and has not been seen above 1.6 and 6.
  static let numberVariance = EnsembleOracle(
    "number variance",
    law: "the number of levels where L are expected has variance (2/π²)(ln 2πL + γ + 1 − π²/8)"
  ) { subject, seed in
    guard subject.isWigner else { return false }
    let n = 100
    let spectra = try subject.spectra(order: n, count: 400, seed: seed)
    let law = Semicircle(goeOrder: n)
    for (length, variance, greatest) in [(2, 0.04, 2.0), (10, 0.55, 8)] {
      let euler = 0.5772156649015329
      let unitary = (log(2 * .pi * Double(length)) + euler + 1) / (.pi * .pi)
      let expected = subject.beta == 2 ? unitary : 2 * unitary - 0.25
      // Windows side by side over the middle half of the levels, where the density changes least.
      let windows = n / 2 / length
      let low = Double(n - windows * length) / 2
      let deviations = spectra.map { values in
        var counts = [Int](repeating: 0, count: windows)
        for value in values {
          let window = ((Double(n) * law.cumulative(value) - low) / Double(length)).rounded(.down)
          if window >= 0, window < Double(windows) { counts[Int(window)] += 1 }
        }
        let sum = counts.reduce(0) { $0 + ($1 - length) * ($1 - length) }
        return min(greatest, Double(sum) / Double(windows))
      }
      try Significance.require(
        meanOf: deviations, is: expected,
        allowance: subject.beta == nil ? 0.1 * expected : 0.01, variance: variance,
        range: greatest, "the number's variance, L = \(length)", of: 2)
    }
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
}
