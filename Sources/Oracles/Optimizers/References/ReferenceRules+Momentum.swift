extension ReferenceRules {
  /// θ_T = θ₀ − Σ_t η_t g_t (Robbins, Monro 1951).
  public static func sgd(rate: @escaping RateOfStep) -> ReferenceRule {
    byCoordinate { walk(from: $0, rate: rate, moves: $1) }
  }

  /// θ_T = θ₀ − Σ_t η_t Σ_{k ≤ t} μᵗ⁻ᵏ g_k (Polyak 1964, η outside of the velocity).
  public static func momentum(rate: @escaping RateOfStep, momentum: Double) -> ReferenceRule {
    byCoordinate { start, g in
      walk(
        from: start, rate: rate,
        moves: (1..<g.count + 1).map { decayedSum(g, momentum, upTo: $0) })
    }
  }

  /// θ_T = θ₀ − Σ_t η_t (g_t + Σ_{k ≤ t} μᵗ⁺¹⁻ᵏ g_k), the look-ahead point's walk (Sutskever et
  /// al. 2013, equations 3 and 4, in θ + μv).
  public static func nesterov(rate: @escaping RateOfStep, momentum: Double) -> ReferenceRule {
    byCoordinate { start, g in
      walk(
        from: start, rate: rate,
        moves: (1..<g.count + 1).map { g[$0 - 1] + momentum * decayedSum(g, momentum, upTo: $0) })
    }
  }

  /// θ_T = θ₀ − Σ_t η_t sign g_t; where a coordinate's gradient is 0 it stays.
  public static func signDescent(rate: @escaping RateOfStep) -> ReferenceRule {
    byCoordinate { walk(from: $0, rate: rate, moves: $1.map(signum)) }
  }

  /// θ_T = θ₀ − Σ_t η_t g_t/‖g_t‖ (Levy 2016, algorithm 1); where the gradient is 0 it stays.
  public static func normalizedGD(rate: @escaping RateOfStep) -> ReferenceRule {
    let sgd = sgd(rate: rate)
    return { history in
      let directions = history.gradients.map { g in
        let length = norm(g)
        return g.map { length > 0 ? $0 / length : 0 }
      }
      return sgd(OptimizerHistory(start: history.start, gradients: directions))
    }
  }

  /// θ_t = (1 − η_tλ) θ_{t−1} − η_t sign(β₁ m_{t−1} + (1 − β₁) g_t), m_{t−1} the β₂-average of
  /// the gradients before (Chen et al. 2023, algorithm 2), unrolled.
  public static func lion(
    rate: @escaping RateOfStep, beta1: Double, beta2: Double, weightDecay: Double
  ) -> ReferenceRule {
    byCoordinate { start, g in
      let moves = (1..<g.count + 1).map { t in
        signum(beta1 * average(g, beta2, upTo: t - 1) + (1 - beta1) * g[t - 1])
      }
      return walk(from: start, rate: rate, weightDecay: weightDecay, moves: moves)
    }
  }
}
