import Foundation

extension OptimizerPromises {
  static func adamHyperparameters(
    rate: Double = 1e-3, epsilon: Double = 1e-8
  ) -> [PromisedHyperparameter] {
    [
      .rate(rate), PromisedHyperparameter("beta1", 0.9, .decay),
      PromisedHyperparameter("beta2", 0.999, .decay), .epsilon(epsilon),
    ]
  }

  static let allAway = ["learningRate": 0.02, "beta1": 0.7, "beta2": 0.95, "epsilon": 0.1]
  static let adamCases = [allAway, ["epsilon": 0], ["beta1": 0], ["beta2": 0, "epsilon": 1e-3]]

  static let adam = RulePromises(
    name: "adam", hyperparameters: adamHyperparameters(),
    cases: adamCases + [["beta1": 0, "beta2": 0, "epsilon": 0]],
    reference: { ReferenceRules.adam(rate: $1, $0.adam) },
    declarations: { s in
      let c = s.adam
      let sign = ReferenceSubject(rule: ReferenceRules.signDescent { _ in s.rate })
      let centerless = ReferenceSubject(
        rule: ReferenceRules.rmsprop(
          rate: { _ in s.rate }, decay: 0, epsilon: c.epsilon, centered: false))
      return scaled(unless: c.epsilon)
        + ClosedForm.geometric(
          rate: s.rate, amplitudes: [0.3, -40, visible(c.epsilon)],
          ratios: ClosedForm.ratios + fastest(c), move: adamMove(c))
        + equalMoves(rate: s.rate, c.epsilon)
        + [StepBounds.adam(rate: s.rate, c)]
        + (c.beta1 == 0 && c.beta2 == 0
          ? [
            c.epsilon == 0
              ? .sameAs(name: "signDescent", sign)
              : .sameAs(name: "rmsprop with decay 0", centerless)
          ] : [])
    })

  static let adamw = RulePromises(
    name: "adamw",
    hyperparameters: adamHyperparameters() + [
      PromisedHyperparameter("weightDecay", alias: "weight_decay", 0.01, .notNegative)
    ],
    cases: [
      allAway.merging(["weightDecay": 0.3]) { $1 }, ["epsilon": 0], ["weightDecay": 0],
      ["beta1": 0, "weightDecay": 0.5], ["beta2": 0, "epsilon": 1e-3],
    ],
    reference: { ReferenceRules.adam(rate: $1, $0.adam, weightDecay: $0["weightDecay"]) },
    declarations: { s in
      let (c, decay) = (s.adam, s["weightDecay"])
      let still: [Invariance] = decay == 0 ? [.translation] : []
      let free: [Invariance] = c.epsilon == 0 ? [.gradientScale] : []
      return .invariances([.permutation] + still + free)
        + ClosedForm.geometric(
          rate: s.rate, weightDecay: decay, amplitudes: [0.3, -40, visible(c.epsilon)],
          move: adamMove(c))
        + equalMoves(rate: s.rate, c.epsilon, weightDecay: decay)
        + (decay == 0
          ? [
            .sameAs(
              name: "adam",
              ReferenceSubject(rule: ReferenceRules.adam(rate: { _ in s.rate }, c))),
            StepBounds.adam(rate: s.rate, c),
          ] : decayAlone(rate: s.rate, weightDecay: decay))
    })

  static let amsgrad = RulePromises(
    name: "amsgrad", hyperparameters: adamHyperparameters(), cases: adamCases,
    reference: { ReferenceRules.amsgrad(rate: $1, $0.adam) },
    declarations: { s in
      let c = s.adam
      let amplitudes = [0.3, -40, visible(c.epsilon)]
      return scaled(unless: c.epsilon)
        + ClosedForm.geometric(rate: s.rate, amplitudes: amplitudes) { a, q, k in
          // The largest v so far; that of a geometric gradient rises to one peak and falls.
          let largest = (1..<k + 1).map { ClosedForm.geometricSum(q * q, c.beta2, $0) }.max() ?? 0
          let bias = ClosedForm.geometricSum(1, c.beta2, k)
          return quotient(
            geometricMean(a, q, c.beta1, k),
            a.magnitude * (largest / bias).squareRoot() + c.epsilon)
        }
        // While v rises it is Adam.
        + ClosedForm.geometric(
          rate: s.rate, amplitudes: amplitudes,
          ratios: [("Adam's path while v rises", 1), ("Adam's path on a growing gradient", 1.3)],
          move: adamMove(c))
        + equalMoves(rate: s.rate, c.epsilon)
        + [twoGradientsApart(s, amplitudes), StepBounds.adam(rate: s.rate, c)]
    })

