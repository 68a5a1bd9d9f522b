import Foundation

extension OptimizerPromises {
  static let adagrad = RulePromises(
    name: "adagrad", hyperparameters: [.rate(0.01), .epsilon(1e-10)],
    cases: [["learningRate": 0.3, "epsilon": 0.1], ["epsilon": 0]],
    reference: { ReferenceRules.adagrad(rate: $1, epsilon: $0["epsilon"]) },
    declarations: { s in
      let epsilon = s["epsilon"]
      let amplitudes = [0.3, -40, visible(epsilon)]
      return scaled(unless: epsilon)
        + ClosedForm.geometric(rate: s.rate, amplitudes: amplitudes) { a, q, k in
          let sum = a * a * ClosedForm.geometricSum(q * q, 1, k)
          return a * pow(q, Double(k - 1)) / (sum.squareRoot() + epsilon)
        }
        + [
          constantGradient("a constant gradient: −ηΣg/(|g|√k + ε)", s.rate, amplitudes) { g, k in
            g / (g.magnitude * Double(k).squareRoot() + epsilon)
          },
          .stepBound(name: "η") { _ in s.rate },
        ]
    })

  static let rmsprop = RulePromises(
    name: "rmsprop",
    hyperparameters: [
      .rate(0.01), PromisedHyperparameter("decay", alias: "alpha", 0.99, .decay), .epsilon(1e-8),
      PromisedHyperparameter("centered", 0, .flag),
    ],
    cases: [
      ["learningRate": 0.3, "decay": 0.8, "epsilon": 0.1, "centered": 1], ["centered": 1],
      ["decay": 0.8, "epsilon": 0.1], ["epsilon": 0], ["epsilon": 0, "decay": 0],
    ],
    reference: { s, rate in
      ReferenceRules.rmsprop(
        rate: rate, decay: s["decay"], epsilon: s["epsilon"], centered: s["centered"] == 1)
    },
    declarations: { s in
      let (decay, epsilon) = (s["decay"], s["epsilon"])
      let centered = s["centered"] == 1
      let amplitudes = [0.3, -40, visible(epsilon)]
      // v − m² of a constant gradient is (1 − αᵗ)αᵗg²: before it is lost in the rounding of v.
      let steps = centered ? min(40, Int(log(1e-3) / log(decay))) : 40
      let sign = ReferenceSubject(rule: ReferenceRules.signDescent { _ in s.rate })
      return scaled(unless: epsilon)
        + ClosedForm.geometric(rate: s.rate, amplitudes: amplitudes, steps: steps) { a, q, k in
          let v = (1 - decay) * ClosedForm.geometricSum(q * q, decay, k)
          let m = centered ? (1 - decay) * ClosedForm.geometricSum(q, decay, k) : 0
          let deviation = max(v - m * m, 0).squareRoot()
          return quotient(
            a * pow(q, Double(k - 1)), a.magnitude * deviation + epsilon)
        }
        + [
          constantGradient("a constant gradient", s.rate, amplitudes, steps: max(steps, 2)) {
            g, k in
            let power = pow(decay, Double(k))
            let share = (1 - power) * (centered ? power : 1)
            return quotient(g, g.magnitude * share.squareRoot() + epsilon)
          }
        ]
        + (centered
          ? []
          : [
            levelSquare(s, amplitudes),
            // v_t ≥ (1 − α)g_t².
            .stepBound(name: "η/√(1 − α)") { _ in s.rate / (1 - decay).squareRoot() },
          ])
        + (decay == 0 && epsilon == 0 && !centered ? [.sameAs(name: "signDescent", sign)] : [])
    })

  static let adadelta = RulePromises(
    name: "adadelta",
    hyperparameters: [
      .rate(1), PromisedHyperparameter("decay", alias: "rho", 0.9, .decay),
      PromisedHyperparameter("epsilon", alias: "eps", 1e-6, .positive),
    ],
    cases: [["learningRate": 0.3, "decay": 0.6, "epsilon": 0.1], ["decay": 0]],
    reference: { ReferenceRules.adadelta(rate: $1, decay: $0["decay"], epsilon: $0["epsilon"]) },
    declarations: { s in
      .invariances(.translation, .permutation) + [levelAdaDelta(s), singleGradient(s)]
    })

  /// ε that is felt where it stands beside |g|, and a small number where it is 0.
  static func visible(_ epsilon: Double) -> Double { epsilon > 0 ? 3 * epsilon : 1e-5 }

