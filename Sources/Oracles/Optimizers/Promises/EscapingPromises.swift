import Foundation

extension OptimizerPromises {
  static let noisySGD = RulePromises(
    name: "noisySGD",
    hyperparameters: [.rate(0.05), PromisedHyperparameter("radius", 1, .notNegative)],
    cases: [["learningRate": 0.3, "radius": 0.2], ["radius": 0]],
    declarations: { s in
      let radius = s["radius"]
      guard radius > 0 else { return plainDescent(s.rate) }
      // Growing by 1 + η a step, the first noise's share of the descent direction, ηr·sin φ with φ
      // uniform, is below 10⁻¹⁰·ηr once in 10¹⁰ runs.
      let latest = log(1e10 / (s.rate * radius)) / log1p(s.rate)
      return .invariances(.translation) + [
        .noisy, .movesAtZeroGradient,
        .perturbs(PerturbationLaw(rate: s.rate, scale: s.rate * radius, shape: .sphere)),
        .stepBound(name: "η(‖g‖ + r)") { s.rate * (norm($0.gradients.last ?? []) + radius) },
      ] + leaving(within: latest.rounded(.up))
    },
    staysAt: [])

  static let perturbedGD = RulePromises(
    name: "perturbedGD",
    hyperparameters: [
      .rate(0.05), PromisedHyperparameter("radius", 1e-3, .notNegative),
      PromisedHyperparameter("gradientThreshold", 1e-3, .notNegative),
      PromisedHyperparameter("interval", 100, .whole(limit: nil)),
    ],
    cases: [
      ["learningRate": 0.3, "radius": 0.01, "gradientThreshold": 0.005, "interval": 3],
      ["gradientThreshold": 1e6], ["radius": 0], ["gradientThreshold": 0], ["interval": 0],
    ],
    declarations: { s in
      let (rate, radius, threshold) = (s.rate, s["radius"], s["gradientThreshold"])
      guard radius > 0 else { return plainDescent(rate) }
      // Out of r·10⁻¹⁰ by 1 + η a step; and until the next kick not before descent from r is.
      let latest = (log(1e10 / radius) / log1p(rate)).rounded(.up)
      let soonest = (log(1 / radius) / log1p(rate)).rounded(.down) - 1
      // An interval that takes too long to wait for is not tried.
      let noise: [OptimizerDeclaration] =
        s["interval"] > 1000
        ? []
        : [
          .perturbs(
            PerturbationLaw(
              rate: rate, scale: radius, shape: .ball, threshold: threshold,
              interval: Int(s["interval"])))
        ]
      return descent(where: threshold, rate: rate) + noise + leaving(within: latest) + [
        .noisy, .movesAtZeroGradient,
        .stepBound(name: "η‖g‖ + r") { rate * norm($0.gradients.last ?? []) + radius },
      ]
        + (soonest < 1 || soonest > longest
          ? []
          : [
            .escape(
              .strict(
                "leaves it no faster than descent from r", curvature: 1, start: 0,
                steps: .notWithin(Int(min(soonest, max(s["interval"], 1))))))
          ])
    },
    staysAt: [])

  static let negativeCurvatureDescent = RulePromises(
    name: "negativeCurvatureDescent",
    hyperparameters: [
      .rate(0.05), PromisedHyperparameter("gradientThreshold", 1e-3, .notNegative),
      PromisedHyperparameter("curvatureThreshold", 0.03, .notNegative),
      PromisedHyperparameter("hessianLipschitz", 1, .positive), krylovDimension,
    ],
    cases: [
      [
        "learningRate": 0.3, "gradientThreshold": 0.005, "curvatureThreshold": 0.2,
        "hessianLipschitz": 7, "krylovDimension": 5,
      ],
      ["gradientThreshold": 0], ["curvatureThreshold": 0],
    ],
    declarations: { s in
      let (rate, threshold) = (s.rate, s["gradientThreshold"])
      let gammas = [1, 0.6].filter { $0 > 1.01 * s["curvatureThreshold"] }
      let starts = [0, 1e-6].filter { $0 <= threshold }
      let escapes = gammas.flatMap { gamma in
        starts.map { start in
          // 2γ/L₂ along the curvature, and descent once the gradient is felt.
          EscapePromise.counted(curvature: gamma, start: start) { y, _ in
            gamma * y > threshold ? rate * gamma * y : 2 * gamma / s["hessianLipschitz"]
          }
        }
      }
      let unseen = EscapePromise.strict(
        "stays at curvature that is above −ε_H", curvature: s["curvatureThreshold"] / 2, start: 0,
        steps: .notWithin(50))
      let law = StepLaw.negativeCurvature(
        rate: rate, gradientThreshold: threshold, curvatureThreshold: s["curvatureThreshold"],
        lipschitz: s["hessianLipschitz"])
      // Where thresholds are zero there is nothing about them to try.
      let isLaw =
        s["krylovDimension"] >= 2 && threshold > 1e-6 && s["curvatureThreshold"] > 1e-6
      return descent(where: threshold, rate: rate)
        + (s["krylovDimension"] >= 2 ? escapes.map { .escape($0) } : []) + [.escape(unseen)]
        + (isLaw ? [.law(law)] : [])
    },
    staysAt: Landscape.degenerateSaddles)