  /// AMSGrad on two equal gradients with zeros between: v decays under the largest, and the second
  /// gradient comes on top of what is left of the first.
  private static func twoGradientsApart(
    _ s: PromisedSettings, _ amplitudes: [Double]
  ) -> OptimizerDeclaration {
    let c = s.adam
    let second = 8
    @Sendable func move(_ a: Double, _ k: Int) -> Double {
      let pulses = k < second ? [1] : [1, second]
      let mean = pulses.reduce(0) { $0 + pow(c.beta1, Double(k - $1)) }
      let largest = k < second ? 1 : 1 + pow(c.beta2, Double(second - 1))
      let squareBias = ClosedForm.geometricSum(1, c.beta2, k)
      return quotient(
        a * mean / ClosedForm.geometricSum(1, c.beta1, k),
        a.magnitude * (largest / squareBias).squareRoot() + c.epsilon)
    }
    return .knownPath(
      .onGradients(
        "two gradients with zeros between", start: amplitudes.map { _ in 0 }, steps: 12,
        gradient: { t in amplitudes.map { t == 1 || t == second ? $0 : 0 } },
        position: { t in
          amplitudes.map { a in -s.rate * (1..<t + 1).reduce(0) { $0 + move(a, $1) } }
        }))
  }

  static let adamax = RulePromises(
    name: "adamax", hyperparameters: adamHyperparameters(rate: 2e-3),
    cases: adamCases + [["beta1": 0, "beta2": 0, "epsilon": 0]],
    reference: { ReferenceRules.adamax(rate: $1, $0.adam) },
    declarations: { s in
      let c = s.adam
      let sign = ReferenceSubject(rule: ReferenceRules.signDescent { _ in s.rate })
      return scaled(unless: c.epsilon)
        + ClosedForm.geometric(
          rate: s.rate, amplitudes: [0.3, -40, visible(c.epsilon)]
        ) { a, q, k in
          // β₂ᵏ⁻ʲ(|a||q|ʲ⁻¹ + ε) is convex in j: the largest is the first or the last.
          let first = pow(c.beta2, Double(k - 1)) * (a.magnitude + c.epsilon)
          let last = a.magnitude * pow(q.magnitude, Double(k - 1)) + c.epsilon
          // Of a single gradient all but the first are ε alone, β₂ᵏ⁻ʲε, and the last is ε.
          return quotient(geometricMean(a, q, c.beta1, k), max(first, last))
        }
        + equalMoves(rate: s.rate, c.epsilon)
        + [StepBounds.adamax(rate: s.rate, c)]
        + (c.beta1 == 0 && c.beta2 == 0 && c.epsilon == 0
          ? [.sameAs(name: "signDescent", sign)] : [])
    })

  static let nadam = RulePromises(
    name: "nadam",
    hyperparameters: adamHyperparameters(rate: 2e-3) + [
      PromisedHyperparameter("momentumDecay", alias: "momentum_decay", 4e-3, .notNegative)
    ],
    cases: adamCases + [
      allAway.merging(["momentumDecay": 0.1]) { $1 }, ["momentumDecay": 0],
    ],
    reference: { ReferenceRules.nadam(rate: $1, $0.adam, momentumDecay: $0["momentumDecay"]) },
    declarations: { s in
      let (c, psi) = (s.adam, s["momentumDecay"])
      let adam = ReferenceSubject(rule: ReferenceRules.adam(rate: { _ in s.rate }, c))
      // Π_{i ≤ t} μ_i and μ_i = β₁(1 − ½e^{i·ψ ln 0.96}).
      @Sendable func momentum(_ i: Int) -> Double {
        c.beta1 - c.beta1 / 2 * exp(Double(i) * psi * log(0.96))
      }
      @Sendable func product(_ t: Int) -> Double {
        psi == 0 ? pow(c.beta1 / 2, Double(t)) : (1..<t + 1).reduce(1) { $0 * momentum($1) }
      }
      return scaled(unless: c.epsilon)
        + ClosedForm.geometric(
          rate: s.rate, amplitudes: [0.3, -40, visible(c.epsilon)]
        ) { a, q, k in
          let average = (1 - c.beta1) * ClosedForm.geometricSum(q, c.beta1, k)
          let blend =
            momentum(k + 1) * average / (1 - product(k + 1))
            + (1 - momentum(k)) * pow(q, Double(k - 1)) / (1 - product(k))
          return quotient(
            a * blend, geometricSize(a, q, c.beta2, k) + c.epsilon)
        }
        + [StepBounds.nadam(rate: s.rate, c, momentum: momentum)]
        + (c.beta1 == 0 ? [.sameAs(name: "adam", adam)] : [])
    })

  static let radam = RulePromises(
    name: "radam", hyperparameters: adamHyperparameters(),
    // With β₂ ≤ 2/3 nothing is ever rectified, and it is momentum.
    cases: adamCases + [["beta2": 0.6]],
    reference: { ReferenceRules.radam(rate: $1, $0.adam) },
    declarations: { s in
      let c = s.adam
      let limit = (1 + c.beta2) / (1 - c.beta2)
      let isMomentum = limit <= 5
      return
        (isMomentum
        ? .invariances(.translation, .permutation, .rotation)
        : .invariances(.translation, .permutation))
        + ClosedForm.geometric(
          rate: s.rate, amplitudes: [0.3, -40, visible(c.epsilon)]
        ) { a, q, k in
          let m = geometricMean(a, q, c.beta1, k)
          // 1/(1 − β₂ᵏ) − 1 is β₂ᵏ/(1 − β₂ᵏ).
          let bias = (1 - c.beta2) * ClosedForm.geometricSum(1, c.beta2, k)
          let rho = limit - 2 * Double(k) * (1 / bias - 1)
          guard rho > 5 else { return m }
          let r = (1 - 4 / rho) * (rho - 2) / ((1 - 4 / limit) * (limit - 2))
          let corrected = c.epsilon / bias.squareRoot()
          return quotient(
            m * r.squareRoot(), geometricSize(a, q, c.beta2, k) + corrected)
        }
        + [StepBounds.radam(rate: s.rate, c)]
    })

