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
    byCoordinate { start, gradients, sums in
      var walk = ReferenceWalk(from: start, rate: rate, weightDecay: weightDecay)
      var (m, v) = (sums(c.beta1), sums(c.beta2))
      return gradients.map { g in
        m.add(g)
        v.add(g * g)
        return walk.move(m.mean.over(v.mean.squareRoot + DoubleDouble(c.epsilon)))
      }
    }
  }

  /// Adam with max_{s ≤ t} v_s in the place of v_t, and the bias of step t taken from it (Reddi et
  /// al. 2018, algorithm 2, which corrects no bias; where the correction goes is PyTorch's).
  public static func amsgrad(rate: @escaping RateOfStep, _ c: AdamConstants) -> ReferenceRule {
    byCoordinate { start, gradients, sums in
      var walk = ReferenceWalk(from: start, rate: rate)
      var (m, v) = (sums(c.beta1), sums(c.beta2))
      var largest = DoubleDouble(0)
      return gradients.map { g in
        m.add(g)
        v.add(g * g)
        largest = max(largest, v.average)
        return walk.move(
          m.mean.over((largest / v.bias).squareRoot + DoubleDouble(c.epsilon)))
      }
    }
  }

  /// θ_T = θ₀ − Σ_t η_t m̂_t/u_t, u_t = max_{k ≤ t} β₂ᵗ⁻ᵏ (|g_k| + ε) (Kingma, Ba 2015,
  /// algorithm 2, which has no ε; where it goes is PyTorch's: u ← max(β₂u, |g| + ε)).
  public static func adamax(rate: @escaping RateOfStep, _ c: AdamConstants) -> ReferenceRule {
    byCoordinate { start, gradients, sums in
      var walk = ReferenceWalk(from: start, rate: rate)
      var m = sums(c.beta1)
      var largest = DoubleDouble(0)
      return gradients.map { g in
        m.add(g)
        largest = max(DoubleDouble(c.beta2) * largest, g.magnitude + DoubleDouble(c.epsilon))
        return walk.move(m.mean.over(largest))
      }
    }
  }

  /// θ_T = θ₀ − Σ_t η_t n_t/(√v̂_t + ε), n_t = μ_{t+1} m_t/(1 − Π_{i ≤ t+1} μ_i)
  /// + (1 − μ_t) g_t/(1 − Π_{i ≤ t} μ_i), μ_i = β₁(1 − ½·0.96^{iψ}) and m_t the β₁-average of g
  /// (Dozat 2016, algorithm 2 and its momentum schedule; PyTorch averages m by β₁, not by μ_t).
  public static func nadam(
    rate: @escaping RateOfStep, _ c: AdamConstants, momentumDecay: Double
  ) -> ReferenceRule {
    @Sendable func momentum(_ i: Int) -> DoubleDouble {
      DoubleDouble(c.beta1) * DoubleDouble(1 - 0.5 * pow(0.96, Double(i) * momentumDecay))
    }
    return byCoordinate { start, gradients, sums in
      var walk = ReferenceWalk(from: start, rate: rate)
      var (m, v) = (sums(c.beta1), sums(c.beta2))
      // Π μ_i up to t and to t + 1.
      var (product, next) = (DoubleDouble(1), momentum(1))
      let one = DoubleDouble(1)
      return gradients.map { g in
        m.add(g)
        v.add(g * g)
        let (now, ahead) = (momentum(walk.step + 1), momentum(walk.step + 2))
        (product, next) = (next, next * ahead)
        let past = ahead * m.average / (one - next)
        let present = (one - now) * g / (one - product)
        return walk.move((past + present).over(v.mean.squareRoot + DoubleDouble(c.epsilon)))
      }
    }
  }

  /// θ_T = θ₀ − Σ_t η_t m̂_t·(r_t √(1 − β₂ᵗ)/(√v_t + ε) where ρ_t > 5, else 1), with
  /// ρ_∞ = 2/(1 − β₂) − 1, ρ_t = ρ_∞ − 2tβ₂ᵗ/(1 − β₂ᵗ) and r_t² = (ρ_t − 4)(ρ_t − 2)ρ_∞ /
  /// ((ρ_∞ − 4)(ρ_∞ − 2)ρ_t) (Liu et al. 2020, algorithm 2, which has no ε and rectifies above 4;
  /// 5 and the place of ε are PyTorch's).
  public static func radam(rate: @escaping RateOfStep, _ c: AdamConstants) -> ReferenceRule {
    let one = DoubleDouble(1)
    let (two, four) = (DoubleDouble(2), DoubleDouble(4))
    let limit = two / (one - DoubleDouble(c.beta2)) - one
    return byCoordinate { start, gradients, sums in
      var walk = ReferenceWalk(from: start, rate: rate)
      var (m, v) = (sums(c.beta1), sums(c.beta2))
      return gradients.map { g in
        m.add(g)
        v.add(g * g)
        let steps = DoubleDouble(2 * Double(walk.step + 1))
        let length = limit - steps * (one - v.bias) / v.bias
        guard length > DoubleDouble(5) else { return walk.move(m.mean) }
        let rectified =
          (length - four) * (length - two) * limit
          / ((limit - four) * (limit - two) * length)
        return walk.move(
          (m.mean * (rectified * v.bias).squareRoot).over(
            v.average.squareRoot + DoubleDouble(c.epsilon)))
      }
    }
  }

  /// θ_T = θ₀ − Σ_t η_t m̂_t/(√ŝ_t + ε), s_t = Σ_{k ≤ t} β₂ᵗ⁻ᵏ ((1 − β₂)(g_k − m_k)² + ε), and
  /// ŝ_t = s_t/(1 − β₂ᵗ) (Zhuang et al. 2020, algorithm 2; ε in both places, as there).
  public static func adabelief(rate: @escaping RateOfStep, _ c: AdamConstants) -> ReferenceRule {
    byCoordinate { start, gradients, sums in
      var walk = ReferenceWalk(from: start, rate: rate)
      var (m, s) = (sums(c.beta1), sums(c.beta2))
      let (ε, share) = (DoubleDouble(c.epsilon), DoubleDouble(1) - DoubleDouble(c.beta2))
      return gradients.map { g in
        m.add(g)
        let surprise = g - m.average
        s.add(share * surprise * surprise + ε)
        return walk.move(m.mean.over((s.value / s.bias).squareRoot + ε))
      }
    }
  }
}
