/// (L/4)(½xᵀAx − x₁) with A = tridiag(−1, 2, −1): the worst function of first-order methods
/// (Nesterov 2004, §2.1.2).
///
/// After k gradients from the origin a method that stays in their span knows the first k
/// coordinates only, and no point there lies below (L/8)(−1 + 1/(k+1)).
public struct NesterovTridiagonal: Sendable {
  /// n ≥ 1.
  public let dimension: Int
  /// L; the largest eigenvalue lies below it.
  public let largest: Double

  public init(dimension: Int, largest: Double = 1) {
    precondition(dimension >= 1 && largest > 0, "\(dimension) variables, L = \(largest)")
    self.dimension = dimension
    self.largest = largest
  }

  /// f* = (L/8)(−1 + 1/(n+1)).
  public var minimum: Double { largest / 8 * (-1 + 1 / Double(dimension + 1)) }

  /// x*ᵢ = 1 − i/(n+1), i = 1, …, n.
  public var minimizer: [Double] {
    (1...dimension).map { 1 - Double($0) / Double(dimension + 1) }
  }

  /// The smallest f − f* on the span of k gradients, (L/8)(1/(k+1) − 1/(n+1)); 0 for k ≥ n.
  ///
  /// For n = 2k+1 it is L/(16(k+1)) ≥ 3L‖x*‖²/(32(k+1)²), Nesterov's theorem 2.1.7: there
  /// ‖x*‖² = n(2n+1)/(6(n+1)) ≤ 2(k+1)/3.
  public func smallestGap(after k: Int) -> Double {
    let (known, all) = (Double(min(k, dimension) + 1), Double(dimension + 1))
    return largest / 8 * (1 / known - 1 / all)
  }

  /// The function, with its one critical point.
  public var landscape: Landscape {
    let (n, quarter) = (dimension, largest / 4)
    // Ax.
    let product: @Sendable ([Double]) -> [Double] = { x in
      (0..<n).map { i in
        2 * x[i] - (i > 0 ? x[i - 1] : 0) - (i < n - 1 ? x[i + 1] : 0)
      }
    }
    return Landscape(
      name: "Nesterov's tridiagonal, n = \(n)", dimension: n,
      value: { x in quarter * (0.5 * dot(x, product(x)) - x[0]) },
      gradient: { x in
        var g = product(x)
        g[0] -= 1
        return g.map { quarter * $0 }
      },
      hessian: { _ in
        (0..<n).map { i in
          (0..<n).map { j in i == j ? 2 * quarter : (i - j).magnitude == 1 ? -quarter : 0 }
        }
      },
      criticalPoints: [CriticalPoint(location: minimizer, index: 0, value: minimum)],
      hasAllCriticalPoints: true)
  }
}
