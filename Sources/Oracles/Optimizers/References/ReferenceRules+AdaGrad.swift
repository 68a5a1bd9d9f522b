extension ReferenceRules {
  /// θ_T = θ₀ − Σ_t η_t g_t / (√(Σ_{k ≤ t} g_k²) + ε) (Duchi et al. 2011, figure 1, diagonal; ε
  /// outside of the root as in PyTorch).
  public static func adagrad(rate: @escaping RateOfStep, epsilon: Double) -> ReferenceRule {
    byCoordinate { start, gradients, _ in
      var walk = ReferenceWalk(from: start, rate: rate)
      var sum = DoubleDouble(0)
      return gradients.map { g in
        sum = sum + g * g
        return walk.move(g.over(sum.squareRoot + DoubleDouble(epsilon)))
      }
    }
  }

  /// θ_T = θ₀ − Σ_t η_t g_t / (√v_t + ε), v_t the decayed average of g² (Tieleman, Hinton 2012,
  /// lecture 6e), or, centred, of g² about the average of g (Graves 2013, equations 38 to 40; ε
  /// outside of the root as in PyTorch).
  public static func rmsprop(
    rate: @escaping RateOfStep, decay: Double, epsilon: Double, centered: Bool
  ) -> ReferenceRule {
    byCoordinate { start, gradients, sums in
      var walk = ReferenceWalk(from: start, rate: rate)
      var (first, second) = (sums(decay), sums(decay))
      return gradients.map { g in
        first.add(g)
        second.add(g * g)
        let m = centered ? first.average : DoubleDouble(0)
        // What rounding leaves below zero is no root's.
        let spread = max(second.average - m * m, DoubleDouble(0))
        return walk.move(g.over(spread.squareRoot + DoubleDouble(epsilon)))
      }
    }
  }

  /// θ_T = θ₀ − Σ_t η_t Δ_t, Δ_t = g_t √(u_{t−1} + ε)/√(v_t + ε), v_t the ρ-average of g_k², k ≤ t,
  /// u_{t−1} that of Δ_k², k < t (Zeiler 2012, algorithm 1).
  public static func adadelta(
    rate: @escaping RateOfStep, decay: Double, epsilon: Double
  ) -> ReferenceRule {
    byCoordinate { start, gradients, sums in
      var walk = ReferenceWalk(from: start, rate: rate)
      var (moved, squares) = (sums(decay), sums(decay))
      let ε = DoubleDouble(epsilon)
      return gradients.map { g in
        squares.add(g * g)
        let move =
          ((moved.average + ε).squareRoot * g).over((squares.average + ε).squareRoot)
        moved.add(move * move)
        return walk.move(move)
      }
    }
  }
}
