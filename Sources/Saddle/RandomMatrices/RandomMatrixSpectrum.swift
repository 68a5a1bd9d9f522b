import RealModule

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
    try hermiteTridiagonal(order: n, beta: 1, using: &generator).eigenvalues()
  }

  /// N(0, 2) on the diagonal, χ_{β(n−1)}, …, χ_β beside it: eigenvalues fill [−2√(βn), 2√(βn)].
  ///
  /// - Parameter rows: how many of the first rows and columns to draw; all of them by default.
  package static func hermiteTridiagonal(
    order n: Int, beta: Double, rows: Int? = nil, using generator: inout some RandomNumberGenerator
  ) -> TridiagonalMatrix {
    precondition(n >= 0, "a matrix of order \(n)")
    let rows = min(rows ?? n, n)
    let diagonal = (0..<rows).map { _ in 2.0.squareRoot() * generator.normal() }
    let offDiagonal = (0..<max(rows - 1, 0)).map {
      generator.chi(degrees: beta * Double(n - 1 - $0))
    }
    return TridiagonalMatrix(diagonal: diagonal, offDiagonal: offDiagonal)
  }

  /// The largest eigenvalue of a β-Hermite matrix on the scale of the edge,
  /// n^⅔(λ₁ − 2) + (1/β − ½)n^(−⅓) for the semicircle on [−2, 2]: Tracy and Widom's law of index β
  /// in the limit.
  ///
  /// The second term makes the limit be approached like n^(−⅔) for β = 1 and 2, and not like
  /// n^(−⅓): to this order it is the centre √(4n − 2) in place of 2√n for β = 1, and nothing for
  /// β = 2 (Johnstone, Ma 2012, Ann. Appl. Probab. 22).
  ///
  /// It takes the first 15·n^⅓ rows alone: the eigenvector decays faster than exponentially over
  /// n^⅓ rows, so that the rest does not change the value beyond rounding. Edelman and Persson's
  /// 10·n^⅓ (2005, §2.2) lose up to 1e-9 of λ₁ where it is small, near s = −4 for β = 1. Time and
  /// memory O(n^⅓).
  ///
  /// - Throws: `.invalidOrder` for n < 1, `.invalidParameter` for a β that `betaHermite` refuses.
  public static func edge(
    order n: Int, beta: Double, using generator: inout some RandomNumberGenerator
  ) throws(RandomMatrixError) -> Double {
    try RandomMatrixEnsemble.betaHermite(beta: beta).validate(order: n, limit: .max)
    let root = Double.root(Double(n), 3)
    let tridiagonal = hermiteTridiagonal(
      order: n, beta: beta, rows: Int((15 * root).rounded(.up)), using: &generator)
    return edgePosition(
      tridiagonal.greatestEigenvalue() / (beta * Double(n)).squareRoot(), order: n, beta: beta)
  }

  /// n^⅔(λ − 2) + (1/β − ½)n^(−⅓): an eigenvalue of a spectrum on [−2, 2] on the scale of the edge.
  static func edgePosition(_ eigenvalue: Double, order n: Int, beta: Double) -> Double {
    let root = Double.root(Double(n), 3)
    return root * root * (eigenvalue - 2) + (1 / beta - 0.5) / root
  }

  /// The eigenvalues, ascending, of a real Wishart matrix XXᵀ, X n × `degrees` of standard normal
  /// entries.
  ///
  /// XXᵀ has the spectrum of BBᵀ, B lower bidiagonal with χ_m, χ_{m−1}, …, χ_{m−n+1} on the
  /// diagonal and χ_{n−1}, …, χ₁ below it, which is defined for any real m ≥ n.
  ///
  /// - Parameter firstVariance: the variance of X's first row, which the reduction leaves as it is.
  public static func wishart(
    order n: Int, degrees m: Double, firstVariance: Double = 1,
    using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) -> [Double] {
    precondition(n >= 0 && m >= Double(n) && m.isFinite, "a Wishart matrix \(n) × \(m)")
    precondition(firstVariance >= 0, "a row of variance \(firstVariance)")
    var main = (0..<n).map { generator.chi(degrees: m - Double($0)) }
    let lower = (0..<max(n - 1, 0)).map { generator.chi(degrees: Double(n - 1 - $0)) }
    if n > 0 { main[0] *= firstVariance.squareRoot() }
    return try squared(main: main, lower: lower)
  }

  /// The same for n > m, where n − m eigenvalues are zero: the others are those of BᵀB, B
  /// (m + 1) × m. None is negative: what rounding puts below zero is zero, and the order is kept.
  static func wideWishart(
    order n: Int, degrees m: Int, firstVariance: Double = 1,
    using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) -> [Double] {
    precondition(m >= 1 && n > m, "a Wishart matrix \(n) × \(m) with zeros")
    var main = (0..<m).map { generator.chi(degrees: Double(m - $0)) }
    let lower = (0..<m).map { generator.chi(degrees: Double(n - 1 - $0)) }
    main[0] *= firstVariance.squareRoot()
    let diagonal = main.indices.map { main[$0] * main[$0] + lower[$0] * lower[$0] }
    let offDiagonal = (0..<m - 1).map { main[$0 + 1] * lower[$0] }
    let values = try tridiagonalEigenvalues(diagonal: diagonal, offDiagonal: offDiagonal)
    return [Double](repeating: 0, count: n - m) + values.map { max($0, 0) }
  }

  /// The eigenvalues of BBᵀ for B lower bidiagonal (n × n).
  private static func squared(
    main: [Double], lower: [Double]
  ) throws(LinearAlgebraError) -> [Double] {
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
    try deformedGOEMatrix(eigenvalues: eigenvalues, variance: variance, using: &generator)
      .eigenvalues()
  }

  /// The matrix itself (n × n).
  static func deformedGOEMatrix(
    eigenvalues: [Double], variance: Double, using generator: inout some RandomNumberGenerator
  ) -> Matrix<Double> {
    let deviation = variance.squareRoot()
    return symmetricMatrix(order: eigenvalues.count) { i, j in
      i == j
        ? eigenvalues[i] + deviation * 2.0.squareRoot() * generator.normal()
        : deviation * generator.normal()
    }
  }
}
