import Foundation

/// Laws of a matrix with one spike.
extension EnsembleOracle {
  /// The least strength of which the laws of large n speak: nearer to the threshold, 1, they come
  /// true for larger matrices only.
  static let leastStrength = 1.5

  // Baik, Ben Arous and Péché 2005; for GOE Féral and Péché 2007: θ + 1/θ, and n·Var = 2(1 − θ⁻²).
  static let spike = EnsembleOracle(
    "spike", law: "λ₁ of a spiked Wigner matrix is at θ + 1/θ with variance 2(1 − θ⁻²)/n"
  ) { subject, seed in
    guard case .spikedWigner(let strength) = subject.ensemble, strength >= leastStrength
    else { return false }
    let (n, count) = (100, 300)
    let top = try subject.spectra(order: n, count: count, seed: seed).map { $0[n - 1] }
    let expected = strength + 1 / strength
    // 0.2/n was measured for θ = 1.5, 2, 3.
    try Significance.require(meanOf: top, is: expected, allowance: 1.5 / Double(n), "λ₁'s mean")
    let mean = top.reduce(0, +) / Double(count)
    let variance = top.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
    let limit = 2 * (1 - 1 / (strength * strength)) / Double(n)
    try PropertyViolation.require(
      (variance / limit - 1).magnitude, atMost: 6 * (2 / Double(count)).squareRoot() + 0.1,
      "λ₁'s variance", "\(variance), not \(limit)")
    return true
  }

  // Benaych-Georges and Nadakuditi 2011: 1 − θ⁻². Off by 0.2/n at θ = 2 and 3, by 1.2/n at 1.5.
  static let overlap = EnsembleOracle(
    "overlap", law: "λ₁'s eigenvector has the squared overlap 1 − θ⁻² with the spike"
  ) { subject, seed in
    guard case .spikedWigner(let strength) = subject.ensemble, strength >= leastStrength,
      let spike = subject.spike
    else { return false }
    let (n, count) = (60, 300)
    let overlaps = try (0..<count).map { i in
      let (direction, eigenvector) = try units(spike(n, seed &+ UInt64(i)), order: n)
      let cosine = dot(direction, eigenvector)
      return cosine * cosine
    }
    try Significance.require(
      meanOf: overlaps, is: 1 - 1 / (strength * strength), allowance: 1.5 / Double(n),
      "the mean overlap")
    return true
  }

  // vᵀAv = θ + vᵀGv/√n, and vᵀGv has GOE's variance on the diagonal, 2, whatever v is.
  static let direction = EnsembleOracle(
    "spike's direction", law: "vᵀAv is normal with mean θ and variance 2/n, v the spike's direction"
  ) { subject, seed in
    guard case .spikedWigner(let strength) = subject.ensemble, let spike = subject.spike,
      let drawn = try matrices(subject, order: 20, count: 400, seed: seed)
    else { return false }
    let scores = try drawn.enumerated().map { i, rows in
      let (direction, _) = try units(spike(20, seed &+ UInt64(i)), order: 20)
      return (dot(direction, rows.map { dot($0, direction) }) - strength) * 10.0.squareRoot()
    }
    let z = scores.reduce(0, +) / Double(scores.count).squareRoot()
    try Significance.require(
      lower: GSL.normalTail(-z), upper: GSL.normalTail(z), "vᵀAv's mean", "z = \(z)", of: 2)
    try Significance.require(
      scores, follow: { GSL.normalTail(-$0) }, "vᵀAv's law", of: 2)
    return true
  }

  static let topEigenvector = EnsembleOracle(
    "top eigenvector", law: "Ax = λx with |x| = 1 and λ the greatest eigenvalue that GSL finds"
  ) { subject, seed in
    guard let spike = subject.spike,
      let drawn = try matrices(subject, order: 12, count: 20, seed: seed)
    else { return false }
    for (i, rows) in drawn.enumerated() {
      let (_, x) = try units(spike(12, seed &+ UInt64(i)), order: 12)
      let image = rows.map { dot($0, x) }
      let values = try GSL.eigenvalues(rows)
      let scale = max(values[11].magnitude, values[0].magnitude)
      try PropertyViolation.require(
        norm(zip(image, x).map { $0 - values[11] * $1 }), atMost: 60 * 12 * scale.ulp,
        "the greatest eigenvalue's vector", "draw \(i)")
    }
    return true
  }

  private static func units(
    _ spike: EnsembleSubject.Spike, order: Int
  ) throws(PropertyViolation) -> EnsembleSubject.Spike {
    for vector in [spike.direction, spike.eigenvector] {
      guard vector.count == order else {
        throw PropertyViolation("vectors of n elements", "\(vector.count) of \(order)")
      }
      try PropertyViolation.require(
        (norm(vector) - 1).magnitude, atMost: 60 * Double(order) * 1.0.ulp, "vectors of length 1")
    }
    return spike
  }
}
