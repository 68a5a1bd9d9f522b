import RealModule

/// The distribution function of the Marchenko–Pastur law's continuous part, with all digits at both
/// edges.
///
/// With √ratio = s < 1 and x = 1 + s² − 2s·cos θ the law is (2/π)·sin²θ/(1 + s² − 2s·cos θ) dθ on
/// [0, π], and its integral from 0 is elementary:
///
///     (2/π)·(½[e²(θ + sin θ) + d²(θ − sin θ)] − 2ed·u)/(4s²),
///     e = 1 + s, d = 1 − s, u = atan((e/d)·tan(θ/2)).
///
/// The terms cancel near the edges, and everywhere where s is small; there the integrand, which is
/// positive and analytic, is summed by Gauss's rule instead, in the angle u from the edge near the
/// pole at x = 0 and in π − θ from the other. A ratio above 1 has the law of its inverse, scaled.
struct MarchenkoPasturIntegral {
  private let s: Double
  /// 1 − s, without cancellation.
  private let d: Double
  private let e: Double

  /// The nearest singularity is at least twice the half-length of any interval from its middle, so
  /// that 20 nodes reach rounding: 2.6^−40 < 2^−52.
  private static let rule = GaussLegendre(order: 20)

  init(ratio: Double) {
    let root = ratio.squareRoot()
    if ratio <= 1 {
      s = root
      d = (1 - ratio) / (1 + root)
    } else {
      s = 1 / root
      d = (ratio - 1) / (root * (1 + root))
    }
    e = 1 + s
  }

  /// The mass within `depth` of the edge nearer to zero, in units of the support's width.
  func near(depth: Double) -> Double {
    if depth <= 0 { return 0 }
    if depth >= 1 { return 1 }
    if depth > 0.5 { return 1 - fromFar(2 * .acos(depth.squareRoot())) }
    return fromNear(2 * .asin(depth.squareRoot()))
  }

  /// The mass within `depth` of the edge farther from zero.
  func far(depth: Double) -> Double {
    if depth <= 0 { return 0 }
    if depth >= 1 { return 1 }
    if depth > 0.5 { return 1 - fromNear(2 * .acos(depth.squareRoot())) }
    return fromFar(2 * .asin(depth.squareRoot()))
  }

  /// For θ ≤ π/2, from the near edge.
  private func fromNear(_ theta: Double) -> Double {
    let product = e * d
    let tangent = Double.tan(theta / 2)
    let u = Double.atan2(y: e * tangent, x: d)
    if d > 0, s <= 0.25 || u <= .pi / 4 {
      let inverse = d / e
      let integral = Self.rule.integral(from: 0, to: u) { u in
        let t = inverse * .tan(u)
        let sine = 2 * t / (1 + t * t)
        return sine * sine
      }
      return 4 / (.pi * product) * integral
    }
    let sine = Double.sin(theta)
    let sum = (e * e * (theta + sine) + d * d * (theta - sine)) / 2 - 2 * product * u
    return sum / (2 * .pi * s * s)
  }

  /// For an angle φ = π − θ ≤ π/2, from the far edge.
  private func fromFar(_ phi: Double) -> Double {
    let integral = Self.rule.integral(from: 0, to: phi) { phi in
      let sine = Double.sin(phi)
      return sine * sine / (1 + s * s + 2 * s * .cos(phi))
    }
    return 2 / .pi * integral
  }
}
