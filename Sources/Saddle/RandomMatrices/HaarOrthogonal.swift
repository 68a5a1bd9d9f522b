extension Matrix where T == Double {
  /// An orthogonal matrix from Haar measure (n × n): Q of the QR factorization of a Gaussian
  /// matrix, each column with the sign that makes R's diagonal positive (Mezzadri 2007, Notices of
  /// the AMS 54).
  ///
  /// Without the signs Q would depend on Householder's choice of them, and not be uniform.
  ///
  /// - Accuracy: |QᵀQ − I| ≤ c·n·ulp.
  /// - Throws: `.invalidOrder` for n < 1 and for n² beyond LAPACK's 32-bit indices.
  public static func haarOrthogonal(
    order n: Int, using generator: inout some RandomNumberGenerator
  ) throws(RandomMatrixError) -> Matrix {
    guard n >= 1, n <= LAPACKLimits.order else {
      throw .invalidOrder(n, domain: "1 ≤ n ≤ \(LAPACKLimits.order)")
    }
    let gaussian = Matrix(
      rows: n, columns: n, elements: (0..<n * n).map { _ in generator.normal() })
    let factors = HouseholderFactors(of: gaussian)
    let triangle = factors.triangle
    var basis = factors.basis(n)
    for i in 0..<n where triangle[i, i] < 0 {
      for j in 0..<n { basis[i, j] = -basis[i, j] }
    }
    return basis
  }
}
