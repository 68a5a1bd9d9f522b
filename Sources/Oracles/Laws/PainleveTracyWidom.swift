import Foundation

/// Tracy and Widom's laws by their differential equation, without a determinant: with Hastings and
/// McLeod's solution of q″ = sq + 2q³, q ~ Ai(s) to the right and q ~ √(−s/2) to the left (1980),
/// F₂(s) = exp(−∫ₛ^∞ (x − s)q² dx) and F₁(s)² = F₂(s)·exp(−∫ₛ^∞ q dx) (Tracy, Widom 1994, 1996).
///
/// From one end the equation is unstable: an error at s = 6 has grown by 1e5 at s = −5. Between two
/// ends it is not, so it is solved as a boundary value problem on [−10, 16], by Numerov's formula
/// and Newton's iteration, on grids of 8, 16, …, 128 points per unit. Values and trapezoidal
/// integrals are then extrapolated to step zero, which their expansions in even powers of the step
/// allow.
///
/// - Accuracy: 1e-14 for F and F′, measured by leaving out the coarsest grid; 1 − F relatively to
///   1e-12 from s = 0 to 11.
public struct PainleveTracyWidom: Sendable {
  public struct Point: Sendable {
    public let s: Double
    /// F₁(s), 1 − F₁(s) and F₁′(s).
    public let goe: (cumulative: Double, survival: Double, density: Double)
    public let gue: (cumulative: Double, survival: Double, density: Double)
  }

  /// Ascending from −10 to 16 in quarters.
  public let points: [Point]

  private static let (least, greatest) = (-10.0, 16.0)

  /// - Throws: `gslFailed`; `invalidArgument` where Newton's iteration does not end, which it does.
  public init() throws(OracleError) {
    let airy = try GSL.airy(Self.greatest)
    // Beyond the last point q is Ai to a part in 1e-38.
    func tail(_ f: (Double, Double) -> Double) throws(OracleError) -> Double {
      try GSL.integral(
        of: { x in
          guard let ai = try? GSL.airy(x).value else { return .nan }
          return f(x - Self.greatest, ai)
        }, from: Self.greatest, to: 28, absolute: 1e-60, relative: 1e-11
      ).value
    }
    let tails = [try tail { $1 }, try tail { $1 * $1 }, try tail { $0 * $1 * $1 }]
    var table: [[[Double]]] = []
    for perUnit in [8, 16, 32, 64, 128] {
      let q = try Self.solution(perUnit: perUnit, last: airy.value)
      // ∫ₛ^∞ q, ∫ₛ^∞ q² and its integral ∫ₛ^∞ (x − s)q².
      let first = Self.integrals(of: q, perUnit: perUnit, beyond: tails[0])
      let second = Self.integrals(of: q.map { $0 * $0 }, perUnit: perUnit, beyond: tails[1])
      let third = Self.integrals(of: second, perUnit: perUnit, beyond: tails[2])
      table.append(
        [q, first, second, third].map { row in
          stride(from: 0, to: row.count, by: perUnit / 4).map { row[$0] }
        })
    }
    let limits = (0..<4).map { row in Self.extrapolated(table.map { $0[row] }) }
    points = limits[0].indices.map { k in
      let (q, first, second, third) = (limits[0][k], limits[1][k], limits[2][k], limits[3][k])
      let goe = exp(-(third + first) / 2)
      let gue = exp(-third)
      return Point(
        s: Self.least + Double(k) / 4,
        goe: (goe, -expm1(-(third + first) / 2), goe * (second + q) / 2),
        gue: (gue, -expm1(-third), gue * second))
    }
  }

  /// q on the grid by Numerov's formula, yₖ₊₁ − 2yₖ + yₖ₋₁ = h²(fₖ₊₁ + 10fₖ + fₖ₋₁)/12, whose error
  /// is an even series in h from h⁴ on.
  private static func solution(perUnit: Int, last: Double) throws(OracleError) -> [Double] {
    let h = 1 / Double(perUnit)
    let s = (0...Int(greatest - least) * perUnit).map { least + h * Double($0) }
    // Positive, of about the right size: from √(−s/2) in a straight line to Ai(0) = 0.355.
    var q = [Double]()
    for x in s { q.append(x < -2 ? sqrt(-x / 2) : x < 0 ? 0.355 - 0.3225 * x : 0) }
    for k in s.indices where s[k] >= 0 { q[k] = try GSL.airy(s[k]).value }
    // √(−s/2)(1 + 1/(8s³) − 73/(128s⁶) + …), whose next term is 1e-11 (DLMF 32.11(ii)); what it is
    // off by decays like exp(−4.5·distance) inward.
    let u = pow(least, -3)
    q[0] =
      sqrt(-least / 2)
      * (1 + u / 8 - 73 * u * u / 128 + 10657 * pow(u, 3) / 1024 - 13_912_277 * pow(u, 4) / 32768)
    q[q.count - 1] = last
    let c = h * h / 12
    for _ in 0..<30 {
      let force = zip(s, q).map { $0 * $1 + 2 * $1 * $1 * $1 }
      let slope = zip(s, q).map { $0 + 6 * $1 * $1 }
      // Thomas's elimination on the tridiagonal Jacobian, then back: steps of the inner points.
      var (upper, step) = ([Double](repeating: 0, count: q.count), q.map { _ in 0.0 })
      for k in 1..<q.count - 1 {
        let residual =
          q[k + 1] - 2 * q[k] + q[k - 1] - c * (force[k + 1] + 10 * force[k] + force[k - 1])
        let below = k == 1 ? 0 : 1 - c * slope[k - 1]
        let pivot = -2 - 10 * c * slope[k] - below * upper[k - 1]
        upper[k] = (1 - c * slope[k + 1]) / pivot
        step[k] = (-residual - below * step[k - 1]) / pivot
      }
      var worst = 0.0
      for k in stride(from: q.count - 2, to: 0, by: -1) {
        if k < q.count - 2 { step[k] -= upper[k] * step[k + 1] }
        q[k] += step[k]
        worst = max(worst, (step[k] / q[k]).magnitude)
      }
      // Quadratic convergence: the next step would be the square of this one.
      if worst < 1e-10 { return q }
    }
    throw .invalidArgument(message: "Newton's iteration on \(perUnit) points per unit does not end")
  }

  /// ∫ from each grid point to infinity, by the trapezoidal rule.
  private static func integrals(
    of values: [Double], perUnit: Int, beyond tail: Double
  ) -> [Double] {
    var sums = values.map { _ in tail }
    for k in stride(from: values.count - 2, through: 0, by: -1) {
      sums[k] = sums[k + 1] + (values[k] + values[k + 1]) / (2 * Double(perUnit))
    }
    return sums
  }

  /// Romberg's table: each column removes one more even power of the step.
  private static func extrapolated(_ rows: [[Double]]) -> [Double] {
    var rows = rows
    var power = 4.0
    while rows.count > 1 {
      rows = zip(rows, rows.dropFirst()).map { coarse, fine in
        zip(coarse, fine).map { $1 + ($1 - $0) / (power - 1) }
      }
      power *= 4
    }
    return rows[0]
  }
}
