import Foundation

// Rules that keep a second average: of gradients, or of the places.

extension OptimizerPromises {
  static let ademamix = RulePromises(
    name: "ademamix",
    hyperparameters: adamHyperparameters() + [
      PromisedHyperparameter("beta3", 0.9999, .decay),
      PromisedHyperparameter("alpha", 2, .notNegative),
      PromisedHyperparameter("alphaWarmUp", alias: "alpha_warmup", 0, .whole(limit: nil)),
      PromisedHyperparameter("beta3WarmUp", alias: "beta3_warmup", 0, .whole(limit: nil)),
      PromisedHyperparameter("weightDecay", alias: "weight_decay", 0, .notNegative),
    ],
    cases: [
      allAway.merging(
        ["beta3": 0.98, "alpha": 5, "alphaWarmUp": 12, "beta3WarmUp": 25, "weightDecay": 0.3]
      ) { $1 },
      ["epsilon": 0], ["alpha": 0, "weightDecay": 0.1], ["beta1": 0, "beta3WarmUp": 9],
      ["beta3": 0, "beta3WarmUp": 7], ["beta1": 0, "beta2": 0, "beta3": 0, "epsilon": 0],
    ],
    reference: { s, rate in
      ReferenceRules.ademamix(
        rate: rate, s.adam,
        SlowAverage(
          alpha: s["alpha"], beta3: s["beta3"], alphaWarmUp: Int(s["alphaWarmUp"]),
          beta3WarmUp: Int(s["beta3WarmUp"])), weightDecay: s["weightDecay"])
    },
    declarations: { s in
      let (c, decay) = (s.adam, s["weightDecay"])
      let slow = SlowWeights(s)
      let still: [Invariance] = decay == 0 ? [.translation] : []
      let free: [Invariance] = c.epsilon == 0 ? [.gradientScale] : []
      return .invariances([.permutation] + still + free)
        + ClosedForm.geometric(
          rate: s.rate, weightDecay: decay, amplitudes: [0.3, -40, visible(c.epsilon)]
        ) { a, q, k in
          let mean = geometricMean(a, q, c.beta1, k) + slow.share(k) * a * slow.geometric(q, k)
          return quotient(mean, geometricSize(a, q, c.beta2, k) + c.epsilon)
        }
        + [constantAndSlow(s, slow)]
        + (decay == 0
          ? [StepBounds.ademamix(rate: s.rate, c) { t in slow.weights(t).map { slow.share(t) * $0 } }]
          : decayAlone(rate: s.rate, weightDecay: decay))
        + withoutSlow(s)
    })

  /// With α = 0 it is AdamW, and with no memory at all it goes by signs, 1 + α times as far.
  private static func withoutSlow(_ s: PromisedSettings) -> [OptimizerDeclaration] {
    let (c, alpha, decay) = (s.adam, s["alpha"], s["weightDecay"])
    let isPlain = [c.beta1, c.beta2, c.epsilon, decay, s["beta3"]].allSatisfy { $0 == 0 }
    if alpha == 0 {
      let adamw = ReferenceRules.adam(rate: { _ in s.rate }, c, weightDecay: decay)
      return [.sameAs(name: "adamw", ReferenceSubject(rule: adamw))]
    }
    guard isPlain, s["alphaWarmUp"] == 0, s["beta3WarmUp"] == 0 else { return [] }
    let sign = ReferenceRules.signDescent { _ in s.rate * (1 + alpha) }
    return [.sameAs(name: "signDescent, 1 + α times as far", ReferenceSubject(rule: sign))]
  }

  /// On a constant gradient g the slow average is g(1 − Π_{j ≤ t} β₃(j)), and the others are g, g².
  private static func constantAndSlow(
    _ s: PromisedSettings, _ slow: SlowWeights
  ) -> OptimizerDeclaration {
    let gradient = [0.3, -40, visible(s["epsilon"])]
    let kept = 1 - s.rate * s["weightDecay"]
    return .knownPath(
      .onGradients(
        "a constant gradient, of which the slow average takes 1 − Πβ₃(j)", start: [0, 0, 0],
        steps: 60, gradient: { _ in gradient },
        position: { t in
          gradient.map { g in
            let walked = (1..<t + 1).reduce(0) { sum, k in
              let missing = (1..<k + 1).reduce(1) { $0 * slow.decay($1) }
              let size = (1 + slow.share(k) * (1 - missing)) / (g.magnitude + s["epsilon"])
              return sum + g * size * pow(kept, Double(t - k))
            }
            return -s.rate * walked
          }
        }))
  }

  static let scheduleFreeAdamW = RulePromises(
    name: "scheduleFreeAdamW",
    hyperparameters: adamHyperparameters(rate: 2.5e-3) + [
      PromisedHyperparameter("weightDecay", alias: "weight_decay", 0, .notNegative),
      PromisedHyperparameter("warmUp", alias: "warmup_steps", 0, .whole(limit: nil)),
    ],
    cases: [
      allAway.merging(["weightDecay": 0.3, "warmUp": 9]) { $1 }, ["epsilon": 0],
      ["beta1": 0, "weightDecay": 0.1, "warmUp": 5], ["beta2": 0, "epsilon": 1e-3, "warmUp": 17],
      ["beta1": 0.98],
    ],
    reference: { s, rate in
      ReferenceRules.scheduleFreeAdamW(
        rate: rate, s.adam, weightDecay: s["weightDecay"], warmUp: Int(s["warmUp"]))
    },
    declarations: { s in
      let (c, decay, mean) = (s.adam, s["weightDecay"], MeanOfPlaces(s))
      let still: [Invariance] = decay == 0 ? [.translation] : []
      let free: [Invariance] = c.epsilon == 0 ? [.gradientScale] : []
      let adamw = ReferenceRules.adam(rate: { mean.rate($0) }, c, weightDecay: decay)
      return .invariances([.permutation] + still + free)
        + ClosedForm.ratios.map { .knownPath(mean.path($0.name, ratio: $0.ratio, s)) }
        + (decay == 0 && s["warmUp"] == 0 ? [halfWayToTheMean(s)] : [])
        + (decay == 0
          ? [StepBounds.scheduleFree(c) { mean.coefficients($0) }]
          : [.movesAtZeroGradient])
        + (c.beta1 == 0 ? [.sameAs(name: "adamw", ReferenceSubject(rule: adamw))] : [])
    })

