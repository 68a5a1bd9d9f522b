extension ReferenceRules {
  /// θ_T = θ₀ − Σ_t η_t g_t (Robbins, Monro 1951).
  public static func sgd(rate: @escaping RateOfStep) -> ReferenceRule {
    byCoordinate { start, gradients, _ in
      var walk = ReferenceWalk(from: start, rate: rate)
      return gradients.map { walk.move($0) }
    }
  }

  /// θ_T = θ₀ − Σ_t η_t Σ_{k ≤ t} μᵗ⁻ᵏ g_k (Polyak 1964, η outside of the velocity).
  public static func momentum(rate: @escaping RateOfStep, momentum: Double) -> ReferenceRule {
    byCoordinate(footing: .velocity) { start, gradients, sums in
      var walk = ReferenceWalk(from: start, rate: rate)
      var velocity = sums(momentum)
      return gradients.map { g in
        velocity.add(g)
        return walk.move(velocity.value)
      }
    }
  }

  /// θ_T = θ₀ − Σ_t η_t (g_t + Σ_{k ≤ t} μᵗ⁺¹⁻ᵏ g_k), the look-ahead point's walk (Sutskever et
  /// al. 2013, equations 3 and 4, in θ + μv).
  public static func nesterov(rate: @escaping RateOfStep, momentum: Double) -> ReferenceRule {
    byCoordinate(footing: .velocity) { start, gradients, sums in
      var walk = ReferenceWalk(from: start, rate: rate)
      var velocity = sums(momentum)
      return gradients.map { g in
        velocity.add(g)
        return walk.move(g + DoubleDouble(momentum) * velocity.value)
      }
    }
  }

  /// θ_T = θ₀ − Σ_t η_t sign g_t; where a coordinate's gradient is 0 it stays.
  public static func signDescent(rate: @escaping RateOfStep) -> ReferenceRule {
    byCoordinate { start, gradients, _ in
      var walk = ReferenceWalk(from: start, rate: rate)
      return gradients.map { walk.move($0.sign) }
    }
  }

  /// θ_T = θ₀ − Σ_t η_t g_t/‖g_t‖ (Levy 2016, algorithm 1); where the gradient is 0 it stays.
  public static func normalizedGD(rate: @escaping RateOfStep) -> ReferenceRule {
    var rule = ReferenceRule(path: { history in
      var walks = history.start.indices.map {
        ReferenceWalk(from: GivenPlaces(history, coordinate: $0), rate: rate)
      }
      return history.gradients.map { gradient in
        let g = gradient.map { DoubleDouble($0) }
        let length = g.norm
        return walks.indices.map { walks[$0].move(g[$0].over(length)) }
      }
    })
    rule.footing = .point
    return rule
  }

  /// θ_t = (1 − η_tλ) θ_{t−1} − η_t sign(β₁ m_{t−1} + (1 − β₁) g_t), m_{t−1} the β₂-average of
  /// the gradients before (Chen et al. 2023, algorithm 2), unrolled.
  public static func lion(
    rate: @escaping RateOfStep, beta1: Double, beta2: Double, weightDecay: Double
  ) -> ReferenceRule {
    byCoordinate { start, gradients, sums in
      var walk = ReferenceWalk(from: start, rate: rate, weightDecay: weightDecay)
      var m = sums(beta2)
      let one = DoubleDouble(1)
      return gradients.map { g in
        let mixed = DoubleDouble(beta1) * m.average + (one - DoubleDouble(beta1)) * g
        m.add(g)
        return walk.move(mixed.sign)
      }
    }
  }
}
