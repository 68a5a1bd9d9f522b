import CGSL

/// Random tridiagonal matrices with the spectra of full ones (Dumitriu, Edelman 2002), drawn with
/// GSL's generators.
struct DrawnTridiagonal: Sendable {
  let diagonal: [Double]
  let offDiagonal: [Double]

  /// N(0, 2) on the diagonal, χ_{β(n−1)}, …, χ_β beside it: GOE's spectrum for β = 1.
  ///
  /// - Parameter rows: how many of the first to draw.
  static func hermite(
    order n: Int, beta: Int, rows: Int? = nil, seed: UInt64
  ) throws(OracleError) -> DrawnTridiagonal {
    let source = try GSLRandom(seed: seed)
    let rows = min(rows ?? n, n)
    return DrawnTridiagonal(
      diagonal: (0..<rows).map { _ in source.normal(variance: 2) },
      offDiagonal: (1..<rows).map { source.chi(freedom: beta * (n - $0)) })
  }

  /// BBᵀ with χ_m, χ_{m−1}, … on B's diagonal and χ_{n−1}, …, χ₁ below it: the spectrum of XXᵀ, X
  /// n × m, n ≤ m.
  static func wishart(
    order n: Int, degrees m: Int, seed: UInt64
  ) throws(OracleError) -> DrawnTridiagonal {
    let source = try GSLRandom(seed: seed)
    let main = (0..<n).map { source.chi(freedom: m - $0) }
    let lower = (1..<n).map { source.chi(freedom: n - $0) }
    var diagonal = main.map { $0 * $0 }
    for i in 1..<n { diagonal[i] += lower[i - 1] * lower[i - 1] }
    return DrawnTridiagonal(
      diagonal: diagonal, offDiagonal: (0..<n - 1).map { main[$0] * lower[$0] })
  }

  var counts: SturmCount {
    get throws(OracleError) { try SturmCount(diagonal: diagonal, offDiagonal: offDiagonal) }
  }

  /// The whole matrix.
  var rows: [[Double]] {
    RandomMatrix.symmetric(order: diagonal.count) { i, j in
      i == j ? diagonal[i] : i == j + 1 ? offDiagonal[j] : 0
    }
  }
}

/// GSL's Mersenne twister and its distributions.
struct GSLRandom: ~Copyable {
  private let state: UnsafeMutablePointer<gsl_rng>

  init(seed: UInt64) throws(OracleError) {
    state = try GSL.allocated(saddle_twister(), "gsl_rng_alloc")
    gsl_rng_set(state, UInt(truncatingIfNeeded: seed))
  }

  deinit { gsl_rng_free(state) }

  /// Uniform on (0, 1).
  func unit() -> Double { gsl_rng_uniform_pos(state) }
  func normal(variance: Double = 1) -> Double { gsl_ran_gaussian(state, variance.squareRoot()) }
  func chi(freedom: Int) -> Double { gsl_ran_chisq(state, Double(freedom)).squareRoot() }
}
