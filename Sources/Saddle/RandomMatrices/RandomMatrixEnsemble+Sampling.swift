extension RandomMatrixEnsemble {
  /// A matrix of the ensemble, n × n and symmetric bit for bit.
  ///
  /// GUE's H = A + iB is given as the real symmetric [[A, −B], [B, A]], 2n × 2n, which has every
  /// eigenvalue of H twice.
  ///
  /// - Throws: `.invalidOrder` for n < 1 and for more than LAPACK's 32-bit indices can address,
  ///   `.invalidParameter`; it names the degrees where X has too many elements.
  public func matrix(
    order n: Int, using generator: inout some RandomNumberGenerator
  ) throws(RandomMatrixError) -> Matrix<Double> {
    try validate(order: n, limit: self == .gue ? LAPACKLimits.order / 2 : LAPACKLimits.order)
    switch self {
    case .goe:
      return RandomMatrixSpectrum.deformedGOEMatrix(
        eigenvalues: [Double](repeating: 0, count: n), variance: 1 / Double(n), using: &generator)
    case .gue: return hermitian(order: n, using: &generator)
    case .betaHermite(let beta):
      return RandomMatrixSpectrum.hermiteTridiagonal(order: n, beta: beta, using: &generator)
        .scaled(by: 1 / (beta * Double(n)).squareRoot()).dense
    case .wigner(let entries):
      let scale = entries.scale(order: n)
      return symmetricMatrix(order: n) { _, _ in scale * entries.draw(using: &generator) }
    case .spikedWigner(let strengths):
      return RandomMatrixSpectrum.deformedGOEMatrix(
        eigenvalues: padded(strengths, to: n), variance: 1 / Double(n), using: &generator)
    case .wishart(let degrees):
      return try covariance(order: n, degrees: degrees, strengths: [], using: &generator)
    case .spikedWishart(let degrees, let strengths):
      return try covariance(order: n, degrees: degrees, strengths: strengths, using: &generator)
    }
  }

  /// The n eigenvalues, ascending, of a matrix of the ensemble.
  ///
  /// Gaussian ensembles, with one spike or none, are drawn in tridiagonal form: O(n) memory, O(n²)
  /// time. The others are drawn as matrices: O(n²) memory, O(n³) time.
  ///
  /// - Throws: what `matrix` throws; `.eigensolver`.
  public func spectrum(
    order n: Int, using generator: inout some RandomNumberGenerator
  ) throws(RandomMatrixError) -> [Double] {
    try validate(order: n, limit: Int(Int32.max))
    do throws(LinearAlgebraError) {
      if let tridiagonal = tridiagonal(order: n, using: &generator) {
        return try tridiagonal.eigenvalues()
      }
      switch self {
      case .wishart(let degrees):
        return try wishartSpectrum(order: n, degrees: degrees, strength: 0, using: &generator)
      case .spikedWishart(let degrees, let strengths) where strengths.count <= 1:
        return try wishartSpectrum(
          order: n, degrees: degrees, strength: strengths.first ?? 0, using: &generator)
      default: break
      }
    } catch {
      throw .eigensolver(error)
    }
    let matrix = try matrix(order: n, using: &generator)
    do throws(LinearAlgebraError) { return try matrix.eigenvalues() } catch {
      throw .eigensolver(error)
    }
  }

  /// The tridiagonal form, where it can be drawn without the matrix. The arguments are valid.
  ///
  /// One spike lies in the first coordinate, which Householder's reduction leaves as it is: it is
  /// added to the first element (Bloemendal, Virág 2013).
  private func tridiagonal(
    order n: Int, using generator: inout some RandomNumberGenerator
  ) -> TridiagonalMatrix? {
    let (beta, spike): (Double, Double)
    switch self {
    case .goe: (beta, spike) = (1, 0)
    case .gue: (beta, spike) = (2, 0)
    case .betaHermite(let index): (beta, spike) = (index, 0)
    case .spikedWigner(let strengths) where strengths.count <= 1:
      (beta, spike) = (1, strengths.first ?? 0)
    default: return nil
    }
    return RandomMatrixSpectrum.hermiteTridiagonal(order: n, beta: beta, using: &generator)
      .scaled(by: 1 / (beta * Double(n)).squareRoot()).addingToFirst(spike)
  }

  /// In the eigenvalues of XᵀX where n > m, with zeros for the rest.
  ///
  /// With a spike, n > m has the bidiagonal of X itself: χ's run out at row m, and what is left is
  /// (m + 1) × m.
  private func wishartSpectrum(
    order n: Int, degrees m: Int, strength: Double,
    using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) -> [Double] {
    let values: [Double]
    if n <= m {
      values = try RandomMatrixSpectrum.wishart(
        order: n, degrees: Double(m), firstVariance: 1 + strength, using: &generator)
    } else {
      values = try RandomMatrixSpectrum.wideWishart(
        order: n, degrees: m, firstVariance: 1 + strength, using: &generator)
    }
    return values.map { $0 / Double(m) }
  }

  private func padded(_ strengths: [Double], to n: Int) -> [Double] {
    strengths + [Double](repeating: 0, count: n - strengths.count)
  }

  private func hermitian(
    order n: Int, using generator: inout some RandomNumberGenerator
  ) -> Matrix<Double> {
    var result = Matrix<Double>(rows: 2 * n, columns: 2 * n)
    func set(_ i: Int, _ j: Int, _ value: Double) {
      result.elements[i * 2 * n + j] = value
      result.elements[j * 2 * n + i] = value
    }
    let scale = 1 / Double(n).squareRoot()
    for i in 0..<n {
      for j in 0..<i {
        let real = scale * 0.5.squareRoot() * generator.normal()
        let imaginary = scale * 0.5.squareRoot() * generator.normal()
        set(i, j, real)
        set(n + i, n + j, real)
        // B is antisymmetric: B[i, j] = imaginary, B[j, i] = −imaginary.
        set(n + i, j, imaginary)
        set(n + j, i, -imaginary)
      }
      let real = scale * generator.normal()
      set(i, i, real)
      set(n + i, n + i, real)
    }
    return result
  }

  /// DXXᵀD/m, D diagonal with √(1 + strength).
  private func covariance(
    order n: Int, degrees m: Int, strengths: [Double],
    using generator: inout some RandomNumberGenerator
  ) throws(RandomMatrixError) -> Matrix<Double> {
    guard m <= Int(Int32.max) / n else {
      throw .invalidParameter(
        name: "degrees", value: "\(m)", domain: "at most \(Int(Int32.max) / n) for order \(n)")
    }
    let scales = padded(strengths, to: n).map { ((1 + $0) / Double(m)).squareRoot() }
    var factor = Matrix<Double>(rows: n, columns: m)
    for i in 0..<n {
      for j in 0..<m { factor.elements[i * m + j] = scales[i] * generator.normal() }
    }
    var product = Matrix<Double>(rows: n, columns: n)
    let layout = product.layout
    var target = product.elements.mutableSpan
    multiply(
      factor.elements.span, factor.layout, factor.elements.span, factor.layout.transposed,
      into: &target, layout)
    // A product's two triangles may differ in the last bit.
    return product.symmetrized()
  }
}

/// The symmetric matrix with the given entries on and below the diagonal (j ≤ i), asked for row by
/// row.
func symmetricMatrix(order n: Int, entry: (_ i: Int, _ j: Int) -> Double) -> Matrix<Double> {
  var result = Matrix<Double>(rows: n, columns: n)
  for i in 0..<n {
    for j in 0...i {
      let value = entry(i, j)
      result.elements[i * n + j] = value
      result.elements[j * n + i] = value
    }
  }
  return result
}
