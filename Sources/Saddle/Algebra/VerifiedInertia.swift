/// How many eigenvalues of a symmetric matrix lie below −t, within ±t and above t, as intervals that
/// are proofs: the matrix is known up to an error of bounded norm, and nothing is left to chance or
/// to a rounding mode.
///
/// Each end of an interval is the inertia of a factorization L·D·Lᵀ that lies beyond ±t by more than
/// its own residual and the matrix's error together (Sylvester, Weyl; `VerifiedFactorization`).
public struct VerifiedInertia: Codable, Equatable, Sendable {
  public let order: Int
  /// t.
  public let threshold: Double
  /// ‖given − true matrix‖₂ at most.
  public let matrixError: Double
  /// Eigenvalues of the true matrix below −t: at least and at most.
  public let below: ClosedRange<Int>
  /// Eigenvalues above t.
  public let above: ClosedRange<Int>

  /// Eigenvalues of magnitude t or less.
  public var within: ClosedRange<Int> {
    let most = order - below.lowerBound - above.lowerBound
    return max(0, order - below.upperBound - above.upperBound)...max(most, 0)
  }

  /// - Parameters:
  ///   - matrix: exactly symmetric and finite.
  ///   - matrixError: how far the true matrix may be from it in the spectral norm; not negative.
  ///   - threshold: t ≥ 0.
  /// - Throws: `LinearAlgebraError` where the matrix is not square, finite and exactly symmetric, or
  ///   beyond LAPACK's indices.
  public init(
    of matrix: Matrix<Double>, matrixError: Double, threshold: Double
  ) throws(LinearAlgebraError) {
    precondition(
      threshold >= 0 && matrixError >= 0, "threshold \(threshold), matrix error \(matrixError)")
    try matrix.requireSymmetric()
    guard matrix.rows <= LAPACKLimits.order else { throw .tooLarge(order: matrix.rows) }
    order = matrix.rows
    self.threshold = threshold
    self.matrixError = matrixError
    let low = try InertiaBracket(of: matrix, about: -threshold, matrixError: matrixError)
    let high =
      threshold == 0 ? low : try InertiaBracket(of: matrix, about: threshold, matrixError: matrixError)
    below = low.below
    above = high.above
  }
}

/// Counts of the true matrix's eigenvalues on either side of s, from a factorization on each side.
private struct InertiaBracket {
  /// Eigenvalues below s.
  let below: ClosedRange<Int>
  /// Eigenvalues above s.
  let above: ClosedRange<Int>

  init(
    of matrix: Matrix<Double>, about s: Double, matrixError e: Double
  ) throws(LinearAlgebraError) {
    let n = matrix.rows
    let norm = largestRowSum(matrix.elements.span, order: n) + s.magnitude
    // What a factorization without growth leaves, for a start.
    var step = e * (1 + 0x1p-10) + 8 * Rounding.gamma(n + 5) * norm
    for _ in 0..<6 {
      guard step.isFinite else { break }
      let (left, right) = ((s - step).nextDown, (s + step).nextUp)
      let under = try VerifiedFactorization(matrix, shift: left)
      let over = try VerifiedFactorization(matrix, shift: right)
      let due = (e + max(under.residual, over.residual)) * Rounding.inflation
      // Shifts are doubles: their own distances to s are what counts, not the step.
      if due <= min(s - left, right - s) * (1 - 0x1p-50) {
        below = under.negative...max(under.negative, over.negative)
        above = over.positive...max(over.positive, under.positive)
        return
      }
      guard due.isFinite else { break }
      step = due * (1 + 0x1p-10) + max(under.residual, over.residual)
    }
    (below, above) = (0...n, 0...n)
  }
}

/// An interval about zero without eigenvalues of a matrix, and how many are below it: proved.
struct VerifiedGap {
  /// σ: no eigenvalue has a magnitude below it; 0 where none was found.
  let separation: Double
  /// Eigenvalues below −σ; with σ = 0 of no meaning.
  let index: Int
  /// The least |λ|, as inverse iteration finds it: no proof.
  let estimate: Double
  /// The factorizations' residual where the last attempt was made.
  let residual: Double

  /// Tries shifts ever nearer to zero, from just below the least |λ| that inverse iteration finds.
  ///
  /// - Parameters:
  ///   - matrix: exactly symmetric and finite.
  ///   - generator: draws the start of inverse iteration.
  /// - Throws: `LinearAlgebraError` where the matrix is not symmetric or LAPACK gives up.
  init(
    about matrix: Matrix<Double>, using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) {
    let estimate = try Self.leastMagnitude(of: matrix, using: &generator)
    self.estimate = estimate
    var rest = Double.infinity
    for share in [0.9995, 0.98, 0.8, 0.5, 0.25, 0.1, 0.01] {
      let s = share * estimate
      guard s > 0, s.isFinite else { break }
      let above = try VerifiedFactorization(matrix, shift: s)
      rest = above.residual
      // Eigenvalues not among the lowest `negative` are at least s − residual; where there are none
      // so low, that is all.
      if above.residual < s {
        let below = above.negative == 0 ? above : try VerifiedFactorization(matrix, shift: -s)
        rest = max(rest, below.residual)
        if rest < s, below.negative == above.negative,
          above.negative + above.positive == matrix.rows
        {
          separation = (s - rest).nextDown
          index = above.negative
          residual = rest
          return
        }
      }
    }
    (separation, index, residual) = (0, 0, rest)
  }

  /// min|λ| from above, by inverse iteration; 0 where the matrix is exactly singular.
  private static func leastMagnitude(
    of matrix: Matrix<Double>, using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) -> Double {
    let factors = try SymmetricFactorization(matrix)
    var x = (0..<matrix.rows).map { _ in generator.normal() }
    var least = Double.infinity
    for _ in 0..<60 {
      let length = x.norm
      guard length.isNormal else { return 0 }
      x = x.scaled(by: 1 / length)
      do throws(LinearAlgebraError) {
        x = try factors.solve(x)
      } catch .singular {
        return 0
      }
      let found = 1 / x.norm
      guard found.isFinite else { return 0 }
      if found > 0.9999 * least { return min(found, least) }
      least = found
    }
    return least
  }
}
