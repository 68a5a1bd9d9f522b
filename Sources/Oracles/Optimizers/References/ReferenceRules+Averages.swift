/// The second, slow average of AdEMAMix: its share α, its coefficient β₃, and over how many steps
/// each grows to that from 0 and from β₁; 0 where it has its height from the start.
public struct SlowAverage: Sendable {
  public let alpha: Double
  public let beta3: Double
  public let alphaWarmUp: Int
  public let beta3WarmUp: Int

  public init(alpha: Double, beta3: Double, alphaWarmUp: Int = 0, beta3WarmUp: Int = 0) {
    self.alpha = alpha
    self.beta3 = beta3
    self.alphaWarmUp = alphaWarmUp
    self.beta3WarmUp = beta3WarmUp
  }

  /// α(t) = min(αt/T, α).
  func share(at step: Int) -> DoubleDouble {
    guard step < alphaWarmUp else { return DoubleDouble(alpha) }
    return DoubleDouble(alpha) * DoubleDouble(Double(step)) / DoubleDouble(Double(alphaWarmUp))
  }

  /// β₃(t) = exp(ln β₁ ln β₃/((1 − t/T) ln β₃ + (t/T) ln β₁)), and its limit where one of both is 0.
  func decay(at step: Int, from beta1: Double) -> DoubleDouble {
    guard step < beta3WarmUp else { return DoubleDouble(beta3) }
    let (first, last) = (DoubleDouble(beta1), DoubleDouble(beta3))
    let time = DoubleDouble(Double(step)) / DoubleDouble(Double(beta3WarmUp))
    let rest = DoubleDouble(1) - time
    switch (beta1 > 0, beta3 > 0) {
    case (false, false): return DoubleDouble(0)
    case (true, false): return (first.logarithm / rest).exponential
    case (false, true): return (last.logarithm / time).exponential
    case (true, true):
      let (a, b) = (first.logarithm, last.logarithm)
      return (a * b / (rest * b + time * a)).exponential
    }
  }
}

extension ReferenceRules {
  /// θ_T = θ₀ Π(1 − η_tλ) − Σ_t η_t (m̂_t + α(t) s_t)/(√v̂_t + ε) Π_{k>t}(1 − η_kλ), m̂ and v̂ as in
  /// `adam`, s_t = β₃(t) s_{t−1} + (1 − β₃(t)) g_t, whose bias is left as it is (Pagliardini et al.
  /// 2024, algorithm 1).
  ///
  /// The schedules are the paper's, whose β₃(t) is linear in the half-life; apple/ml-ademamix adds
  /// 1e-8 to each β in it. Where β₁ > β₃, β₃(t) falls from the one to the other, as there; the paper
  /// takes β₃ at once.
  public static func ademamix(
    rate: @escaping RateOfStep, _ c: AdamConstants, _ slow: SlowAverage, weightDecay: Double = 0
  ) -> ReferenceRule {
    byCoordinate { start, gradients, sums in
      var walk = ReferenceWalk(from: start, rate: rate, weightDecay: weightDecay)
      var (m, v) = (sums(c.beta1), sums(c.beta2))
      var s = DoubleDouble(0)
      return gradients.map { g in
        m.add(g)
        v.add(g * g)
        let step = walk.step + 1
        let decay = slow.decay(at: step, from: c.beta1)
        s = decay * s + (DoubleDouble(1) - decay) * g
        return walk.move(
          (m.mean + slow.share(at: step) * s).over(
            v.mean.squareRoot + DoubleDouble(c.epsilon)))
      }
    }
  }

  /// y_{T+1} = (1 − β₁) z_{T+1} + β₁ x_{T+1}, where gradients are taken, with
  /// z_{t+1} = z_t − γ_t (g_t/(√v̂_t + ε) + λy_t), x_{t+1} = (1 − c_t) x_t + c_t z_{t+1},
  /// γ_t = η_t min(1, t/T₀), c_t = max_{k ≤ t} γ_k²/Σ_{i ≤ t} max_{k ≤ i} γ_k², v̂ as in `adam`
  /// (Defazio et al. 2024, algorithm 1).
  ///
  /// The paper has η_t√(1 − β₂ᵗ) in γ_t where v has no correction, and so in ε's, λ's and c's place
  /// too; the correction of v and the maximum in c are schedulefree 1.4.1's (`AdamWScheduleFree`).
  public static func scheduleFreeAdamW(
    rate: @escaping RateOfStep, _ c: AdamConstants, weightDecay: Double = 0, warmUp: Int = 0
  ) -> ReferenceRule {
    byCoordinate(footing: .unknown) { places, gradients, sums in
      let start = DoubleDouble(places.first)
      var (x, y, z) = (start, start, start)
      var v = sums(c.beta2)
      var (largest, sum) = (DoubleDouble(0), DoubleDouble(0))
      let one = DoubleDouble(1)
      return gradients.enumerated().map { k, g in
        v.add(g * g)
        var γ = DoubleDouble(rate(k + 1))
        if k < warmUp { γ = γ * DoubleDouble(Double(k + 1)) / DoubleDouble(Double(warmUp)) }
        largest = max(largest, γ)
        sum = sum + largest * largest
        let share = largest * largest / sum
        let move = g.over(v.mean.squareRoot + DoubleDouble(c.epsilon))
        z = z - γ * (move + DoubleDouble(weightDecay) * y)
        x = (one - share) * x + share * z
        y = (one - DoubleDouble(c.beta1)) * z + DoubleDouble(c.beta1) * x
        return Double(y)
      }
    }
  }
}
