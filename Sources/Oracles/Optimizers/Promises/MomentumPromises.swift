import Foundation

extension OptimizerPromises {
  static let sgd = RulePromises(
    name: "sgd", hyperparameters: [.rate(0.05)],
    cases: [["learningRate": 0.3], ["learningRate": 0.1]],
    reference: { _, rate in ReferenceRules.sgd(rate: rate) },
    declarations: { s in
      .invariances(.translation, .permutation, .rotation) + [.memoryless]
        + ClosedForm.geometric(rate: s.rate, amplitudes: [0.3, -40, 1e-5]) { a, q, k in
          a * pow(q, Double(k - 1))
        }
        + [
          ClosedForm.quadratic(rate: s.rate, curvatures: [0.01, 0.5, 1.5, -0.3]) { scaled, t in
            pow(1 - scaled, Double(t))
          },
          .knownPath(.huber(rate: s.rate)),
          // The slower of both ends: η = 1/L, κ = 100.
          .contraction(curvatures: [0.01, 0.3, 1].map { $0 / s.rate }, factor: 0.99),
        ] + EscapePromise.growing { s.rate * $0 }.map { .escape($0) }
    })

  static let momentum = RulePromises(
    name: "momentum",
    hyperparameters: [.rate(0.05), PromisedHyperparameter("momentum", 0.9, .decay)],
    cases: [
      ["learningRate": 0.3, "momentum": 0.6], ["momentum": 0],
      // The optimum of κ = 100, 81/121: the error shrinks by 9/11 = 0.81818 a step.
      ["momentum": 81.0 / 121], lessard,
    ],
    reference: { ReferenceRules.momentum(rate: $1, momentum: $0["momentum"]) },
    declarations: { s in
      let mu = s["momentum"]
      return .invariances(.translation, .permutation, .rotation)
        + equalToSGD(at: mu, rate: s.rate)
        + ClosedForm.geometric(rate: s.rate, amplitudes: [0.3, -40, 1e-5]) { a, q, k in
          a * ClosedForm.geometricSum(q, mu, k)
        }
        + [
          constantGradient(s.rate) { t in
            (t - mu * (1 - pow(mu, t)) / (1 - mu)) / (1 - mu)
          },
          ClosedForm.quadratic(rate: s.rate, curvatures: [0.02, 0.7, 1.7, -0.2]) { scaled, t in
            ClosedForm.twoTerm(b: 1 + mu - scaled, c: mu, first: 1 - scaled, t)
          },
        ] + heavyBallContraction(rate: s.rate, momentum: mu)
        + (s.values == lessard ? [.publishedFailure(.heavyBallCycle)] : [])
    })

  /// The optimum of curvatures 1 to 25.
  private static let lessard = ["learningRate": 1.0 / 9, "momentum": 4.0 / 9]

  static let nesterov = RulePromises(
    name: "nesterov",
    hyperparameters: [.rate(0.05), PromisedHyperparameter("momentum", 0.9, .decay)],
    cases: [
      ["learningRate": 0.3, "momentum": 0.6], ["momentum": 0],
      // κ = 100 at η = 1/L, 9/11, and at η = 4/(3L + μ): 0.9 and 0.88472 a step.
      ["momentum": 9.0 / 11], ["momentum": (301.squareRoot() - 2) / (301.squareRoot() + 2)],
    ],
    reference: { ReferenceRules.nesterov(rate: $1, momentum: $0["momentum"]) },
    declarations: { s in
      let mu = s["momentum"]
      return .invariances(.translation, .permutation, .rotation)
        + equalToSGD(at: mu, rate: s.rate)
        + ClosedForm.geometric(rate: s.rate, amplitudes: [0.3, -40, 1e-5]) { a, q, k in
          a * (pow(q, Double(k - 1)) + mu * ClosedForm.geometricSum(q, mu, k))
        }
        + [
          constantGradient(s.rate) { t in
            t + mu / (1 - mu) * (t - mu * (1 - pow(mu, t)) / (1 - mu))
          },
          ClosedForm.quadratic(rate: s.rate, curvatures: [0.02, 0.7, 1.3, -0.2]) { scaled, t in
            ClosedForm.twoTerm(
              b: (1 + mu) * (1 - scaled), c: mu * (1 - scaled), first: 1 - scaled * (1 + mu), t)
          },
        ] + nesterovContraction(rate: s.rate, momentum: mu)
    })

  /// Without momentum it is gradient descent.
  private static func equalToSGD(at momentum: Double, rate: Double) -> [OptimizerDeclaration] {
    guard momentum == 0 else { return [] }
    return [
      .sameAs(name: "sgd", ReferenceSubject(rule: ReferenceRules.sgd(rate: { _ in rate })))
    ]
  }

  /// θ_t = θ₀ − ηg·`moved`(t).
  private static func constantGradient(
    _ rate: Double, moved: @escaping @Sendable (Double) -> Double
  ) -> OptimizerDeclaration {
    let start = [1.0, -2, 0.5]
    let gradient = [3.0, 0.25, -1]
    return .knownPath(
      .onGradients(
        "a constant gradient, from elsewhere", start: start, steps: 60,
        gradient: { _ in gradient },
        position: { t in zip(start, gradient).map { $0 - rate * $1 * moved(Double(t)) } }))
  }

  /// η = 4/(√L + √μ)² and momentum ((√κ − 1)/(√κ + 1))² are the best for the L and μ that they
  /// determine, and the error shrinks by (√κ − 1)/(√κ + 1) (Polyak 1964).
  private static func heavyBallContraction(
    rate: Double, momentum: Double
  ) -> [OptimizerDeclaration] {
    guard momentum > 0 else { return [] }
    let factor = momentum.squareRoot()
    let root = (1 + factor) / (1 - factor)
    let lowest = pow(2 / rate.squareRoot() / (root + 1), 2)
    let highest = lowest * root * root
    return [.contraction(curvatures: [lowest, highest], factor: factor)]
  }

  /// η = 1/L and (√κ − 1)/(√κ + 1): 1 − 1/√κ; η = 4/(3L + μ) and (√(3κ+1) − 2)/(√(3κ+1) + 2):
  /// 1 − 2/√(3κ+1), the best of the rule (Lessard et al. 2016, proposition 1), each for the κ that
  /// it is of.
  private static func nesterovContraction(
    rate: Double, momentum: Double
  ) -> [OptimizerDeclaration] {
    guard momentum > 0 else { return [] }
    let root = (1 + momentum) / (1 - momentum)
    let kappa = root * root
    let best = (4 * kappa - 1) / 3
    let lowest = 4 / rate / (3 * best + 1)
    return [
      .contraction(curvatures: [1 / kappa, 1].map { $0 / rate }, factor: 1 - 1 / root),
      .contraction(curvatures: [lowest, lowest * best], factor: 1 - 1 / root),
    ]
  }
}

extension KnownPath {
  /// Gradient descent at η = 1/L on Huber's function with the threshold R/(2N + 1), from R: N steps
  /// of ηLR/(2N + 1), to f_N = LR²/(4N + 2), the worst there is (Drori, Teboulle 2014,
  /// theorem 3.2).
  static func huber(rate: Double, steps: Int = 10) -> KnownPath {
    let threshold = 1 / Double(2 * steps + 1)
    return KnownPath(
      name: "the slowest convex function", start: [1], steps: steps,
      function: { _ in StepFunction(.huber(curvature: 1 / rate, threshold: threshold)) },
      position: { [1 - Double($0) * threshold] },
      tolerance: 1e-13, why: "\(steps) equal steps")
  }
}