  /// Equal moves u: the walk is at −ηtu, the mean of its places at −η(t + 1)u/2, and the point
  /// between them, β₁ of the way, at −ηu(t − β₁(t − 1)/2).
  private static func halfWayToTheMean(_ s: PromisedSettings) -> OptimizerDeclaration {
    let gradient = [0.3, -40, visible(s["epsilon"])]
    return .knownPath(
      .onGradients(
        "β₁ of the way to the mean on a constant gradient", start: [0, 0, 0], steps: 60,
        gradient: { _ in gradient },
        position: { t in
          gradient.map { g in
            let time = Double(t) - s["beta1"] * Double(t - 1) / 2
            return -s.rate * time * g / (g.magnitude + s["epsilon"])
          }
        }))
  }
}

/// AdEMAMix's slow average as a weighted sum, its coefficients by half-lives.
private struct SlowWeights: Sendable {
  private let s: PromisedSettings

  init(_ s: PromisedSettings) { self.s = s }

  /// α(t).
  func share(_ t: Int) -> Double {
    let steps = s["alphaWarmUp"]
    return Double(t) < steps ? s["alpha"] * Double(t) / steps : s["alpha"]
  }

  /// β₃(t) = 2^(−1/h), its half-life h on the way from β₁'s to β₃'s.
  func decay(_ t: Int) -> Double {
    let steps = s["beta3WarmUp"]
    guard Double(t) < steps else { return s["beta3"] }
    func halfLife(_ beta: Double) -> Double { -log(2) / log(beta) }
    let time = Double(t) / steps
    return exp2(-1 / ((1 - time) * halfLife(s["beta1"]) + time * halfLife(s["beta3"])))
  }

  /// What the gradient of step t − j counts, j = 0, …, t − 1: (1 − β₃(t − j)) Π_{i > t − j} β₃(i).
  func weights(_ t: Int) -> [Double] {
    var product = 1.0
    return (0..<t).map { j in
      let decay = decay(t - j)
      defer { product *= decay }
      return (1 - decay) * product
    }
  }

  /// Of the gradients qᵏ⁻¹.
  func geometric(_ q: Double, _ t: Int) -> Double {
    guard s["beta3WarmUp"] > 0 else {
      return (1 - s["beta3"]) * ClosedForm.geometricSum(q, s["beta3"], t)
    }
    return weights(t).enumerated().reduce(0) { $0 + $1.element * pow(q, Double(t - $1.offset - 1)) }
  }
}

/// Schedule-free's point, unrolled: y_t = θ₀ − Σ_{k ≤ t} γ_k(u_k + λy_{k−1})(1 − β₁W_{k−1}/W_t), W_k the
/// sum of the squares of γ_1, …, γ_k, which rise.
private struct MeanOfPlaces: Sendable {
  private let s: PromisedSettings

  init(_ s: PromisedSettings) { self.s = s }

  /// γ_t.
  func rate(_ t: Int) -> Double {
    s["warmUp"] > 0 ? s.rate * min(1, Double(t) / s["warmUp"]) : s.rate
  }

  /// W_t/η², by the sum of the first squares.
  private func weight(_ t: Int) -> Double {
    let steps = s["warmUp"]
    let rising = min(Double(t), steps)
    let squares = rising * (rising + 1) * (2 * rising + 1) / 6
    return (steps > 0 ? squares / (steps * steps) : 0) + max(Double(t) - steps, 0)
  }

  /// What the move of step k = 1, …, t counts in y_t.
  private func share(_ k: Int, at t: Int) -> Double {
    rate(k) * (1 - s["beta1"] * weight(k - 1) / weight(t))
  }

  /// What the move of step k = 1, …, t counts in y_t − y_{t−1}.
  func coefficients(_ t: Int) -> [Double] {
    (1..<t + 1).map { k in share(k, at: t) - (k < t ? share(k, at: t - 1) : 0) }
  }

  /// y on the gradients a·qᵏ⁻¹.
  func path(_ name: String, ratio q: Double, _ s: PromisedSettings) -> KnownPath {
    let c = s.adam
    let amplitudes = [0.3, -40, OptimizerPromises.visible(c.epsilon)]
    let steps = 40
    let start = amplitudes.indices.map { s["weightDecay"] == 0 ? 0 : s.rate * Double(5 - 3 * $0) }
    let paths = amplitudes.indices.map { i in
      let a = amplitudes[i]
      var (places, moves) = ([start[i]], [Double]())
      for t in 1...steps {
        let size = OptimizerPromises.geometricSize(a, q, c.beta2, t)
        let u = quotient(a * pow(q, Double(t - 1)), size + c.epsilon)
        moves.append(u + s["weightDecay"] * places[t - 1])
        places.append(start[i] - (1..<t + 1).reduce(0) { $0 + share($1, at: t) * moves[$1 - 1] })
      }
      return places
    }
    return .onGradients(
      name, start: start, steps: steps,
      gradient: { t in amplitudes.map { $0 * pow(q, Double(t - 1)) } },
      position: { t in paths.map { $0[t] } })
  }
}
