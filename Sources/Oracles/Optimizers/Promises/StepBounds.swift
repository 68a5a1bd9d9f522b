import Foundation

/// How far a coordinate can move in a step.
///
/// For m = Σ w_k g_k over √v, v = Σ z_k g_k², Cauchy and Schwarz give |m|/√v ≤ √(Σ w_k²/z_k), with
/// equality for g_k in proportion to w_k/z_k. For Adam that tends to
/// (1 − β₁)/√((1 − β₂)(1 − β₁²/β₂)), 7.27 at the defaults: the bound max(1, (1 − β₁)/√(1 − β₂)),
/// 3.16, of Kingma and Ba (2015, §2.1) holds for a single gradient, not for all histories.
enum StepBounds {
  static func adam(rate: Double, _ c: AdamConstants) -> OptimizerDeclaration {
    .stepBound(name: "η√(Σ w²/z)") { history in
      let t = history.gradients.count
      return rate * largestRatio(normalized(c.beta1, t), normalized(c.beta2, t))
    }
  }

  /// |g_k| ≤ u β₂^−(t−k), so |m̂|/u ≤ Σ w_k β₂^−(t−k).
  static func adamax(rate: Double, _ c: AdamConstants) -> OptimizerDeclaration {
    .stepBound(name: "ηΣ wβ₂^−(t−k)") { history in
      let t = history.gradients.count
      let weights = normalized(c.beta1, t)
      return rate
        * weights.indices.reduce(0) { sum, j in
          weights[j] == 0 ? sum : sum + weights[j] / pow(c.beta2, Double(j))
        }
    }
  }

  static func nadam(
    rate: Double, _ c: AdamConstants, momentum: @escaping @Sendable (Int) -> Double
  ) -> OptimizerDeclaration {
    .stepBound(name: "η√(Σ w²/z)") { history in
      let t = history.gradients.count
      let product = (1..<t + 1).reduce(1) { $0 * momentum($1) }
      let next = momentum(t + 1)
      var weights = (0..<t).map {
        next * (1 - c.beta1) * pow(c.beta1, Double($0)) / (1 - product * next)
      }
      weights[0] += (1 - momentum(t)) / (1 - product)
      return rate * largestRatio(weights, normalized(c.beta2, t))
    }
  }

  /// Unrectified steps go as far as the mean gradient; the others less far than Adam's, as r < 1.
  static func radam(rate: Double, _ c: AdamConstants) -> OptimizerDeclaration {
    .stepBound(name: "η max(√(Σ w²/z), |g|)") { history in
      let t = history.gradients.count
      let limit = (1 + c.beta2) / (1 - c.beta2)
      let power = pow(c.beta2, Double(t))
      let isRectified = limit - 2 * Double(t) * power / (1 - power) > 5
      guard !isRectified else {
        return rate * largestRatio(normalized(c.beta1, t), normalized(c.beta2, t))
      }
      return rate * history.gradients.joined().reduce(0) { max($0, $1.magnitude) }
    }
  }

  /// Adam's, with a second mean, `slow`(t) of whose weights are those of g_t, g_{t−1}, …, already
  /// times its share.
  static func ademamix(
    rate: Double, _ c: AdamConstants, slow: @escaping @Sendable (Int) -> [Double]
  ) -> OptimizerDeclaration {
    .stepBound(name: "η√(Σ (w + αs)²/z)") { history in
      let t = history.gradients.count
      let weights = zip(normalized(c.beta1, t), slow(t)).map { $0 + $1 }
      return rate * largestRatio(weights, normalized(c.beta2, t))
    }
  }

  /// |g_k|/√v̂_k ≤ √((1 − β₂ᵏ)/(1 − β₂)) for each move, of which step t takes `coefficients`(t).
  static func scheduleFree(
    _ c: AdamConstants, coefficients: @escaping @Sendable (Int) -> [Double]
  ) -> OptimizerDeclaration {
    .stepBound(name: "Σ |a|√((1 − β₂ᵏ)/(1 − β₂))") { history in
      coefficients(history.gradients.count).enumerated().reduce(0) { sum, next in
        let largest = ClosedForm.geometricSum(1, c.beta2, next.offset + 1).squareRoot()
        return sum + next.element.magnitude * largest
      }
    }
  }

  /// βʲ/Σβʲ, j = t − k = 0, 1, …, t − 1.
  private static func normalized(_ beta: Double, _ t: Int) -> [Double] {
    let powers = (0..<t).map { pow(beta, Double($0)) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// √(Σ w²/z); where z is 0 and w is not there is no bound.
  private static func largestRatio(_ w: [Double], _ z: [Double]) -> Double {
    zip(w, z).reduce(0) { $1.0 == 0 ? $0 : $0 + $1.0 * $1.0 / $1.1 }.squareRoot()
  }
}
