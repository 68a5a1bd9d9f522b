/// Exact variances of randomized estimates, from the matrix or its spectrum.
public enum ProbeVariance {
  /// Var vᵀAv for independent signs v: 2·Σ_{i≠j} Aᵢⱼ² (Hutchinson 1990).
  public static func signs(_ rows: [[Double]]) -> Double {
    var sum = 0.0
    for (i, row) in rows.enumerated() {
      for (j, entry) in row.enumerated() where i != j { sum += 2 * entry * entry }
    }
    return sum
  }

  /// Var vᵢ·(Av)ᵢ for independent signs: Σ_{j≠i} Aᵢⱼ², for every i (Bekas, Kokiopoulou,
  /// Saad 2007).
  public static func diagonalBySigns(_ rows: [[Double]]) -> [Double] {
    rows.enumerated().map { i, row in
      row.enumerated().reduce(0) { $0 + ($1.offset == i ? 0 : $1.element * $1.element) }
    }
  }

  /// Var vᵀf(A)v for v uniform on the unit sphere: 2/(n + 2) times the variance of f over the
  /// spectrum. By the Dirichlet law of the squares of v's components: variance 2(n − 1)/(n²(n + 2))
  /// and covariance −2/(n²(n + 2)).
  public static func sphere(_ values: [Double]) -> Double {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    return 2 / (n + 2) * variance
  }
}
