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
    // LAPACK reads rows as columns: a Gaussian matrix is as Gaussian transposed.
    var factors = (0..<n * n).map { _ in generator.normal() }
    var reflections = [Double](repeating: 0, count: n)
    let size = Int32(n)
    // 64 is more than the block LAPACK takes; neither routine can fail.
    var work = [Double](repeating: 0, count: 64 * n)
    let length = Int32(work.count)
    _ = Double.geqrf(size, size, &factors, &reflections, &work, length)
    let signs = (0..<n).map { factors[$0 * n + $0] < 0 ? -1.0 : 1 }
    _ = Double.orgqr(size, size, &factors, reflections, &work, length)
    for i in 0..<n {
      for j in 0..<n { factors[i * n + j] *= signs[i] }
    }
    return Matrix(rows: n, columns: n, elements: factors)
  }
}
