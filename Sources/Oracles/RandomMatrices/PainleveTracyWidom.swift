import Foundation

/// Tracy and Widom's laws by their differential equation, without a determinant: with
/// q″ = sq + 2q³, q ~ Ai to the right (Hastings, McLeod 1980), F₂(s) = exp(−∫ₛ^∞ (x − s)q² dx) and
/// F₁(s)² = F₂(s)·exp(−∫ₛ^∞ q dx) (Tracy, Widom 1994, 1996).
public struct PainleveTracyWidom: Sendable {
  public struct Point: Sendable {
    public let s: Double
    /// F₁(s), F₂(s) and their derivatives.
    public let goe: (cumulative: Double, density: Double)
    public let gue: (cumulative: Double, density: Double)
  }

  /// From s = 6 to the left.
  public let points: [Point]

  /// By Runge and Kutta's classical rule with step 1/`resolution`, from s = 6 down to `least`,
  /// with a point every 1/4.
  ///
  /// The solution is unstable to the left, where rounding grows: 1e-9 at s = −5, and some units
  /// sooner or later the numbers mean nothing.
  ///
  /// - Parameter resolution: a multiple of 4.
  /// - Throws: `invalidArgument` for a domain that has no whole number of quarters.
  public init(downTo least: Double = -5, resolution: Int = 2000) throws(OracleError) {
    let start = 6.0
    guard least < start, least >= -6, (least * 4).rounded() == least * 4, resolution >= 4,
      resolution % 4 == 0
    else {
      throw .invalidArgument(message: "from 6 to \(least) in steps of 1/\(resolution)")
    }
    // q, q′, ∫(x − s)q², ∫q², ∫q, the integrals from s to infinity.
    let q = try GSL.airy(start)
    // Beyond the start q is Ai to a part in 1e-10 of itself; 20 is infinity.
    func tail(_ f: (Double, Double) -> Double) throws(OracleError) -> Double {
      try GSL.integral(
        of: { x in
          guard let ai = try? GSL.airy(x).value else { return .nan }
          return f(x, ai)
        }, from: start, to: 20, absolute: 1e-25, relative: 1e-10
      ).value
    }
    var y = [
      q.value, q.slope, try tail { ($0 - start) * $1 * $1 }, try tail { $1 * $1 },
      try tail { $1 },
    ]
    func slope(_ s: Double, _ y: [Double]) -> [Double] {
      [y[1], s * y[0] + 2 * y[0] * y[0] * y[0], -y[3], -y[0] * y[0], -y[0]]
    }
    func along(_ y: [Double], _ k: [Double], _ h: Double) -> [Double] {
      zip(y, k).map { $0 + h * $1 }
    }
    var points: [Point] = []
    let h = -1 / Double(resolution)
    for step in 0...Int((start - least) * Double(resolution)) {
      let s = start + h * Double(step)
      if step % (resolution / 4) == 0 {
        let gue = exp(-y[2])
        let goe = exp(-(y[2] + y[4]) / 2)
        points.append(
          Point(s: s, goe: (goe, goe * (y[3] + y[0]) / 2), gue: (gue, gue * y[3])))
      }
      let k1 = slope(s, y)
      let k2 = slope(s + h / 2, along(y, k1, h / 2))
      let k3 = slope(s + h / 2, along(y, k2, h / 2))
      let k4 = slope(s + h, along(y, k3, h))
      for i in y.indices { y[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]) }
    }
    self.points = points
  }
}
