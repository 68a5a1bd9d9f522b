import Foundation

extension OptimizerPromises {
  static let signDescent = RulePromises(
    name: "signDescent", hyperparameters: [.rate(0.01)],
    cases: [["learningRate": 0.3]],
    reference: { _, rate in ReferenceRules.signDescent(rate: rate) },
    declarations: { s in
      .invariances(.translation, .permutation, .gradientScale) + [.memoryless]
        + ClosedForm.geometric(rate: s.rate, amplitudes: [0.3, -40, 1e-5]) { a, q, k in
          (q == 0 && k > 1 ? 0 : a < 0 ? -1 : 1) * (q < 0 && k % 2 == 0 ? -1 : 1)
        }
        + [.stepBound(name: "η") { _ in s.rate }]
    })

  static let normalizedGD = RulePromises(
    name: "normalizedGD", hyperparameters: [.rate(0.01)],
    cases: [["learningRate": 0.3]],
    reference: { _, rate in ReferenceRules.normalizedGD(rate: rate) },
    declarations: { s in
      let radius = 5.25 * s.rate
      // Inwards by η a step, and after five to and fro across the minimum: 1/4, −3/4, 1/4, ….
      let radial: @Sendable (Int) -> Double = { t in
        s.rate * (t <= 5 ? 5.25 - Double(t) : t % 2 == 0 ? -0.75 : 0.25)
      }
      return .invariances(.translation, .permutation, .rotation, .gradientScale) + [
        .memoryless,
        .knownPath(
          KnownPath(
            name: "along a radius of ½‖x‖²", start: [0.6 * radius, -0.8 * radius], steps: 12,
            function: { _ in .diagonalQuadratic([1, 1]) },
            position: { t in [0.6, -0.8].map { $0 * radial(t) } },
            tolerance: 1e-12, why: "12 steps of length η")),
        .knownPath(
          .onGradients(
            "3-4-5 gradients of any size", start: [0, 0], steps: 30,
            gradient: { t in [3, t % 2 == 0 ? -4 : 4].map { $0 * pow(10, Double(t % 11 - 5)) } },
            position: { t in
              [-0.6 * s.rate * Double(t), t % 2 == 0 ? 0 : -0.8 * s.rate]
            })),
        .stepBound(name: "η") { _ in s.rate },
      ]
    })

  static let lion = RulePromises(
    name: "lion",
    hyperparameters: [
      .rate(1e-4), PromisedHyperparameter("beta1", 0.9, .decay),
      PromisedHyperparameter("beta2", 0.99, .decay),
      PromisedHyperparameter("weightDecay", alias: "weight_decay", 0, .notNegative),
    ],
    cases: [
      ["learningRate": 0.02, "beta1": 0.7, "beta2": 0.85, "weightDecay": 0.3], ["beta1": 0],
      ["beta2": 0], ["weightDecay": 0.1, "learningRate": 0.01],
    ],
    reference: { s, rate in
      ReferenceRules.lion(
        rate: rate, beta1: s["beta1"], beta2: s["beta2"], weightDecay: s["weightDecay"])
    },
    declarations: { s in
      let (beta1, beta2, decay) = (s["beta1"], s["beta2"], s["weightDecay"])
      let sign = ReferenceSubject(rule: ReferenceRules.signDescent { _ in s.rate })
      return
        (decay == 0
        ? .invariances(.translation, .permutation, .gradientScale)
          + [.stepBound(name: "η") { _ in s.rate }]
        : .invariances(.permutation, .gradientScale)
          + decayAlone(rate: s.rate, weightDecay: decay))
        + (beta1 == 0 && decay == 0 ? [.sameAs(name: "signDescent", sign)] : [])
        + ClosedForm.geometric(
          rate: s.rate, weightDecay: decay, amplitudes: [0.3, -40, 1e-5]
        ) { a, q, k in
          let past = k == 1 ? 0 : (1 - beta2) * ClosedForm.geometricSum(q, beta2, k - 1)
          return signum(a * (beta1 * past + (1 - beta1) * pow(q, Double(k - 1))))
        }
        + [
          constantMove(rate: s.rate, weightDecay: decay, gradient: [0.3, -40], moves: [1, -1]),
          closeSigns(rate: s.rate, beta1: beta1, beta2: beta2, weightDecay: decay),
        ]
    })

  /// Gradients worked backwards from signs that are drawn: at every other step β₁m + (1 − β₁)g is a
  /// part in 10⁹ of β₁m, which a mean in single precision does not tell from zero.
  private static func closeSigns(
    rate: Double, beta1: Double, beta2: Double, weightDecay: Double
  ) -> OptimizerDeclaration {
    let (n, steps) = (17, 40)
    var generator = SplitMix64(seed: 0x1107)
    var mean = [Double](repeating: 0, count: n)
    var (gradients, places) = ([[Double]](), [[Double](repeating: 0, count: n)])
    for step in 1...steps {
      func blend(_ i: Int, _ g: Double) -> Double { beta1 * mean[i] + (1 - beta1) * g }
      var (gradient, signs) = ([Double](), [Double]())
      for i in 0..<n {
        let sign = Draw.sign(using: &generator)
        if step % 2 == 0 {
          gradient.append((sign * 1e-9 * mean[i].magnitude - beta1 * mean[i]) / (1 - beta1))
          signs.append(sign)
        } else {
          // Far from any balance, on one side or the other.
          let g = sign * Draw.uniform(1, 2, using: &generator)
          gradient.append(blend(i, g).magnitude < 0.1 * (1 - beta1) ? -g : g)
          signs.append(signum(blend(i, gradient[i])))
        }
      }
      mean = (0..<n).map { beta2 * mean[$0] + (1 - beta2) * gradient[$0] }
      gradients.append(gradient)
      let last = places[step - 1]
      places.append((0..<n).map { last[$0] * (1 - rate * weightDecay) - rate * signs[$0] })
    }
    let (given, expected) = (gradients, places)
    return .knownPath(
      .onGradients(
        "signs that the ninth digit decides", start: expected[0], steps: steps,
        needsDouble: true, gradient: { given[$0 - 1] }, position: { expected[$0] }))
  }

  /// With no gradient θ_t = θ₀(1 − ηλ)ᵗ.
  static func decayAlone(rate: Double, weightDecay: Double) -> [OptimizerDeclaration] {
    let start = [1.0, -2, 3]
    return [
      .movesAtZeroGradient,
      .knownPath(
        .onGradients(
          "decay alone", start: start, steps: 50, gradient: { _ in [0, 0, 0] },
          position: { t in start.map { $0 * pow(1 - rate * weightDecay, Double(t)) } })),
    ]
  }

  /// A constant gradient on which every move is the same u: θ_t = θ₀ − ηtu, or, where θ decays,
  /// (θ₀ + u/λ)(1 − ηλ)ᵗ − u/λ.
  static func constantMove(
    rate: Double, weightDecay: Double = 0, gradient: [Double], moves: [Double]
  ) -> OptimizerDeclaration {
    let start = gradient.indices.map { rate * Double(2 - 3 * $0) }
    return .knownPath(
      .onGradients(
        "equal moves on a constant gradient", start: start, steps: 60,
        gradient: { _ in gradient },
        position: { t in
          zip(start, moves).map { from, move in
            guard weightDecay > 0 else { return from - rate * Double(t) * move }
            // (1 − (1 − ηλ)ᵗ)/λ, without the difference of nearly equal numbers.
            let power = expm1(Double(t) * log1p(-rate * weightDecay))
            return from * (1 + power) + power * move / weightDecay
          }
        }))
  }
}