  static let adabelief = RulePromises(
    name: "adabelief", hyperparameters: adamHyperparameters(epsilon: 1e-16),
    cases: [
      allAway, ["epsilon": 0], ["epsilon": 1e-8], ["beta1": 0, "epsilon": 1e-8],
      ["beta2": 0, "epsilon": 1e-3],
    ],
    reference: { ReferenceRules.adabelief(rate: $1, $0.adam) },
    declarations: { s in
      let c = s.adam
      let small = c.epsilon > 0 ? 3 * c.epsilon.squareRoot() : 1e-5
      // With β₁ = 0 nothing surprises it, and it is descent with a rate for every step.
      let held: [OptimizerDeclaration] =
        c.beta1 == 0 && c.epsilon > 0
        ? .invariances(.translation, .permutation, .rotation) : scaled(unless: c.epsilon)
      return held
        + ClosedForm.geometric(
          rate: s.rate, amplitudes: [0.3, -40, small], tolerance: 1e-10
        ) { a, q, k in
          let bias = (1 - c.beta2) * ClosedForm.geometricSum(1, c.beta2, k)
          let share = c.epsilon / (1 - c.beta2)
          let size = (a * a * surprise(q, c, k) / bias + share).squareRoot()
          return quotient(geometricMean(a, q, c.beta1, k), size + c.epsilon)
        }
        + [singleSurprise(s, small)]
    })

  /// (1 − β₂)Σ β₂ᵏ⁻ʲ(g_j − m_j)² for g_j = qʲ⁻¹, of which g_j − m_j = xqʲ⁻¹ + yβ₁ʲ⁻¹.
  private static func surprise(_ q: Double, _ c: AdamConstants, _ k: Int) -> Double {
    let x = c.beta1 * (q - 1) / (q - c.beta1)
    let y = (1 - c.beta1) * c.beta1 / (q - c.beta1)
    let sum =
      x * x * ClosedForm.geometricSum(q * q, c.beta2, k)
      + 2 * x * y * ClosedForm.geometricSum(q * c.beta1, c.beta2, k)
      + y * y * ClosedForm.geometricSum(c.beta1 * c.beta1, c.beta2, k)
    return (1 - c.beta2) * (c.beta1 == 0 ? 0 : sum)
  }

  /// The first move is g/(√(β₁²g² + ε/(1 − β₂)) + ε).
  private static func singleSurprise(
    _ s: PromisedSettings, _ small: Double
  ) -> OptimizerDeclaration {
    let c = s.adam
    let gradient = [0.3, -40, small]
    return .knownPath(
      .onGradients(
        "the first step", start: [0, 0, 0], steps: 1, gradient: { _ in gradient },
        position: { _ in
          gradient.map { g in
            let size = hypot(c.beta1 * g, (c.epsilon / (1 - c.beta2)).squareRoot())
            return -s.rate * quotient(g, size + c.epsilon)
          }
        }))
  }

  /// m̂_k of a·qᵏ⁻¹.
  static func geometricMean(_ a: Double, _ q: Double, _ beta: Double, _ k: Int) -> Double {
    a * ClosedForm.geometricSum(q, beta, k) / ClosedForm.geometricSum(1, beta, k)
  }

  /// √v̂_k of a·qᵏ⁻¹.
  static func geometricSize(_ a: Double, _ q: Double, _ beta: Double, _ k: Int) -> Double {
    geometricMean(a * a, q * q, beta, k).squareRoot()
  }

  private static func adamMove(_ c: AdamConstants) -> ClosedForm.GeometricMove {
    { a, q, k in
      quotient(
        geometricMean(a, q, c.beta1, k), geometricSize(a, q, c.beta2, k) + c.epsilon)
    }
  }

  /// The gradients on which Adam reaches its step bound.
  private static func fastest(_ c: AdamConstants) -> [(name: String, ratio: Double)] {
    guard c.beta1 > 0, c.beta2 > 0 else { return [] }
    return [("the gradients that reach the step bound", c.beta2 / c.beta1)]
  }

  /// On a constant gradient the corrected averages are g and g²: θ_t = θ₀ − ηtg/(|g| + ε).
  private static func equalMoves(
    rate: Double, _ epsilon: Double, weightDecay: Double = 0
  ) -> [OptimizerDeclaration] {
    let gradient = [0.3, -40, visible(epsilon)]
    return [
      constantMove(
        rate: rate, weightDecay: weightDecay, gradient: gradient,
        moves: gradient.map { $0 / ($0.magnitude + epsilon) })
    ]
  }
}
