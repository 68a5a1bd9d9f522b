import Foundation

/// The hyperparameters that the Adam family shares.
public struct AdamConstants: Sendable {
  public let beta1: Double
  public let beta2: Double
  public let epsilon: Double

  public init(beta1: Double, beta2: Double, epsilon: Double) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }
}

extension ReferenceRules {
  /// θ_T = θ₀ − Σ_t η_t m̂_t/(√v̂_t + ε), m̂ and v̂ the bias-corrected averages of g and g², that
  /// is their means with weights in proportion to β₁ᵗ⁻ᵏ and β₂ᵗ⁻ᵏ (Kingma, Ba 2015, algorithm 1);
  /// and with a decoupled weight decay λ AdamW (Loshchilov, Hutter 2019, algorithm 2).
  public static func adam(
    rate: @escaping RateOfStep, _ c: AdamConstants, weightDecay: Double = 0
  ) -> ReferenceRule {
    byCoordinate { start, g in
      let moves = (1..<g.count + 1).map { t in
        quotient(
          mean(g, c.beta1, upTo: t),
          mean(g.map { $0 * $0 }, c.beta2, upTo: t).squareRoot() + c.epsilon)
      }
      return walk(from: start, rate: rate, weightDecay: weightDecay, moves: moves)
    }
  }

  /// Adam with max_{s ≤ t} v_s in the place of v_t, and the bias of step t taken from it (Reddi et
  /// al. 2018, algorithm 2, which corrects no bias; where the correction goes is PyTorch's).
  public static func amsgrad(rate: @escaping RateOfStep, _ c: AdamConstants) -> ReferenceRule {
    byCoordinate { start, g in
      let squares = g.map { $0 * $0 }
      let moves = (1..<g.count + 1).map { t in
        let largest = (1..<t + 1).map { average(squares, c.beta2, upTo: $0) }.reduce(0, max)
        let corrected = largest / average(g.map { _ in 1 }, c.beta2, upTo: t)
        return quotient(mean(g, c.beta1, upTo: t), corrected.squareRoot() + c.epsilon)
      }
      return walk(from: start, rate: rate, moves: moves)
    }
  }

  /// θ_T = θ₀ − Σ_t η_t m̂_t/u_t, u_t = max_{k ≤ t} β₂ᵗ⁻ᵏ (|g_k| + ε) (Kingma, Ba 2015,
  /// algorithm 2, which has no ε; where it goes is PyTorch's: u ← max(β₂u, |g| + ε)).
  public static func adamax(rate: @escaping RateOfStep, _ c: AdamConstants) -> ReferenceRule {
    byCoordinate { start, g in
      let moves = (1..<g.count + 1).map { t in
        let largest = (1..<t + 1).map {
          pow(c.beta2, Double(t - $0)) * (g[$0 - 1].magnitude + c.epsilon)
        }.reduce(0, max)
        return quotient(mean(g, c.beta1, upTo: t), largest)
      }
      return walk(from: start, rate: rate, moves: moves)
    }
  }

  /// θ_T = θ₀ − Σ_t η_t n_t/(√v̂_t + ε), n_t = μ_{t+1} m_t/(1 − Π_{i ≤ t+1} μ_i)
  /// + (1 − μ_t) g_t/(1 − Π_{i ≤ t} μ_i), μ_i = β₁(1 − ½·0.96^{iψ}) and m_t the β₁-average of g
  /// (Dozat 2016, algorithm 2 and its momentum schedule; PyTorch averages m by β₁, not by μ_t).
  public static func nadam(
    rate: @escaping RateOfStep, _ c: AdamConstants, momentumDecay: Double
  ) -> ReferenceRule {
    @Sendable func momentum(_ i: Int) -> Double {
      c.beta1 * (1 - 0.5 * pow(0.96, Double(i) * momentumDecay))
    }
    @Sendable func product(upTo t: Int) -> Double { (1..<t + 1).map(momentum).reduce(1, *) }
    return byCoordinate { start, g in
      let moves = (1..<g.count + 1).map { t in
        let past = momentum(t + 1) * average(g, c.beta1, upTo: t) / (1 - product(upTo: t + 1))
        let present = (1 - momentum(t)) * g[t - 1] / (1 - product(upTo: t))
        let v = mean(g.map { $0 * $0 }, c.beta2, upTo: t)
        return quotient(past + present, v.squareRoot() + c.epsilon)
      }
      return walk(from: start, rate: rate, moves: moves)
    }
  }

  /// θ_T = θ₀ − Σ_t η_t m̂_t·(r_t √(1 − β₂ᵗ)/(√v_t + ε) where ρ_t > 5, else 1), with
  /// ρ_∞ = 2/(1 − β₂) − 1, ρ_t = ρ_∞ − 2tβ₂ᵗ/(1 − β₂ᵗ) and r_t² = (ρ_t − 4)(ρ_t − 2)ρ_∞ /
  /// ((ρ_∞ − 4)(ρ_∞ − 2)ρ_t) (Liu et al. 2020, algorithm 2, which has no ε and rectifies above 4;
  /// 5 and the place of ε are PyTorch's).
  public static func radam(rate: @escaping RateOfStep, _ c: AdamConstants) -> ReferenceRule {
    let limit = 2 / (1 - c.beta2) - 1
    return byCoordinate { start, g in
      let moves = (1..<g.count + 1).map { t in
        let m = mean(g, c.beta1, upTo: t)
        let power = pow(c.beta2, Double(t))
        let length = limit - 2 * Double(t) * power / (1 - power)
        guard length > 5 else { return m }
        let rectified =
          (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)
        let v = average(g.map { $0 * $0 }, c.beta2, upTo: t)
        return quotient(
          m * (rectified * (1 - power)).squareRoot(), v.squareRoot() + c.epsilon)
      }
      return walk(from: start, rate: rate, moves: moves)
    }
  }

  /// θ_T = θ₀ − Σ_t η_t m̂_t/(√ŝ_t + ε), s_t = Σ_{k ≤ t} β₂ᵗ⁻ᵏ ((1 − β₂)(g_k − m_k)² + ε), and
  /// ŝ_t = s_t/(1 − β₂ᵗ) (Zhuang et al. 2020, algorithm 2; ε in both places, as there).
  public static func adabelief(rate: @escaping RateOfStep, _ c: AdamConstants) -> ReferenceRule {
    byCoordinate { start, g in
      let surprises = (1..<g.count + 1).map { k in
        let difference = g[k - 1] - average(g, c.beta1, upTo: k)
        return (1 - c.beta2) * difference * difference + c.epsilon
      }
      let moves = (1..<g.count + 1).map { t in
        let s = decayedSum(surprises, c.beta2, upTo: t)
        let corrected = s / average(g.map { _ in 1 }, c.beta2, upTo: t)
        return quotient(mean(g, c.beta1, upTo: t), corrected.squareRoot() + c.epsilon)
      }
      return walk(from: start, rate: rate, moves: moves)
    }
  }
}
