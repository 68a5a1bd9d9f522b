/// d strict saddles in a row, each of which must be left by another coordinate: gradient descent
/// takes time exponential in d, perturbed descent does not (Du et al. 2017, theorem 4.1).
///
/// In the paper's tubes, for |x₁|, …, |x_{i−1}| ≥ 2τ,
///
///     f = Σ_{j<i} L(|xⱼ| − 4τ)² − γxᵢ² + LΣ_{j>i} xⱼ² − (i−1)ν          for |xᵢ| ≤ τ,
///     f = Σ_{j<i} L(|xⱼ| − 4τ)² + g₁(|xᵢ|) + g₂(|xᵢ|)x²_{i+1} + LΣ_{j>i+1} xⱼ² − (i−1)ν
///
/// for τ ≤ |xᵢ| ≤ 2τ, with g₁ and g₂ the splines that join the two twice continuously. The paper
/// extends f from the tubes by an existence theorem; here it is the recursion
///
///     F_i = a(|xᵢ|) + (1 − s(|xᵢ|))·LΣ_{j>i} xⱼ² + s(|xᵢ|)·F_{i+1},   F_{d+1} = 0,   f = F₁
///
/// with a = −γx², g₁, L(x − 4τ)² − ν in turn and s the quintic step from 0 at τ to 1 at 2τ: the
/// same in the tubes, where g₂ = L − (L+γ)s, and twice continuously differentiable everywhere.
public struct Octopus: Sendable {
  /// d ≥ 1.
  public let dimension: Int
  /// L, γ and τ, positive; the paper takes L = e and γ = 1.
  public let steepness, escapeCurvature, width: Double

  public init(
    dimension: Int, steepness: Double = 2.718281828459045, escapeCurvature: Double = 1,
    width: Double = 1
  ) {
    precondition(
      dimension >= 1 && steepness > 0 && escapeCurvature > 0 && width > 0,
      "\(dimension) variables, L = \(steepness), γ = \(escapeCurvature), τ = \(width)")
    self.dimension = dimension
    self.steepness = steepness
    self.escapeCurvature = escapeCurvature
    self.width = width
  }

  /// ν, what each saddle lies below the one before: 4Lτ² − g₁(2τ).
  public var drop: Double { 4 * steepness * width * width - spline(2 * width).value }

  /// The function, with the saddles and minima of its tubes.
  ///
  /// The saddle k = 0, …, d−1 stands at (±4τ, …, ±4τ, 0, …, 0), k of them not 0, has index 1 and
  /// value −kν; the 2^d minima at (±4τ, …, ±4τ) have −dν. Listed are those of positive signs.
  public var landscape: Landscape {
    let points = (0...dimension).map { k in
      CriticalPoint(
        location: (0..<dimension).map { $0 < k ? 4 * width : 0 }, index: k < dimension ? 1 : 0,
        value: -Double(k) * drop)
    }
    return Landscape(
      name: "octopus, d = \(dimension)", dimension: dimension,
      value: { tail($0).value },
      gradient: { x in tail(x).gradient },
      hessian: { x in tail(x).hessian },
      criticalPoints: points, hasAllCriticalPoints: false)
  }

  /// A function of one number with its first two derivatives.
  private struct Profile {
    var value, slope, curvature: Double
  }

  /// g₁ = −γx² + (10γ − 14L)/(3τ)·(x−τ)³ + (5L − 3γ)/(2τ²)·(x−τ)⁴.
  private func spline(_ x: Double) -> Profile {
    let (l, γ, τ) = (steepness, escapeCurvature, width)
    let (cubic, quartic) = ((10 * γ - 14 * l) / (3 * τ), (5 * l - 3 * γ) / (2 * τ * τ))
    let d = x - τ
    return Profile(
      value: -γ * x * x + (cubic + quartic * d) * d * d * d,
      slope: -2 * γ * x + (3 * cubic + 4 * quartic * d) * d * d,
      curvature: -2 * γ + (6 * cubic + 12 * quartic * d) * d)
  }

  /// a, for x ≥ 0.
  private func profile(_ x: Double) -> Profile {
    let (l, γ, τ) = (steepness, escapeCurvature, width)
    if x <= τ { return Profile(value: -γ * x * x, slope: -2 * γ * x, curvature: -2 * γ) }
    if x < 2 * τ { return spline(x) }
    let d = x - 4 * τ
    return Profile(value: l * d * d - drop, slope: 2 * l * d, curvature: 2 * l)
  }

  /// s, for x ≥ 0: 6u⁵ − 15u⁴ + 10u³ with u = x/τ − 1.
  private func step(_ x: Double) -> Profile {
    let u = x / width - 1
    if u <= 0 { return Profile(value: 0, slope: 0, curvature: 0) }
    if u >= 1 { return Profile(value: 1, slope: 0, curvature: 0) }
    return Profile(
      value: u * u * u * ((6 * u - 15) * u + 10),
      slope: 30 * u * u * (1 - u) * (1 - u) / width,
      curvature: 60 * u * (1 - u) * (1 - 2 * u) / (width * width))
  }

  /// F₁ with its derivatives, from F_d inwards.
  private func tail(
    _ x: [Double]
  ) -> (value: Double, gradient: [Double], hessian: [[Double]]) {
    let n = dimension
    var value = 0.0
    var g = [Double](repeating: 0, count: n)
    var h = [[Double]](repeating: g, count: n)
    // LΣ_{j>i} xⱼ².
    var bowl = 0.0
    for i in (0..<n).reversed() {
      let sign = x[i] < 0 ? -1.0 : 1
      let (a, s) = (profile(x[i].magnitude), step(x[i].magnitude))
      let difference = value - bowl
      h[i][i] = a.curvature + s.curvature * difference
      for j in (i + 1)..<n {
        let bowlSlope = 2 * steepness * x[j]
        h[i][j] = sign * s.slope * (g[j] - bowlSlope)
        h[j][i] = h[i][j]
        g[j] = (1 - s.value) * bowlSlope + s.value * g[j]
        for k in (i + 1)..<n {
          let bowlCurvature = j == k ? 2 * steepness : 0
          h[j][k] = (1 - s.value) * bowlCurvature + s.value * h[j][k]
        }
      }
      g[i] = sign * (a.slope + s.slope * difference)
      value = a.value + (1 - s.value) * bowl + s.value * value
      bowl += steepness * x[i] * x[i]
    }
    return (value, g, h)
  }
}
