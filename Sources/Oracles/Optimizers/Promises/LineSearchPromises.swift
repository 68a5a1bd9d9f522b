import Foundation

extension OptimizerPromises {
  static let armijoGD = RulePromises(
    name: "armijoGD",
    hyperparameters: [
      .rate(1), PromisedHyperparameter("decrease", 1e-4, .fraction),
      PromisedHyperparameter("backtracking", 0.5, .fraction),
    ],
    cases: [["learningRate": 0.3, "decrease": 0.3, "backtracking": 0.7]],
    declarations: { s in
      .invariances(.translation, .permutation, .rotation) + [
        .memoryless, .neverRises,
        .law(
          .armijo(rate: s.rate, decrease: s["decrease"], backtracking: s["backtracking"])),
      ]
        + [0.4, 1.3, 5, 37, -0.2].flatMap { scaled in
          // f(θ − αg) ≤ f(θ) − cα‖g‖² is α ≤ 2(1 − c)/λ: the first η, ρη, ρ²η, … that is.
          let limit = 2 * (1 - s["decrease"])
          let cuts = (log(limit / scaled) / log(s["backtracking"])).rounded(.up)
          let factor = 1 - scaled * pow(s["backtracking"], scaled <= limit ? 0 : cuts)
          return radial("backtracking from ηλ = \(scaled)", curvature: scaled / s.rate, steps: 8) {
            pow(factor, Double($0))
          }
        }
        + EscapePromise.growing { s.rate * $0 }.map { .escape($0) }
    })

  static let wolfeGD = RulePromises(
    name: "wolfeGD", hyperparameters: [.rate(1)] + wolfe(curvature: 0.1),
    cases: [["learningRate": 0.3, "decrease": 0.01, "curvature": 0.4]],
    declarations: { s in
      let slope = s["curvature"] / 2
      return .invariances(.translation, .permutation, .rotation) + [
        .neverRises, .law(.steepest(rate: s.rate, s.wolfe)),
      ]
        // The slope at the first trial is −c₂/2 of that at the start.
        + radial("a first trial that is good", curvature: (1 + slope) / s.rate, steps: 6) {
          pow(-slope, Double($0))
        }
    })

  static let lbfgs = RulePromises(
    name: "lbfgs",
    hyperparameters: [PromisedHyperparameter("memory", alias: "history_size", 10, .count)]
      + wolfe(curvature: 0.9),
    cases: [["memory": 3, "decrease": 0.01, "curvature": 0.5], ["memory": 1]],
    declarations: { s in
      let radius = 1 / (1 - s["curvature"] / 2)
      return .invariances(.translation, .permutation, .rotation, .gradientScale)
        + [.neverRises, .law(.quasiNewton(memory: Int(min(s["memory"], 1e6)), s.wolfe))]
        + [0.01, 3, 700].flatMap { curvature in
          // A step of length 1, which leaves c₂/2 of the slope; then the secant is exact.
          radial(
            "a unit step and a secant step, curvature \(curvature)", curvature: curvature,
            radius: radius, steps: 2
          ) { $0 == 1 ? (radius - 1) / radius : 0 }
        }
    })

  static let nonlinearCG = RulePromises(
    name: "nonlinearCG", hyperparameters: wolfe(curvature: 0.1),
    cases: [["decrease": 0.01, "curvature": 0.4]],
    declarations: { s in
      let radius = 1 / (1 - s["curvature"] / 2)
      return .invariances(.translation, .permutation, .rotation, .gradientScale)
        + [.neverRises, .law(.conjugateGradients(s.wolfe))]
        + [0.01, 3, 700].flatMap { curvature in
          radial(
            "a unit step, curvature \(curvature)", curvature: curvature, radius: radius, steps: 1
          ) { _ in (radius - 1) / radius }
        }
    })

  private static func wolfe(curvature: Double) -> [PromisedHyperparameter] {
    [
      PromisedHyperparameter("decrease", 1e-4, .fraction),
      PromisedHyperparameter("curvature", curvature, .fraction),
    ]
  }

  /// On ½λ‖x‖², along a radius: x_t = x_0·`share`(t), in a few coordinates and in many.
  static func radial(
    _ name: String, curvature: Double, radius: Double = 2, steps: Int, tolerance: Double = 1e-10,
    dimensions: [Int] = [3, 65, 1000], share: @escaping @Sendable (Int) -> Double
  ) -> [OptimizerDeclaration] {
    dimensions.map { n in
      let shares = n == 3 ? [0.36, -0.48, 0.8] : (0..<n).map { 1 + Double($0 % 5) }
      let size = norm(shares)
      let start = shares.map { $0 / size * radius }
      return .knownPath(
        KnownPath(
          name: "\(name), \(n) coordinates", start: start, steps: steps,
          function: { _ in .diagonalQuadratic(start.map { _ in curvature }) },
          position: { t in start.map { $0 * share(t) } },
          tolerance: tolerance, why: "\(steps) steps along a line"))
    }
  }
}

extension PromisedSettings {
  fileprivate var wolfe: WolfeConditions {
    WolfeConditions(decrease: self["decrease"], curvature: self["curvature"])
  }
}
