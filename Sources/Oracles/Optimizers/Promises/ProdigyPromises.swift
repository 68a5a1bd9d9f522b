import Foundation

extension OptimizerPromises {
  static let prodigy = RulePromises(
    name: "prodigy",
    hyperparameters: adamHyperparameters(rate: 1) + [
      PromisedHyperparameter("weightDecay", alias: "weight_decay", 0, .notNegative),
      PromisedHyperparameter("initialDistance", alias: "d0", 1e-6, .positive),
      PromisedHyperparameter("distanceFactor", alias: "d_coef", 1, .positive),
      PromisedHyperparameter("growthRate", alias: "growth_rate", 0, .zeroOrFromOne),
    ],
    cases: [
      allAway.merging([
        "learningRate": 0.5, "weightDecay": 0.3, "initialDistance": 0.02, "distanceFactor": 5,
        "growthRate": 1.1,
      ]) { $1 },
      ["epsilon": 0], memoryless,
      memoryless.merging(["growthRate": 1.25, "distanceFactor": 3]) { $1 },
      ["distanceFactor": 1e-12, "initialDistance": 0.01, "weightDecay": 0.5],
      memoryless.merging(["distanceFactor": 1e-12, "initialDistance": 0.01]) { $1 },
    ],
    reference: { s, rate in
      ReferenceRules.prodigy(
        rate: rate, s.adam,
        ProdigyConstants(
          initialDistance: s["initialDistance"], distanceFactor: s["distanceFactor"],
          growthRate: s["growthRate"]), weightDecay: s["weightDecay"])
    },
    declarations: { s in
      let still: [Invariance] = s["weightDecay"] == 0 ? [.translation] : []
      let free: [Invariance] = s["epsilon"] == 0 ? [.gradientScale] : []
      return .invariances([.permutation] + still + free)
        + unmoved(s, ratios: [("a single gradient, then zeros", 0)])
        + [inTurn(s), threeSteps(s)]
        + growing(s) + fixed(s)
    })

  private static let memoryless = ["beta1": 0, "beta2": 0, "epsilon": 0.0]

  /// m_k/√v_k of a·qᵏ⁻¹ where d stands still, neither corrected for its bias.
  private static func uncorrected(_ s: PromisedSettings) -> ClosedForm.GeometricMove {
    let c = s.adam
    return { a, q, k in
      let m = (1 - c.beta1) * a * ClosedForm.geometricSum(q, c.beta1, k)
      let v = (1 - c.beta2) * a * a * ClosedForm.geometricSum(q * q, c.beta2, k)
      return quotient(m, v.squareRoot() + c.epsilon)
    }
  }

  /// Gradients on which d stays d₀.
  private static func unmoved(
    _ s: PromisedSettings, ratios: [(name: String, ratio: Double)]
  ) -> [OptimizerDeclaration] {
    ClosedForm.geometric(
      rate: s.rate * s["initialDistance"], weightDecay: s["weightDecay"],
      amplitudes: [0.3, -40, visible(s["epsilon"])], ratios: ratios, move: uncorrected(s))
  }

  /// Each coordinate has a gradient once, when it has not moved yet: gᵀ(θ₀ − θ) is always 0.
  private static func inTurn(_ s: PromisedSettings) -> OptimizerDeclaration {
    let rate = s.rate * s["initialDistance"]
    let amplitudes = [0.3, -40, visible(s["epsilon"])]
    let move = uncorrected(s)
    let kept = 1 - rate * s["weightDecay"]
    return .knownPath(
      .onGradients(
        "one coordinate after the other", start: [0, 0, 0], steps: 20,
        gradient: { t in amplitudes.indices.map { t == 3 * $0 + 1 ? amplitudes[$0] : 0 } },
        position: { t in
          amplitudes.indices.map { i in
            let since = t - 3 * i
            guard since > 0 else { return 0 }
            return -rate
              * (1..<since + 1).reduce(0) { sum, k in
                sum + move(amplitudes[i], 0, k) * pow(kept, Double(since - k))
              }
          }
        }))
  }

