import Foundation

extension EscapePromise {
  /// ½(x² − γy²), from (0, y₀) to the radius 1.
  static func strict(
    _ name: String, curvature gamma: Double, start: Double, steps: Steps
  ) -> EscapePromise {
    EscapePromise(
      name: name, landscape: .strictSaddle(curvature: gamma), saddle: [0, 0], start: [0, start],
      radius: 1, steps: steps)
  }

  /// y_t = 10⁻⁶·(1 + `growth`(γ))ᵗ: out after ⌈ln 10⁶/ln(1 + growth)⌉ steps.
  static func growing(
    curvatures: [Double] = [1, 0.1, 0.01], by growth: (_ gamma: Double) -> Double
  ) -> [EscapePromise] {
    let counts = curvatures.map { gamma in
      (gamma, (log(1e6) / log1p(growth(gamma))).rounded(.up))
    }
    return counts.filter { $0.1 < 20_000 }.map { gamma, count in
      .strict(
        "leaves a strict saddle of curvature −\(gamma)", curvature: gamma, start: 1e-6,
        steps: .exactly(Int(count)))
    }
  }

  /// y_t for `start`, from which y moves by `move`(y, t), on ½(x² − γy²): the first t with y ≥ 1.
  static func counted(
    curvature gamma: Double, start: Double, move: (_ y: Double, _ step: Int) -> Double
  ) -> EscapePromise {
    var (y, t) = (start, 0)
    while y < 1, t < 10_000 {
      t += 1
      y += move(y, t)
    }
    return .strict(
      "leaves a strict saddle of curvature −\(gamma)" + (start == 0 ? ", from the saddle" : ""),
      curvature: gamma, start: start, steps: .exactly(t))
  }

  /// Where the gradient is 0 and the Hessian is not negative, or not looked at, nothing moves.
  static func staying(at saddles: [Landscape]) -> [EscapePromise] {
    saddles.map { landscape in
      EscapePromise(
        name: "no escape from the \(landscape.name) itself", landscape: landscape, saddle: [0, 0],
        start: [0, 0], radius: 1, steps: .notWithin(50))
    }
  }
}

extension Landscape {
  /// Where the whole Hessian vanishes, or has a flat direction along which it does not tell.
  static let degenerateSaddles = [Landscape.monkeySaddle, .flatSaddle, .cubicFold]

  /// x² + y³: downhill along −y, which only the third derivative sees.
  static let cubicFold = Landscape(
    name: "cubic fold", dimension: 2,
    value: { $0[0] * $0[0] + $0[1] * $0[1] * $0[1] },
    gradient: { [2 * $0[0], 3 * $0[1] * $0[1]] },
    hessian: { [[2, 0], [0, 6 * $0[1]]] },
    criticalPoints: [CriticalPoint(location: [0, 0], index: 0, nullity: 1, value: 0)],
    hasAllCriticalPoints: true)

  /// ½(x² − γy²).
  static func strictSaddle(curvature gamma: Double) -> Landscape {
    Landscape(
      name: "strict saddle of curvature −\(gamma)", dimension: 2,
      value: { 0.5 * ($0[0] * $0[0] - gamma * $0[1] * $0[1]) },
      gradient: { [$0[0], -gamma * $0[1]] },
      hessian: { _ in [[1, 0], [0, -gamma]] },
      criticalPoints: [CriticalPoint(location: [0, 0], index: 1, value: 0)],
      hasAllCriticalPoints: true)
  }
}
