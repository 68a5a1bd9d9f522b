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

  /// y_t = y₀(1 + ηγ)ᵗ: out of 10⁻⁶ after ⌈ln 10⁶/ln(1 + ηγ)⌉ steps; from the saddle itself never.
  static func ofGradientDescent(rate: Double) -> [EscapePromise] {
    let counts = [1, 0.1].map { gamma in
      (gamma, Int((log(1e6) / log1p(rate * gamma)).rounded(.up)))
    }
    return counts.filter { $0.1 < 20_000 }.map { gamma, count in
      .strict(
        "gradient descent from a strict saddle of curvature −\(gamma)", curvature: gamma,
        start: 1e-6, steps: .exactly(count))
    } + [
      .strict("no escape from the saddle itself", curvature: 1, start: 0, steps: .notWithin(1000))
    ]
  }
}

extension Landscape {
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