  /// Gradients that grow, so that d does: three steps of two coordinates, written out.
  private static func threeSteps(_ s: PromisedSettings) -> OptimizerDeclaration {
    let (c, d0, decay) = (s.adam, s["initialDistance"], s["weightDecay"])
    let (rate, b) = (s.rate, s["beta2"].squareRoot())
    let g = [[1, -0.5], [30, -20], [700, 900.0]]
    let start = [3 * rate * d0, -2 * rate * d0]
    @Sendable func step(_ x: [Double], _ d: Double, _ move: (Int) -> Double) -> [Double] {
      x.indices.map { x[$0] - rate * d * (move($0) + decay * x[$0]) }
    }
    @Sendable func product(_ g: [Double], _ x: [Double]) -> Double {
      g[0] * (start[0] - x[0]) + g[1] * (start[1] - x[1])
    }
    func root(_ square: Double) -> Double { ((1 - c.beta2) * square).squareRoot() }
    let one = step(start, d0) { i in
      (1 - c.beta1) * g[0][i] / (root(g[0][i] * g[0][i]) + c.epsilon)
    }
    let norm = (0..<2).reduce(0) { $0 + (b * g[0][$1] + g[1][$1]).magnitude }
    let first = product(g[1], one)
    let d = max(d0, s["distanceFactor"] * first / norm)
    let two = step(one, d0) { i in
      let square = c.beta2 * g[0][i] * g[0][i] + g[1][i] * g[1][i]
      return (1 - c.beta1) * (c.beta1 * g[0][i] + g[1][i]) / (root(square) + d / d0 * c.epsilon)
    }
    // The rest in units of d₀.
    let e = d / d0
    let second = b * first + e * e * product(g[2], two)
    let norms = (0..<2).map { (b * (b * g[0][$0] + g[1][$0]) + e * e * g[2][$0]).magnitude }
    let largest = max(d, s["distanceFactor"] * second / (norms[0] + norms[1]))
    let isLimited = s["growthRate"] > 0 && d > d0
    let last = isLimited ? min(largest, s["growthRate"] * d) : largest
    let three = step(two, d) { i in
      let (x, y, z) = (g[0][i], g[1][i], e * g[2][i])
      let mean = (1 - c.beta1) * (c.beta1 * (c.beta1 * x + y) + z)
      let square = c.beta2 * (c.beta2 * x * x + y * y) + z * z
      return mean / (root(square) + last / d0 * c.epsilon)
    }
    let places = [start, one, two, three]
    return .knownPath(
      .onGradients(
        "three gradients that let d grow", start: start, steps: 3, gradient: { g[$0 - 1] },
        position: { places[$0] }))
  }

  /// Without memory a constant gradient moves every coordinate by d, and d follows behind: the way
  /// r_t = r_{t−1} + d_t, d_{t+1} = max(d_t, c·r_{t−1}), is Fibonacci's numbers at c = 1. With a limit
  /// of d's growth, after its leap from d₀ to c·d₀, it is a geometric sum.
  private static func growing(_ s: PromisedSettings) -> [OptimizerDeclaration] {
    let (limit, factor) = (s["growthRate"], s["distanceFactor"])
    guard s.adam.beta1 == 0, s.adam.beta2 == 0, s["epsilon"] == 0, s["weightDecay"] == 0,
      s.rate == 1, limit == 0 ? factor == 1 : factor > 1 && limit > 1 && limit <= 1.25
    else { return [] }
    let signs = [1.0, -1, 1]
    @Sendable func walked(_ t: Int) -> Double {
      guard limit > 0 else {
        let golden = (1 + 5.0.squareRoot()) / 2
        return (pow(golden, Double(t + 1)) / 5.0.squareRoot()).rounded()
      }
      let steps = Double(t - 2)
      return steps <= 0 ? Double(t) : 2 + factor * (pow(limit, steps) - 1) / (limit - 1)
    }
    return [
      .knownPath(
        .onGradients(
          limit > 0 ? "growth at its limit" : "Fibonacci's numbers", start: [0, 0, 0], steps: 40,
          gradient: { _ in [0.3, -40, 1e-5] },
          position: { t in signs.map { -s["initialDistance"] * walked(t) * $0 } }))
    ]
  }

  /// With a factor that lets no estimate come up to d₀ the rate is ηd₀ for good.
  private static func fixed(_ s: PromisedSettings) -> [OptimizerDeclaration] {
    guard s["distanceFactor"] <= 1e-9, s["initialDistance"] >= 1e-3 else { return [] }
    let sign = ReferenceRules.signDescent { _ in s.rate * s["initialDistance"] }
    let isSign = [s.adam.beta1, s.adam.beta2, s["epsilon"], s["weightDecay"]].allSatisfy { $0 == 0 }
    return unmoved(s, ratios: ClosedForm.ratios)
      + (isSign ? [.sameAs(name: "signDescent", ReferenceSubject(rule: sign))] : [])
  }
}
