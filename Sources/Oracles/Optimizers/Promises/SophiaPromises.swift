import Foundation

extension OptimizerPromises {
  static let sophia = RulePromises(
    name: "sophia",
    hyperparameters: [
      .rate(1e-3), PromisedHyperparameter("beta1", 0.9, .decay),
      PromisedHyperparameter("beta2", 0.99, .decay),
      PromisedHyperparameter("gamma", 10, .notNegative), .epsilon(1e-12),
      PromisedHyperparameter("weightDecay", alias: "weight_decay", 0.01, .notNegative),
      PromisedHyperparameter("interval", 10, .count),
    ],
    cases: [
      allAway.merging(["gamma": 0.5, "weightDecay": 0.3, "interval": 3]) { $1 },
      ["weightDecay": 0], ["epsilon": 0, "weightDecay": 0], ["beta1": 0, "interval": 1],
      ["beta2": 0, "interval": 3], ["gamma": 0, "epsilon": 0.1],
    ],
    declarations: { s in
      let decay = s["weightDecay"]
      let still: [Invariance] = decay == 0 ? [.translation] : []
      let free: [Invariance] = s["epsilon"] == 0 ? [.gradientScale] : []
      let flat = sophiaMove(s, curvature: 0, ratio: 1)
      // Its random signs are those of the coordinates' order: path by path it breaks permutations,
      // but where γ = 0 leaves nothing of the curvature that they find.
      let blind: [Invariance] = s["gamma"] == 0 ? [.permutation] : []
      return .invariances(still + free + blind)
        + ClosedForm.geometric(
          rate: s.rate, weightDecay: decay, amplitudes: [0.3, -40, visible(s["epsilon"])],
          move: flat)
        + curved(s) + sophiaEscapes(s)
        + (decay > 0 ? decayAlone(rate: s.rate, weightDecay: decay) : [])
    })

  /// The move on gradients a·qᵏ⁻¹ where the n-th product of the Hessian, of step (n − 1)·interval + 1,
  /// finds h·pⁿ⁻¹ on its diagonal and nothing beside it.
  private static func sophiaMove(
    _ s: PromisedSettings, curvature h: Double, ratio p: Double
  ) -> ClosedForm.GeometricMove {
    let (beta1, beta2) = (s["beta1"], s["beta2"])
    return { a, q, k in
      let m = (1 - beta1) * a * ClosedForm.geometricSum(q, beta1, k)
      let products = (k - 1) / Int(s["interval"]) + 1
      let mean = (1 - beta2) * h * ClosedForm.geometricSum(p, beta2, products)
      let divisor = s["gamma"] * max(mean, 0) + s["epsilon"]
      let clipped = m.magnitude < divisor ? m / divisor : signum(m)
      return clipped / (1 - pow(beta1, Double(k)))
    }
  }

  /// Gradients and diagonal Hessians that both go geometrically, some sums of which change sign.
  private static func curved(_ s: PromisedSettings) -> [OptimizerDeclaration] {
    let curvatures = [2, -3, 0.5, 30, 1e-3]
    let amplitudes = [0.3, -40, 0.2, -1, 1e-4]
    let decay = s["weightDecay"]
    let start = curvatures.indices.map { decay == 0 ? 0 : s.rate * Double(5 - 3 * $0) }
    let kept = 1 - s.rate * decay
    let interval = Int(s["interval"])
    return [(1, 1), (1, 0.5), (-0.6, 1), (1, -1.5), (1.1, 1.3), (0, 1)].map { (q, p) in
      let moves = curvatures.map { sophiaMove(s, curvature: $0, ratio: p) }
      return .knownPath(
        KnownPath(
          name: "gradients by \(q), curvature by \(p)", start: start, steps: 40,
          function: { t in
            let gradient = amplitudes.map { $0 * pow(q, Double(t - 1)) }
            let diagonal = curvatures.map { $0 * pow(p, Double((t - 1) / interval)) }
            return StepFunction(
              value: { _ in 1 }, gradient: { _ in gradient },
              hessianVectorProduct: { _, v in zip(diagonal, v).map { $0 * $1 } })
          },
          position: { t in
            curvatures.indices.map { i in
              let walked = (1..<t + 1).reduce(0) { sum, k in
                sum + moves[i](amplitudes[i], q, k) * pow(kept, Double(t - k))
              }
              return start[i] * pow(kept, Double(t)) - s.rate * walked
            }
          },
          tolerance: 1e-10, why: "40 steps, and averages of curvature that cancel"))
    }
  }

  /// Where the curvature is negative every move is clipped: y grows by η/(1 − β₁ᵗ) a step, less what
  /// decay takes.
  private static func sophiaEscapes(_ s: PromisedSettings) -> [OptimizerDeclaration] {
    guard s["epsilon"] <= 1e-11 else { return [] }
    return [1, 0.01].map { gamma in
      .escape(
        .counted(curvature: gamma, start: 1e-6) { y, t in
          s.rate / (1 - pow(s["beta1"], Double(t))) - s.rate * s["weightDecay"] * y
        })
    }
  }
}
