import Foundation

extension ReferenceRules {
  /// θ_T = θ₀ − Σ_t η_t g_t / (√(Σ_{k ≤ t} g_k²) + ε) (Duchi et al. 2011, figure 1, diagonal; ε
  /// outside of the root as in PyTorch).
  public static func adagrad(rate: @escaping RateOfStep, epsilon: Double) -> ReferenceRule {
    byCoordinate { start, g in
      let moves = (1..<g.count + 1).map { t in
        quotient(g[t - 1], norm(Array(g.prefix(t))) + epsilon)
      }
      return walk(from: start, rate: rate, moves: moves)
    }
  }

  /// θ_T = θ₀ − Σ_t η_t g_t / (√v_t + ε), v_t the decayed average of g² (Tieleman, Hinton 2012,
  /// lecture 6e), or, centred, of g² about the average of g (Graves 2013, equations 38 to 40; ε
  /// outside of the root as in PyTorch).
  ///
  /// With w_k = (1 − α)αᵗ⁻ᵏ, which sum to 1 − αᵗ, and m = Σ w_k g_k the centred average is
  /// Σ w_k g_k² − m² = Σ w_k (g_k − m)² + αᵗ m²: no difference of large numbers.
  public static func rmsprop(
    rate: @escaping RateOfStep, decay: Double, epsilon: Double, centered: Bool
  ) -> ReferenceRule {
    byCoordinate { start, g in
      let moves = (1..<g.count + 1).map { t in
        let middle = centered ? average(g, decay, upTo: t) : 0
        let left = pow(decay, Double(t))
        let spread = average(g.map { ($0 - middle) * ($0 - middle) }, decay, upTo: t)
        return quotient(g[t - 1], (spread + left * middle * middle).squareRoot() + epsilon)
      }
      return walk(from: start, rate: rate, moves: moves)
    }
  }

  /// θ_T = θ₀ − Σ_t η_t Δ_t, Δ_t = g_t √(u_{t−1} + ε)/√(v_t + ε), v_t the ρ-average of g_k², k ≤ t,
  /// u_{t−1} that of Δ_k², k < t (Zeiler 2012, algorithm 1).
  ///
  /// A move depends on the moves before it, so they are found in turn; each from the whole sums.
  public static func adadelta(
    rate: @escaping RateOfStep, decay: Double, epsilon: Double
  ) -> ReferenceRule {
    byCoordinate { start, g in
      var moves: [Double] = []
      for t in 1..<g.count + 1 {
        let u = average(moves.map { $0 * $0 }, decay, upTo: t - 1)
        let v = average(g.map { $0 * $0 }, decay, upTo: t)
        moves.append(quotient((u + epsilon).squareRoot() * g[t - 1], (v + epsilon).squareRoot()))
      }
      return walk(from: start, rate: rate, moves: moves)
    }
  }

  /// x/y, and 0 where y is 0: where ε = 0 and no gradient has been, a coordinate stays.
  static func quotient(_ x: Double, _ y: Double) -> Double { y == 0 ? 0 : x / y }
}
