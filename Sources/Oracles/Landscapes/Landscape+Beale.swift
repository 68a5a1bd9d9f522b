extension Landscape {
  /// Σᵢ (cᵢ − x(1 − yⁱ))² with c = (1.5, 2.25, 2.625) (Beale 1958; Moré, Garbow and Hillstrom
  /// 1981, problem 5): one minimum and two saddles.
  ///
  /// ∂x vanishes for x = Σcᵢ(1 − yⁱ)/Σ(1 − yⁱ)², or for y = 1; put into ∂y that leaves a polynomial
  /// whose real roots are ½, 1 and one of 3y³ + 11y² + 10y + 5, so the list is complete.
  public static let beale = Landscape(
    name: "Beale", dimension: 2,
    value: { p in
      var sum = 0.0
      for term in bealeTerms(p) { sum += term.residual * term.residual }
      return sum
    },
    gradient: { p in
      var g = [0.0, 0]
      for term in bealeTerms(p) {
        g[0] += 2 * term.residual * (term.power - 1)
        g[1] += 2 * term.residual * p[0] * term.slope
      }
      return g
    },
    hessian: { p in
      var h = [[0.0, 0], [0, 0]]
      for term in bealeTerms(p) {
        let alongX = term.power - 1
        let alongY = p[0] * term.slope
        h[0][0] += 2 * alongX * alongX
        h[0][1] += 2 * (alongX * alongY + term.residual * term.slope)
        h[1][1] += 2 * (alongY * alongY + term.residual * p[0] * term.curvature)
      }
      h[1][0] = h[0][1]
      return h
    },
    criticalPoints: [
      CriticalPoint(location: [3, 0.5], index: 0, value: 0),
      CriticalPoint(location: [0, 1], index: 1, value: 14.203125),
      CriticalPoint(
        location: [0.10053793732415836, -2.6445135850231250], index: 1,
        value: 9.8645122847555602),
    ],
    hasAllCriticalPoints: true)

  /// The residual cᵢ − x + xyⁱ, and yⁱ with its two derivatives.
  private struct BealeTerm {
    let residual, power, slope, curvature: Double
  }

  private static func bealeTerms(_ p: [Double]) -> [BealeTerm] {
    let (x, y) = (p[0], p[1])
    return [
      BealeTerm(residual: 1.5 - x + x * y, power: y, slope: 1, curvature: 0),
      BealeTerm(residual: 2.25 - x + x * y * y, power: y * y, slope: 2 * y, curvature: 2),
      BealeTerm(
        residual: 2.625 - x + x * y * y * y, power: y * y * y, slope: 3 * y * y,
        curvature: 6 * y),
    ]
  }
}
