/// Seeded random matrices as rows of `Double`; every symmetric one is symmetric bit for bit.
public enum RandomMatrix {
  /// The Gaussian orthogonal ensemble: off-diagonal variance 1, diagonal variance 2.
  ///
  /// E tr A² = n² + n and E tr A⁴ = 2n³ + 5n² + 5n exactly; eigenvalues fill [−2√n, 2√n].
  @specialized(where Generator == SplitMix64)
  public static func goe<Generator: RandomNumberGenerator>(
    order n: Int, using generator: inout Generator
  ) -> [[Double]] {
    symmetric(order: n) { i, j in
      (i == j ? 2.0.squareRoot() : 1) * Draw.normal(using: &generator)
    }
  }

  /// Entries uniform on [−1, 1).
  public static func uniform(
    order n: Int, using generator: inout some RandomNumberGenerator
  ) -> [[Double]] {
    symmetric(order: n) { _, _ in Draw.uniform(-1, 1, using: &generator) }
  }

  /// A tridiagonal matrix with entries uniform on [−1, 1).
  public static func tridiagonal(
    order n: Int, using generator: inout some RandomNumberGenerator
  ) -> [[Double]] {
    symmetric(order: n) { i, j in i - j <= 1 ? Draw.uniform(-1, 1, using: &generator) : 0 }
  }

  /// QΛQᵀ with Q Haar-distributed: eigenvalues `spectrum` up to c·n·ulp·max|λ|.
  public static func symmetric(
    spectrum: [Double], using generator: inout some RandomNumberGenerator
  ) -> [[Double]] {
    let q = orthogonal(order: spectrum.count, using: &generator)
    return symmetric(order: spectrum.count) { i, j in
      var sum = 0.0
      for k in spectrum.indices { sum += q[i][k] * spectrum[k] * q[j][k] }
      return sum
    }
  }

  /// An orthogonal matrix from Haar measure: a product of Householder reflections of Gaussian
  /// vectors (Stewart 1980, SIAM J. Numer. Anal. 17; signs as in Mezzadri 2007).
  public static func orthogonal(
    order n: Int, using generator: inout some RandomNumberGenerator
  ) -> [[Double]] {
    var q = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for i in 0..<n { q[i][i] = 1 }
    guard n > 0 else { return q }
    q[n - 1][n - 1] = Draw.sign(using: &generator)
    for start in (0..<(n - 1)).reversed() {
      // −sign(x₁)·(I − 2uuᵀ) takes e₁ to x/‖x‖, a uniform direction; the rest is Haar by induction.
      var u = Draw.direction(n - start, using: &generator)
      let sign = u[0] < 0 ? -1.0 : 1
      u[0] += sign
      let length = norm(u)
      for i in u.indices { u[i] /= length }
      for column in start..<n {
        var sum = 0.0
        for i in u.indices { sum += u[i] * q[start + i][column] }
        for i in u.indices {
          q[start + i][column] = -sign * (q[start + i][column] - 2 * sum * u[i])
        }
      }
    }
    return q
  }

  /// The symmetric matrix with the given entries on and below the diagonal (j ≤ i).
  static func symmetric(order n: Int, entry: (_ i: Int, _ j: Int) -> Double) -> [[Double]] {
    var rows = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for i in 0..<n {
      for j in 0...i {
        let value = entry(i, j)
        rows[i][j] = value
        rows[j][i] = value
      }
    }
    return rows
  }
}