  /// What coordinatewise adaptive methods hold: rotations change |g_i|, and only ε has a scale.
  static func scaled(unless epsilon: Double) -> [OptimizerDeclaration] {
    epsilon == 0
      ? .invariances(.translation, .permutation, .gradientScale)
      : .invariances(.translation, .permutation)
  }

  /// θ_t = θ₀ − η Σ_{k ≤ t} u_k.
  static func constantGradient(
    _ name: String, _ rate: Double, _ gradient: [Double], steps: Int = 60,
    move: @escaping @Sendable (_ g: Double, _ step: Int) -> Double
  ) -> OptimizerDeclaration {
    let start = gradient.indices.map { rate * Double($0 - 1) }
    return .knownPath(
      .onGradients(
        name, start: start, steps: steps, gradient: { _ in gradient },
        position: { t in
          zip(start, gradient).map { from, g in
            from - rate * (1..<t + 1).reduce(0) { $0 + move(g, $1) }
          }
        }))
  }

  /// A first gradient of g/√(1 − α) makes v = g² at once, and gradients ±g keep it there: after the
  /// first every move is ηg/(|g| + ε).
  private static func levelSquare(
    _ s: PromisedSettings, _ amplitudes: [Double]
  ) -> OptimizerDeclaration {
    let (rate, epsilon) = (s.rate, s["epsilon"])
    let boost = 1 / (1 - s["decay"]).squareRoot()
    return .knownPath(
      .onGradients(
        "gradients that keep v level", start: amplitudes.map { _ in 0 }, steps: 40,
        gradient: { t in amplitudes.map { t == 1 ? $0 * boost : $0 } },
        position: { t in
          amplitudes.map { -rate * (boost + Double(t - 1)) * $0 / ($0.magnitude + epsilon) }
        }))
  }

  /// The same for AdaDelta. With v = g² and a = g²/(g² + ε), u_t = ρu_{t−1} + (1 − ρ)a(u_{t−1} + ε)
  /// is linear, from u_1 = aε to the fixed point g²: u_t = aεbᵗ⁻¹ + g²(1 − bᵗ⁻¹), where
  /// 1 − b = (1 − ρ)(1 − a).
  private static func levelAdaDelta(_ s: PromisedSettings) -> OptimizerDeclaration {
    let (rate, decay, epsilon) = (s.rate, s["decay"], s["epsilon"])
    let boost = 1 / (1 - decay).squareRoot()
    let amplitudes = [0.3, -40, 2 * epsilon.squareRoot()]
    @Sendable func move(_ g: Double, _ k: Int) -> Double {
      let square = g * g
      let a = square / (square + epsilon)
      // bᵏ⁻² − 1, without a difference of nearly equal numbers.
      let power = expm1(Double(k - 2) * log1p(-(1 - decay) * epsilon / (square + epsilon)))
      let u = k == 1 ? 0 : a * epsilon * (1 + power) - square * power
      return (k == 1 ? boost : 1) * g * ((u + epsilon) / (square + epsilon)).squareRoot()
    }
    return .knownPath(
      .onGradients(
        "gradients that keep v level", start: [0, 0, 0], steps: 60, tolerance: 1e-10,
        gradient: { t in amplitudes.map { t == 1 ? $0 * boost : $0 } },
        position: { t in
          amplitudes.map { g in -rate * (1..<t + 1).reduce(0) { $0 + move(g, $1) } }
        }))
  }

  /// A gradient g, zeros, and g again at step 6, worked by hand: Δ₁² = εg²/((1 − ρ)g² + ε), and
  /// Δ₆² = g²((1 − ρ)ρ⁴Δ₁² + ε)/((1 − ρ)(1 + ρ⁵)g² + ε).
  private static func singleGradient(_ s: PromisedSettings) -> OptimizerDeclaration {
    let (rate, decay, epsilon) = (s.rate, s["decay"], s["epsilon"])
    let amplitudes = [0.3, -40, 2 * epsilon.squareRoot()]
    let kept = 1 - decay
    @Sendable func moved(_ g: Double, _ t: Int) -> Double {
      let first = epsilon * g * g / (kept * g * g + epsilon)
      let again =
        g * g * (kept * pow(decay, 4) * first + epsilon)
        / (kept * (1 + pow(decay, 5)) * g * g + epsilon)
      return signum(g) * (first.squareRoot() + (t < 6 ? 0 : again.squareRoot()))
    }
    return .knownPath(
      .onGradients(
        "a gradient, zeros, and the same again", start: [0, 0, 0], steps: 8,
        gradient: { t in amplitudes.map { t == 1 || t == 6 ? $0 : 0 } },
        position: { t in amplitudes.map { -rate * moved($0, t) } }))
  }
}
