/// Eigenpairs taken out of an operator A, and what is known of A from the two parts that are left:
/// V, their vectors, and B = ZᵀAZ on the complement (`ComplementOperator`).
///
/// tr A = Σθ + tr B exactly, whether or not the pairs have converged. Counts add up but for the
/// coupling of both parts, which the residuals bound.
public struct DeflatedPairs: Codable, Equatable, Sendable {
  /// θ, ascending: Rayleigh quotients.
  public let values: [Double]
  /// Residual norms with their rounding.
  public let errorBounds: [Double]
  /// √2·‖R‖_F, R all residuals: with it every eigenvalue of A is paired off with one of V's or B's
  /// (Weyl; Parlett 1998, §11.5).
  public let jointBound: Double

  /// Those of a result that meet its threshold; their vectors are `deflatedVectors`.
  init(_ pairs: EigenpairResult<Double>) {
    let kept = pairs.values.indices.filter { pairs.residuals[$0] <= pairs.threshold }
    values = kept.map { pairs.values[$0] }
    errorBounds = kept.map { pairs.errorBounds[$0] }
    let independence = 1 - Double(max(kept.count, 1)) * pairs.orthogonalityDefect
    jointBound = independence > 0 ? 2.0.squareRoot() * errorBounds.norm / independence : .infinity
  }

  public var count: Int { values.count }
  /// max|θ|; 0 of none.
  var radius: Double { values.reduce(0) { max($0, $1.magnitude) } }
  /// What rounding leaves unknown of Σθ: of each product, as in `EigenpairCheck`.
  func rounding(order: Int) -> Double {
    8 * Double(order).squareRoot() * Double.ulpOfOne * radius * Double(count)
  }
  /// ‖R‖_F.
  private var residualNorm: Double { jointBound / 2.0.squareRoot() }

  /// How far θ and B's eigenvalues may be off where those of A are counted beside a point: that
  /// many of A lie below t in all as of θ below t ± `known` and of B below t ± `rest`.
  ///
  /// With no θ within 2·‖R‖ of t, the count of A is that of VᵀAV and that of
  /// B − S(VᵀAV − t)⁻¹Sᵀ, where ‖S‖ ≤ ‖R‖ (Haynsworth 1968): off by ‖R‖²/(gap − ‖R‖) only.
  func blur(about points: ClosedRange<Double>) -> (known: Double, rest: Double) {
    let gap = values.reduce(Double.infinity) {
      min($0, max(points.lowerBound - $1, $1 - points.upperBound))
    }
    guard gap > 2 * residualNorm else { return (jointBound, jointBound) }
    return (0, gap.isFinite ? residualNorm / (gap - residualNorm) * residualNorm : 0)
  }
}

extension EigenpairResult<Double> {
  /// The vectors of `DeflatedPairs`, one a row.
  var deflatedVectors: Matrix<Double> {
    let kept = values.indices.filter { residuals[$0] <= threshold }
    return Matrix(
      rows: kept.count, columns: vectors.columns, elements: kept.flatMap { vectors.row($0) })
  }
}
