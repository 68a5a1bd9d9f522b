import Foundation
import Oracles

// What is promised of rules in wrappers and on schedules, by the names that the mutants have.

extension OptimizerClaims {
  /// Descent along gradients of at most the norm `limit`.
  static let clipNormSGD = OptimizerClaims(
    cases: [[:], ["learningRate": 0.3, "limit": 0.2], ["limit": 1e6]],
    declarations: { values in
      let (rate, limit) = (values["learningRate"] ?? 0.05, values["limit"] ?? 1)
      return [
        .holds(.translation), .holds(.permutation), .holds(.rotation), .breaks(.gradientScale),
        .breaks(.affine), .memoryless,
        .reference(onChangedGradients(ReferenceRules.sgd { _ in rate }) { shortened($0, limit) }),
        .stepBound(name: "ηc") { min(limit, length($0.gradients.last ?? [])) * rate },
        .knownPath(
          KnownPath(
            name: "3-4-5 gradients, longer and shorter than the limit", start: [0, 0], steps: 30,
            function: { t in
              StepFunction(gradient: [3, -4].map { $0 * limit * pow(2, Double(t % 7 - 5)) })
            },
            position: { t in
              [0.6, -0.8].map { share in
                (1..<t + 1).reduce(0) { place, k in
                  place - rate * share * limit * min(1, 5 * pow(2, Double(k % 7 - 5)))
                }
              }
            },
            tolerance: 1e-11, why: "30 steps")),
      ]
    })

  /// Adam along the same.
  static let clipNormAdam = OptimizerClaims(
    cases: [[:], ["learningRate": 0.02, "limit": 0.2, "epsilon": 0.1]],
    declarations: { values in
      let c = AdamConstants(beta1: 0.9, beta2: 0.999, epsilon: values["epsilon"] ?? 1e-8)
      let rate = values["learningRate"] ?? 1e-3
      let limit = values["limit"] ?? 1
      return [
        .holds(.translation), .holds(.permutation), .breaks(.rotation), .breaks(.affine),
        .reference(
          onChangedGradients(ReferenceRules.adam(rate: { _ in rate }, c)) { shortened($0, limit) }),
        constantPath("a constant gradient: Adam's steps on the shortened one") { t in
          let g = shortened([3, -4], limit)
          return g.map { -rate * Double(t) * $0 / ($0.magnitude + c.epsilon) }
        },
      ]
    })

  /// Momentum along gradients whose elements are cut to ±`limit`.
  static let clipValueMomentum = OptimizerClaims(
    cases: [[:], ["learningRate": 0.3, "momentum": 0.6, "limit": 0.1]],
    declarations: { values in
      let (rate, μ) = (values["learningRate"] ?? 0.05, values["momentum"] ?? 0.9)
      let limit = values["limit"] ?? 1
      let base = ReferenceRules.momentum(rate: { _ in rate }, momentum: μ)
      return [
        .holds(.translation), .holds(.permutation), .breaks(.gradientScale),
        .reference(
          onChangedGradients(base) { $0.map { min(limit, max(-limit, $0)) } }),
        .stepBound(name: "ηc/(1 − μ)") { _ in rate * limit / (1 - μ) },
        constantPath("a constant gradient beyond the limit") { t in
          let far = (Double(t) - μ * (1 - pow(μ, Double(t))) / (1 - μ)) / (1 - μ)
          return [3, -4].map { -rate * min(limit, max(-limit, $0)) * far }
        },
      ]
    })

