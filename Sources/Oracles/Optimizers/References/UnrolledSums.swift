import Foundation

/// The learning rate η_t of step t, counted from 1.
public typealias RateOfStep = @Sendable (_ step: Int) -> Double

/// The rules of the field as unrolled sums of their whole history: where a rule stands after T
/// gradients, from the papers, with no recursion and no memory.
///
/// In each, g_k is the gradient of step k = 1, …, T, and powers are taken one by one.
public enum ReferenceRules {
  /// A rule that walks in every coordinate by itself.
  static func byCoordinate(
    _ place: @escaping @Sendable (_ start: Double, _ gradients: [Double]) -> Double
  ) -> ReferenceRule {
    { history in
      history.start.indices.map { i in
        place(history.start[i], history.gradients.map { $0[i] })
      }
    }
  }

  /// θ_T = θ₀ Π_t (1 − η_tλ) − Σ_t η_t u_t Π_{s>t} (1 − η_sλ), u_t the moves in units of the rate
  /// and λ a weight decay that is decoupled from them (Loshchilov, Hutter 2019, algorithm 2).
  static func walk(
    from start: Double, rate: RateOfStep, weightDecay: Double = 0, moves: [Double]
  ) -> Double {
    let last = moves.count
    func shrinkage(after step: Int) -> Double {
      var product = 1.0
      for s in 1..<last + 1 where s > step { product *= 1 - rate(s) * weightDecay }
      return product
    }
    var sum = 0.0
    for t in 1..<last + 1 {
      sum += rate(t) * moves[t - 1] * (weightDecay == 0 ? 1 : shrinkage(after: t))
    }
    return start * shrinkage(after: 0) - sum
  }

  /// Σ_{k ≤ t} βᵗ⁻ᵏ x_k: what v ← βv + x comes to.
  static func decayedSum(_ x: [Double], _ decay: Double, upTo t: Int) -> Double {
    var sum = 0.0
    for k in 1..<t + 1 { sum += pow(decay, Double(t - k)) * x[k - 1] }
    return sum
  }

  /// (1 − β) Σ_{k ≤ t} βᵗ⁻ᵏ x_k: the exponential average from 0.
  static func average(_ x: [Double], _ decay: Double, upTo t: Int) -> Double {
    (1 - decay) * decayedSum(x, decay, upTo: t)
  }

  /// The average over its bias 1 − βᵗ = (1 − β) Σ βᵗ⁻ᵏ: a weighted mean, whose weights sum to 1.
  static func mean(_ x: [Double], _ decay: Double, upTo t: Int) -> Double {
    decayedSum(x, decay, upTo: t) / decayedSum(x.map { _ in 1 }, decay, upTo: t)
  }
}

/// −1, 0 or 1.
func signum(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : 0 }
