import RealModule

extension SpectralDensity {
  /// An interval with all eigenvalues, but for a probability over the probes.
  ///
  /// An eigenvector's part of a probe is |u·e| ≤ s with probability at most s·√(2n/π), so that of
  /// the parts in q probes one is larger than s = (doubt/2)^(1/q)·√(π/2n) but for doubt/2. And a
  /// measure with the moments of T has at x no more mass than 1/Σ pⱼ(x)², pⱼ the orthonormal
  /// polynomials of T (Akhiezer 1965, §2.5). Beyond the Ritz values that falls with the distance:
  /// an eigenvalue where it is below s² for all probes is refuted. In exact arithmetic, to which
  /// `resolution` is added.
  ///
  /// - Parameters:
  ///   - doubt: the probability, between 0 and 1, that an eigenvalue lies outside.
  ///   - scale: the size of the numbers that products were computed from, where that is more than
  ///     the largest Ritz value.
  public func range(doubt: Double = 1e-6, scale: Double = 0) -> ClosedRange<Double> {
    precondition(doubt > 0 && doubt < 1, "a doubt of \(doubt)")
    let root = Double.exp(.log(doubt / 2) / Double(probes.count))
    let mass = root * root * Double.pi / (2 * Double(dimension))
    let rounding = resolution(scale: scale)
    var (low, high) = (extent.lowerBound, extent.upperBound)
    for probe in probes {
      let coefficients = probe.coefficients
      high = max(high, coefficients.limit(mass: mass, beyond: probe.measure.nodes.last ?? 0, 1))
      low = min(low, coefficients.limit(mass: mass, beyond: probe.measure.nodes.first ?? 0, -1))
    }
    return low - rounding...high + rounding
  }
}

extension LanczosCoefficients {
  /// The point furthest out, beyond an outermost Ritz value, that may have a mass.
  ///
  /// - Parameter direction: 1 for points above, −1 for points below.
  fileprivate func limit(mass: Double, beyond node: Double, _ direction: Double) -> Double {
    guard !isInvariant, mass < 1 else { return node }
    var step = max(max(node.magnitude, remainder) * 0x1p-40, .leastNormalMagnitude)
    while admits(mass, at: node + direction * step) { step *= 2 }
    var (inside, outside) = (step / 2, step)
    for _ in 0..<50 {
      let middle = (inside + outside) / 2
      if admits(mass, at: node + direction * middle) { inside = middle } else { outside = middle }
    }
    return node + direction * outside
  }

  /// Whether Σ pⱼ(x)² ≤ 1/mass, over the k + 1 polynomials that T and its remainder determine.
  private func admits(_ mass: Double, at x: Double) -> Bool {
    var (previous, current, sum) = (0.0, 1.0, 1.0)
    var beside = 0.0
    for (j, α) in diagonal.enumerated() {
      let β = j < offDiagonal.count ? offDiagonal[j] : remainder
      (previous, current) = (current, ((x - α) * current - beside * previous) / β)
      beside = β
      sum += current * current
      guard sum * mass <= 1 else { return false }
    }
    return true
  }
}
