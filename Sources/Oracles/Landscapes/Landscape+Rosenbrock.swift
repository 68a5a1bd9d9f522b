extension Landscape {
  /// Σ 100(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)² (Rosenbrock 1960, chained): a bent, narrow valley.
  ///
  /// The minimum at (1, …, 1) is the only critical point for n = 2 and 3; for n = 4 there are a
  /// second minimum and a saddle (the real roots of the eliminant; Kok and Sandrock 2009). For
  /// n ≥ 5 others exist that are not listed.
  ///
  /// - Parameter n: the number of variables, at least 2.
  public static func rosenbrock(dimension n: Int = 2) -> Landscape {
    precondition(n >= 2, "Rosenbrock's function of \(n) variables; it needs 2")
    return Landscape(
      name: "Rosenbrock, n = \(n)", dimension: n,
      value: { x in
        var sum = 0.0
        for i in 0..<(n - 1) {
          let bend = x[i + 1] - x[i] * x[i]
          sum += 100 * bend * bend + (1 - x[i]) * (1 - x[i])
        }
        return sum
      },
      gradient: { x in
        var g = [Double](repeating: 0, count: n)
        for i in 0..<(n - 1) {
          let bend = x[i + 1] - x[i] * x[i]
          g[i] += -400 * x[i] * bend - 2 * (1 - x[i])
          g[i + 1] += 200 * bend
        }
        return g
      },
      hessian: { x in
        var h = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
        for i in 0..<(n - 1) {
          h[i][i] += 1200 * x[i] * x[i] - 400 * x[i + 1] + 2
          h[i + 1][i + 1] += 200
          h[i][i + 1] = -400 * x[i]
          h[i + 1][i] = -400 * x[i]
        }
        return h
      },
      criticalPoints: [
        CriticalPoint(location: [Double](repeating: 1, count: n), index: 0, value: 0)
      ] + (n == 4 ? othersOfFour : []),
      hasAllCriticalPoints: n <= 4)
  }

  private static let othersOfFour = [
    CriticalPoint(
      location: [
        -0.77565922656535262, 0.61309336548504346, 0.38206284633839315, 0.14597201855219461,
      ], index: 0, value: 3.7014286104300173),
    CriticalPoint(
      location: [
        -0.6561246357194459, 0.44312004097157237, 0.20431224822836433, 0.041743494776128765,
      ], index: 1, value: 3.7082419966472615),
  ]
}