  /// Momentum with a decay of θ apart from it: θ_t = θ₀qᵗ − ηΣ v_k qᵗ⁻ᵏ, q = 1 − ηλ.
  static let decayedMomentum = OptimizerClaims(
    cases: [
      [:], ["learningRate": 0.3, "momentum": 0.6, "weightDecay": 0.4], ["momentum": 0],
      ["weightDecay": 0],
    ],
    declarations: { values in
      let (rate, μ) = (values["learningRate"] ?? 0.05, values["momentum"] ?? 0.9)
      let decay = values["weightDecay"] ?? 0.1
      let q = 1 - rate * decay
      let start = [1.0, -2, 3]
      let reference = ReferenceRule(path: { history in
        var velocity = history.start.map { _ in DoubleDouble(0) }
        var place = history.start.map { DoubleDouble($0) }
        return history.gradients.map { g in
          for i in place.indices {
            velocity[i] = DoubleDouble(μ) * velocity[i] + DoubleDouble(g[i])
            let move = DoubleDouble(decay) * place[i] + velocity[i]
            place[i] = place[i] - DoubleDouble(rate) * move
          }
          return place.map { Double($0) }
        }
      })
      return (decay == 0 ? [.holds(.translation)] : [.breaks(.translation)]) + [
        .holds(.permutation), .holds(.rotation), .movesAtZeroGradient, .reference(reference),
        .knownPath(
          KnownPath(
            name: "decay alone", start: start, steps: 50,
            function: { _ in StepFunction(gradient: [0, 0, 0]) },
            position: { t in start.map { $0 * pow(q, Double(t)) } }, tolerance: 1e-11,
            why: "50 products")),
      ]
    })

  /// Descent along the gradient at θ + ρg/‖g‖.
  static let sharpSGD = OptimizerClaims(
    cases: [[:], ["learningRate": 0.3, "radius": 0.4]],
    declarations: { values in
      let (rate, radius) = (values["learningRate"] ?? 0.05, values["radius"] ?? 0.05)
      let start = [1.2, -1.6]
      // On a bowl of ηλ = 0.1 along a radius: r⁺ + ρ = 0.9·(r + ρ).
      let bowl = KnownPath(
        name: "down a bowl along a radius", start: start, steps: 8,
        function: { _ in .quadratic(curvatures: [0.1 / rate, 0.1 / rate], center: [0, 0]) },
        position: { t in
          let far = (2 + radius) * pow(0.9, Double(t)) - radius
          return start.map { $0 / 2 * far }
        }, tolerance: 1e-11, why: "8 steps along a line")
      let curvatures = [3, 0.5, -1.0].map { $0 * 0.05 / rate }
      let form = KnownPath(
        name: "on a quadratic form", start: [1, -2, 0.5], steps: 10,
        function: { _ in .quadratic(curvatures: curvatures, center: [0, 0, 0]) },
        position: { t in
          (0..<t).reduce([1, -2, 0.5]) { x, _ in
            let g = zip(curvatures, x).map { $0 * $1 }
            let size = length(g)
            return x.indices.map { i in
              x[i] * (1 - rate * curvatures[i])
                - rate * curvatures[i] * radius * g[i] / size
            }
          }
        }, tolerance: 1e-11, why: "10 steps")
      return [
        .holds(.translation), .holds(.permutation), .holds(.rotation), .breaks(.gradientScale),
        .breaks(.affine), .memoryless, .reference(ReferenceRules.sgd { _ in rate }),
        .law(.sharpness(rate: rate, radius: radius)), .knownPath(bowl), .knownPath(form),
      ]
    })

  /// A rule that sees other gradients than it is given.
  private static func onChangedGradients(
    _ rule: ReferenceRule, _ change: @escaping @Sendable ([Double]) -> [Double]
  ) -> ReferenceRule {
    ReferenceRule(path: { history in
      rule.path(
        OptimizerHistory(start: history.start, gradients: history.gradients.map(change)))
    })
  }

  private static func shortened(_ g: [Double], _ limit: Double) -> [Double] {
    let size = length(g)
    return size > limit ? g.map { $0 / size * limit } : g
  }

  /// From the origin along (3, −4), 40 steps.
  private static func constantPath(
    _ name: String, position: @escaping @Sendable (Int) -> [Double]
  ) -> OptimizerDeclaration {
    .knownPath(
      KnownPath(
        name: name, start: [0, 0], steps: 40, function: { _ in StepFunction(gradient: [3, -4]) },
        position: position, tolerance: 1e-11, why: "40 steps"))
  }
}
