import Foundation

extension Landscape {
  /// x³ − 3xy²: three valleys meet in a point where the whole Hessian vanishes.
  public static let monkeySaddle = Landscape(
    name: "monkey saddle", dimension: 2,
    value: { $0[0] * $0[0] * $0[0] - 3 * $0[0] * $0[1] * $0[1] },
    gradient: { [3 * $0[0] * $0[0] - 3 * $0[1] * $0[1], -6 * $0[0] * $0[1]] },
    hessian: { [[6 * $0[0], -6 * $0[1]], [-6 * $0[1], -6 * $0[0]]] },
    criticalPoints: [CriticalPoint(location: [0, 0], index: 0, nullity: 2, value: 0)],
    hasAllCriticalPoints: true)

  /// x⁴ − y⁴: a saddle that the Hessian cannot see.
  public static let flatSaddle = Landscape(
    name: "flat saddle", dimension: 2,
    value: { x in
      let squares = x.map { $0 * $0 }
      return squares[0] * squares[0] - squares[1] * squares[1]
    },
    gradient: { [4 * $0[0] * $0[0] * $0[0], -4 * $0[1] * $0[1] * $0[1]] },
    hessian: { [[12 * $0[0] * $0[0], 0], [0, -12 * $0[1] * $0[1]]] },
    criticalPoints: [CriticalPoint(location: [0, 0], index: 0, nullity: 2, value: 0)],
    hasAllCriticalPoints: true)

  /// Σ σᵢxᵢᵖ with p ≥ 3 even: a saddle that no derivative below the p-th can see.
  ///
  /// - Parameter signs: σ, n ≥ 1 numbers, none of them 0.
  public static func flatSaddle(signs: [Double], power: Int) -> Landscape {
    precondition(
      !signs.isEmpty && !signs.contains(0) && power >= 4 && power % 2 == 0,
      "signs \(signs), power \(power)")
    let p = Double(power)
    return Landscape(
      name: "flat saddle of power \(power), n = \(signs.count)", dimension: signs.count,
      value: { x in
        x.indices.reduce(0) { $0 + signs[$1] * pow(x[$1], p) }
      },
      gradient: { x in x.indices.map { p * signs[$0] * pow(x[$0], p - 1) } },
      hessian: { x in
        x.indices.map { i in
          x.indices.map { $0 == i ? p * (p - 1) * signs[i] * pow(x[i], p - 2) : 0 }
        }
      },
      criticalPoints: [
        CriticalPoint(
          location: signs.map { _ in 0 }, index: 0, nullity: signs.count, value: 0)
      ],
      hasAllCriticalPoints: true)
  }

  /// 5x² − y², the saddle of Dauphin et al. 2014, figure 1.
  public static let classicalSaddle = Landscape(
    name: "classical saddle", dimension: 2,
    value: { 5 * $0[0] * $0[0] - $0[1] * $0[1] },
    gradient: { [10 * $0[0], -2 * $0[1]] },
    hessian: { _ in [[10, 0], [0, -2]] },
    criticalPoints: [CriticalPoint(location: [0, 0], index: 1, value: 0)],
    hasAllCriticalPoints: true)
}
