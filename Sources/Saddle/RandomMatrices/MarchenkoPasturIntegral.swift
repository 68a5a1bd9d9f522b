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
/// positive and analytic, is summed by Gauss's rule instead: in tan u from the edge near the pole at
/// x = 0, in tan((π − θ)/2) from the other, where it is rational. A ratio above 1 has the law of its
/// inverse, scaled.
struct MarchenkoPasturIntegral {
  private let s: Double
  /// 1 − s, without cancellation.
  private let d: Double
  private let e: Double

  /// The poles, at ±i and beyond, lie on or outside the ellipse of Bernstein with ϱ = 3.2 about any
  /// interval that is summed over, so that 20 nodes reach rounding: 3.2^−40 < 2^−52.
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
    if depth > 0.5 { return 1 - fromFar(((1 - depth) / depth).squareRoot()) }
    return fromNear((depth / (1 - depth)).squareRoot())
  }

  /// The mass within `depth` of the edge farther from zero.
  func far(depth: Double) -> Double {
    if depth <= 0 { return 0 }
    if depth >= 1 { return 1 }
    if depth > 0.5 { return 1 - fromNear(((1 - depth) / depth).squareRoot()) }
    return fromFar((depth / (1 - depth)).squareRoot())
  }

  /// From the near edge to tan(θ/2) ≤ 1.
  private func fromNear(_ tangent: Double) -> Double {
    let product = e * d
    let inverse = d / e
    if d > 0, s <= 0.25 || tangent <= inverse {
      let integral = Self.rule.integral(from: 0, to: tangent / inverse) { x in
        let t = inverse * x
        let sine = 2 * t / (1 + t * t)
        return sine * sine / (1 + x * x)
      }
      return 4 / (.pi * product) * integral
    }
    let theta = 2 * Double.atan(tangent)
    let u = Double.atan2(y: e * tangent, x: d)
    let sine = 2 * tangent / (1 + tangent * tangent)
    let sum = (e * e * (theta + sine) + d * d * (theta - sine)) / 2 - 2 * product * u
    return sum / (2 * .pi * s * s)
  }

  /// From the far edge to tan((π − θ)/2) ≤ 1.
  private func fromFar(_ tangent: Double) -> Double {
    let (near, far) = (d * d, e * e)
    let integral = Self.rule.integral(from: 0, to: tangent) { t in
      let square = t * t
      let one = 1 + square
      return 8 * square / (one * one * (far + near * square))
    }
    return 2 / .pi * integral
  }
}
