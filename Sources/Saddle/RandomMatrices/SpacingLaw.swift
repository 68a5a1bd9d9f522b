import RealModule

/// How neighbouring levels of unfolded mean spacing 1 keep apart: independent levels, and Wigner's
/// surmise for the two classes of random matrices.
///
/// The surmise is exact for 2 × 2 matrices; large GOE and GUE matrices differ from it by some per
/// cent at most (Mehta 2004, §1.5).
public enum SpacingLaw: String, Codable, CaseIterable, Sendable {
  case poisson
  /// β = 1.
  case goe
  /// β = 2.
  case gue

  /// Beyond this the surmise's densities underflow, and s² may overflow before they do.
  private static let greatest = 1000.0

  /// exp(−s); (π/2)s·exp(−πs²/4); (32/π²)s²·exp(−4s²/π). Zero for s < 0; NaN for NaN.
  public func density(_ s: Double) -> Double {
    if s < 0 || s > Self.greatest { return 0 }
    switch self {
    case .poisson: return .exp(-s)
    case .goe: return .pi / 2 * s * .exp(-.pi * s * s / 4)
    case .gue: return 32 / (.pi * .pi) * s * s * .exp(-4 * s * s / .pi)
    }
  }

  /// P(spacing ≤ s); NaN for NaN.
  ///
  /// - Accuracy: a few ulp, for GUE absolutely.
  public func cumulative(_ s: Double) -> Double {
    if s <= 0 { return 0 }
    if s > Self.greatest { return 1 }
    switch self {
    case .poisson: return -.expMinusOne(-s)
    case .goe: return -.expMinusOne(-.pi * s * s / 4)
    case .gue:
      let t = 2 * s / Double.pi.squareRoot()
      return .erf(t) - 2 / Double.pi.squareRoot() * t * .exp(-t * t)
    }
  }

  /// P(spacing > s), by itself.
  public func survival(_ s: Double) -> Double {
    if s <= 0 { return 1 }
    if s > Self.greatest { return 0 }
    switch self {
    case .poisson: return .exp(-s)
    case .goe: return .exp(-.pi * s * s / 4)
    case .gue:
      let t = 2 * s / Double.pi.squareRoot()
      return .erfc(t) + 2 / Double.pi.squareRoot() * t * .exp(-t * t)
    }
  }

  /// The mean ratio of the smaller over the larger of two consecutive spacings, for large matrices
  /// (Atas et al. 2013, Table I: 0.5307(1), 0.5996(1)); exact for independent levels: 2 ln 2 − 1.
  public var meanRatio: Double {
    switch self {
    case .poisson: 2 * .log(2) - 1
    case .goe: 0.5307
    case .gue: 0.5996
    }
  }

  /// n·Var of the mean of n such ratios in a row: a ratio's variance and what it has in common with
  /// those beside it.
  ///
  /// - Accuracy: to all digits for independent levels, whose neighbouring ratios have the
  ///   covariance of one spacing in both; 3e-4 for the matrix classes, from 10⁶ ratios in the middle
  ///   of spectra. Of whole spectra it is up to 2 % less, their ends included.
  public var ratioVariance: Double {
    switch self {
    case .poisson: 0.10230221314939827
    case .goe: 0.0955
    case .gue: 0.0818
    }
  }

  /// The variance of the number of levels in an interval of mean count L: L itself;
  /// (2/π²)(ln 2πL + γ + 1 − π²/8); (1/π²)(ln 2πL + γ + 1) (Mehta 2004, §16.1).
  ///
  /// - Accuracy: O(1/L) for the two matrix classes, exact for independent levels.
  /// - Parameter length: L, above 0.
  public func numberVariance(_ length: Double) -> Double {
    precondition(length > 0, "the number variance of an interval of length \(length)")
    let euler = 0.5772156649015329
    let unitary = (Double.log(2 * .pi * length) + euler + 1) / (.pi * .pi)
    return switch self {
    case .poisson: length
    case .goe: 2 * unitary - 0.25
    case .gue: unitary
    }
  }
}
