/// Exact expected traces of random matrices' powers.
public enum TraceMoments {
  /// E tr A^(2k), k = 1 … 5, of the n × n GOE with off-diagonal variance 1 and diagonal variance 2:
  /// its polynomials in n, whose leading coefficients are Catalan numbers.
  public static func goe(order n: Int, halfPower k: Int) -> Double {
    precondition((1...5).contains(k), "E tr A^\(2 * k) is not tabulated")
    let polynomials: [[Double]] = [
      [1, 1], [2, 5, 5], [5, 22, 52, 41], [14, 93, 374, 690, 509],
      [42, 386, 2290, 7150, 12143, 8229],
    ]
    // Horner: the constant term is zero and left out.
    return Double(n) * polynomials[k - 1].reduce(0) { $0 * Double(n) + $1 }
  }

  /// E tr W^k, k = 1 … 3, of W = XXᵀ with X p × m of independent standard normal entries.
  public static func wishart(order p: Int, degrees m: Double, power k: Int) -> Double {
    let p = Double(p)
    switch k {
    case 1: return p * m
    case 2: return p * m * (m + p + 1)
    case 3: return p * m * (m * m + p * p + 3 * p * m + 3 * m + 3 * p + 4)
    default: preconditionFailure("E tr W^\(k) is not tabulated")
    }
  }
}
