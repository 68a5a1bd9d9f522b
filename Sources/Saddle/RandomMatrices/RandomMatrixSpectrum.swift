/// Spectra of random matrices, drawn without the matrices: Householder's reduction of a Gaussian
/// matrix leaves independent entries, so the tridiagonal form can be drawn at once and a spectrum
/// costs O(n²) (Dumitriu, Edelman 2002).
public enum RandomMatrixSpectrum {
  /// The eigenvalues, ascending, of a GOE matrix: off-diagonal variance 1, diagonal variance 2.
  ///
  /// The tridiagonal has N(0, 2) on the diagonal and χ_{n−1}, …, χ₁ beside it.
  public static func goe(
    order n: Int, using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) -> [Double] {
    precondition(n >= 0, "a matrix of order \(n)")
    let diagonal = (0..<n).map { _ in 2.0.squareRoot() * generator.normal() }
    let offDiagonal = (0..<max(n - 1, 0)).map { generator.chi(degrees: Double(n - 1 - $0)) }
    return try tridiagonalEigenvalues(diagonal: diagonal, offDiagonal: offDiagonal)
  }

  /// The eigenvalues, ascending, of a real Wishart matrix XXᵀ, X n × `degrees` of standard normal
  /// entries.
  ///
  /// XXᵀ has the spectrum of BBᵀ, B lower bidiagonal with χ_m, χ_{m−1}, …, χ_{m−n+1} on the
  /// diagonal and χ_{n−1}, …, χ₁ below it, which is defined for any real m ≥ n.
  public static func wishart(
    order n: Int, degrees m: Double, using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) -> [Double] {
    precondition(n >= 0 && m >= Double(n) && m.isFinite, "a Wishart matrix \(n) × \(m)")
    let main = (0..<n).map { generator.chi(degrees: m - Double($0)) }
    let lower = (0..<max(n - 1, 0)).map { generator.chi(degrees: Double(n - 1 - $0)) }
    let diagonal = main.indices.map { i in
      main[i] * main[i] + (i > 0 ? lower[i - 1] * lower[i - 1] : 0)
    }
    let offDiagonal = lower.indices.map { main[$0] * lower[$0] }
    return try tridiagonalEigenvalues(diagonal: diagonal, offDiagonal: offDiagonal)
  }

  /// The eigenvalues, ascending, of diag(`eigenvalues`) + √variance·G, G a GOE matrix with
  /// off-diagonal variance 1, in O(n³).
  ///
  /// G's law does not change under rotation, so the first matrix may as well be diagonal. The sum
  /// has no tridiagonal form with independent entries.
  public static func deformedGOE(
    eigenvalues: [Double], variance: Double, using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) -> [Double] {
    let n = eigenvalues.count
    let deviation = variance.squareRoot()
    var sum = Matrix<Double>(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<i {
        let entry = deviation * generator.normal()
        sum.elements[i * n + j] = entry
        sum.elements[j * n + i] = entry
      }
      sum.elements[i * n + i] =
        eigenvalues[i] + deviation * 2.0.squareRoot() * generator.normal()
    }
    return try sum.eigenvalues()
  }
}
