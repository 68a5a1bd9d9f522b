import RealModule

extension Activation {
  /// Errors of φ, φ′ and φ″ as `apply` and `derivatives` compute them, where z has errors.
  ///
  /// Each has two parts: what the function's own arithmetic does at the computed z, and how far the
  /// true function moves from there to the true z. For the second, φ′ of tanh, sigmoid and softplus
  /// changes by a factor of at most e^(k·|Δz|), so saturated units have errors as small as their
  /// slopes; φ‴ is bounded by k′·φ′. The ranges of the functions bound both.
  ///
  /// - Parameters:
  ///   - z, a: the computed z with its errors, and φ(z).
  ///   - slope, bend: the computed φ′(z) and φ″(z).
  func rounding(
    z: Bounded, a: [Double], slope: [Double], bend: [Double]
  ) -> (a: [Double], slope: [Double], bend: [Double]) {
    var errors = (
      a: [Double](repeating: 0, count: z.count), slope: [Double](repeating: 0, count: z.count),
      bend: [Double](repeating: 0, count: z.count)
    )
    for i in z.values.indices {
      let one = rounding(
        z: z.values[i], within: z.errors[i], a: a[i].magnitude, slope: slope[i], bend: bend[i])
      errors.a[i] = one.a
      errors.slope[i] = one.slope
      errors.bend[i] = one.bend
    }
    return errors
  }

  private func rounding(
    z: Double, within e: Double, a: Double, slope: Double, bend: Double
  ) -> (a: Double, slope: Double, bend: Double) {
    let (u, lost) = (Rounding.unit, Rounding.underflow)
    switch self {
    case .identity: return (e, 0, 0)
    case .relu:
      // Where the sign is in doubt the slope may be either. At the kink itself it is both: a step aside
      // turns it, so that there is no second derivative, but a jump of what comes back from behind.
      if z.magnitude > e { return (z > 0 ? e : 0, 0, 0) }
      return (z.magnitude + e, 1, Rounding.kinkBend)
    case .tanh:
      let own = Rounding.hyperbolicTangent * a + lost
      let ownSlope = 2.1 * own * a + 3 * u * slope + own * own
      let reach = slope + ownSlope
      let growth = Double.expMinusOne(2 * e)
      return (
        min(moved(e, reach, growth), 2) + own,
        min(reach * growth, 1) + ownSlope,
        min(4 * moved(e, reach, growth), 2)
          + 2.1 * (a * ownSlope + slope * own) + 3 * u * bend.magnitude + lost
      )
    case .sigmoid:
      let own = (Rounding.exponential + 4 * u) * a + lost
      let ownSlope = 1.1 * own + 3 * u * slope + lost
      let reach = slope + ownSlope
      let growth = Double.expMinusOne(e)
      return (
        min(moved(e, reach, growth), 1) + own,
        min(reach * growth, 0.25) + ownSlope,
        min(moved(e, reach, growth), 0.2)
          + ownSlope + slope * (2.1 * own + 4 * u) + 2 * u * bend.magnitude + lost
      )
    case .softplus:
      let own = (Rounding.exponential + Rounding.logarithmOfOnePlus + 4 * u) * a + lost
      let ownSlope = (Rounding.exponential + 4 * u) * slope + lost
      let ownBend = 1.1 * ownSlope + 3 * u * bend + lost
      let reach = bend + ownBend
      let growth = Double.expMinusOne(e)
      return (
        min(moved(e, slope + ownSlope, growth), e) + own,
        min(moved(e, reach, growth), 1) + ownSlope,
        min(reach * growth, 0.25) + ownBend
      )
    case .gelu:
      // Beyond 40 the density is less than any double.
      let isTail = z.magnitude > 40
      let size = isTail ? 0 : z.magnitude
      let density = isTail ? 0 : Double.exp(-z * z / 2) * 0.4
      let distribution = isTail ? (z > 0 ? 1 : 0) : Double.erfc(-z / 1.4142135623730951) / 2
      let ownDensity = density * (Rounding.exponential + u * (size * size + 6)) + lost
      let ownDistribution =
        Rounding.complementaryErrorFunction * distribution + 4 * u * size * density + lost
      let own = z.magnitude * ownDistribution + 2 * u * a + lost
      let ownSlope =
        ownDistribution + size * ownDensity + 2 * u * (size * density + slope.magnitude) + lost
      let square = 2 + size * size
      let ownBend = square * (ownDensity + 4 * u * density) + lost
      // |φ″| ≤ 0.8, |φ‴| ≤ 0.8, |φ⁗| ≤ 1.6.
      let third = density * size * (size * size + 4)
      return (
        e * min(slope.magnitude + ownSlope + 0.8 * e, 1.2) + own,
        min(e * min(bend.magnitude + ownBend + 0.8 * e, 0.8), 1.3) + ownSlope,
        min(e * min(third + 1.6 * e, 0.8), 1.2) + ownBend
      )
    }
  }

  /// ∫|f′| over a distance e, where |f′| is `reach` at its start and grows by 1 + `growth` at most.
  private func moved(_ e: Double, _ reach: Double, _ growth: Double) -> Double {
    e == 0 ? 0 : e * reach * (1 + growth)
  }
}