  static let thirdOrder = RulePromises(
    name: "thirdOrder",
    hyperparameters: [
      PromisedHyperparameter("regularization", 1, .positive),
      PromisedHyperparameter("gradientThreshold", 1e-3, .notNegative),
      PromisedHyperparameter("curvatureThreshold", 0.03, .notNegative),
      PromisedHyperparameter("thirdThreshold", 1e-3, .positive),
      PromisedHyperparameter("radius", 1, .positive),
    ],
    cases: [
      [
        "regularization": 3, "gradientThreshold": 0.005, "curvatureThreshold": 0.01,
        "thirdThreshold": 0.02, "radius": 0.3,
      ],
      ["gradientThreshold": 0], ["curvatureThreshold": 0],
    ],
    declarations: { s in
      let radius = s["radius"]
      return .invariances(.translation, .permutation, .rotation) + [.neverRises]
        + cubicOnQuadratics(s["regularization"], dimensions: [3, 65])
        + cubicEscapes(s["regularization"], fromSaddle: true).map { .escape($0) }
        // Along −y, or down one of the three valleys, a first trial r falls by |T|r³/6.
        + [Landscape.monkeySaddle, .cubicFold].map { landscape in
          .escape(
            EscapePromise(
              name: "leaves the \(landscape.name) from the point itself", landscape: landscape,
              saddle: [0, 0], start: [0, 0], radius: 0.99 * radius, steps: .exactly(1)))
        }
    },
    // Up to third order x⁴ − y⁴ is a minimum, and telling by more is NP-hard.
    staysAt: [.flatSaddle])

  /// More steps than a check should take.
  private static let longest = 20_000.0

  /// From the saddle of ½(x² − y²) itself, where that does not take too long to try.
  private static func leaving(within steps: Double) -> [OptimizerDeclaration] {
    guard steps <= longest else { return [] }
    return [
      .escape(
        .strict(
          "leaves a strict saddle from the point itself", curvature: 1, start: 0,
          steps: .within(Int(steps))))
    ]
  }

  /// Without its noise it is gradient descent.
  private static func plainDescent(_ rate: Double) -> [OptimizerDeclaration] {
    .invariances(.translation, .permutation, .rotation) + [
      .sameAs(name: "sgd", ReferenceSubject(rule: ReferenceRules.sgd { _ in rate })),
      .reference(ReferenceRules.sgd { _ in rate }),
    ] + EscapePromise.staying(at: [.strictSaddle(curvature: 1)]).map { .escape($0) }
  }

  /// Gradient descent where the gradient is above the threshold. Near critical points its random
  /// steps follow rotations and permutations in distribution only: path by path it holds them where
  /// the threshold is too low to be met, and breaks them where it is always met.
  private static func descent(where threshold: Double, rate: Double) -> [OptimizerDeclaration] {
    guard threshold < 0.01 else { return .invariances(.translation) }
    // With a threshold of zero no gradient is small.
    let sizes = threshold == 0 ? [1, 1e-5] : [1]
    return .invariances(.translation, .permutation, .rotation)
      + sizes.map { size in
        let slope = [1.0, -30, 0.25].map { size * $0 }
        return .knownPath(
          .onGradients(
            "gradient descent where the gradient is large", start: [1, 2, 3], steps: 50,
            gradient: { t in slope.map { $0 / Double(t) } },
            position: { t in
              let harmonic = (1..<t + 1).reduce(0) { $0 + 1 / Double($1) }
              return zip([1, 2, 3], slope).map { $0 - rate * $1 * harmonic }
            }))
      }
  }
}
