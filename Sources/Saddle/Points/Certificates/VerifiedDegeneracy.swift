/// How degenerate the exact Hessian at θ is, as intervals that are proofs: from below by theorem, from
/// above by verified factorizations. Where both meet, the degeneracy is exact, without any ε.
///
/// Theorems: directions along which the objective is constant (`exactNullDirections`); and
/// H = JᵀBJ/N + R, whose first term has a rank of at most N·K for squared error and N·(K − 1) for
/// softmax cross-entropy, while ‖R‖ is at most the mean of ‖∂ℓ/∂z‖·‖∂²z‖: so many eigenvalues besides
/// lie within ±‖R‖ (Weyl), all of them zeros where the residuals vanish (Cooper 2018).
public struct VerifiedDegeneracy: Codable, Equatable, Sendable {
  /// P.
  public let order: Int
  /// Eigenvalues that are zero, exactly: at least and at most.
  public let zeros: ClosedRange<Int>
  /// A bound of ‖R‖₂.
  public let residualCurvature: Double
  /// Eigenvalues that lie within ±`residualCurvature` by theorem, at least.
  public let smallByTheorem: Int
  /// Eigenvalues within ±`residualCurvature`, by the theorem and by factorizations.
  public let small: ClosedRange<Int>

  /// Whether the nullity is known exactly.
  public var isExact: Bool { zeros.count == 1 }

  /// Memory: five P × P matrices.
  /// - Parameter θ: P parameters.
  /// - Returns: nil with a penalty, for an activation that is not smooth, and where the Hessian's
  ///   rounding is not bounded.
  /// - Throws: `CriticalPointError.wrongDimension`, `.pointNotFinite`; `SpectrumError.tooLarge`;
  ///   `LinearAlgebraError` where the Hessian is not finite or LAPACK gives up.
  public init?(of objective: NetworkObjective<Double>, at θ: [Double]) throws {
    guard θ.count == objective.dimension else {
      throw CriticalPointError.wrongDimension(point: θ.count, objective: objective.dimension)
    }
    if let at = firstNotFinite(θ) { throw CriticalPointError.pointNotFinite(coordinate: at) }
    try PointAnalysis.requireMemory(order: θ.count, matrices: 5)
    guard objective.weightDecay == 0,
      let outputs = OutputDerivativeBounds(objective, at: θ, radius: 0),
      let error = objective.hessianRounding(at: θ)
    else { return nil }
    order = θ.count
    residualCurvature =
      outputs.samples.reduce(0) { $0 + $1.residual * $1.second } / Double(objective.samples)
      * Rounding.inflation
    guard residualCurvature.isFinite else { return nil }
    let outer = objective.network.outputs - (objective.loss == .softmaxCrossEntropy ? 1 : 0)
    let (rank, overflows) = objective.samples.multipliedReportingOverflow(by: outer)
    let directions = objective.exactNullDirections
    smallByTheorem = max(directions.count, overflows ? 0 : θ.count - rank)

    // Directions of constant loss are filled, so that their zeros are not in doubt.
    let filled = FilledHessian(objective.hessian(at: θ), along: directions)
    let e = (error + filled.error) * Rounding.inflation
    let atZero = try VerifiedInertia(of: filled.matrix, matrixError: e, threshold: 0)
    let known = residualCurvature == 0 ? smallByTheorem : directions.count
    zeros = known...max(known, directions.count + atZero.within.upperBound)
    let near = try VerifiedInertia(of: filled.matrix, matrixError: e, threshold: residualCurvature)
    // What was filled may be small too: then it is counted already.
    let least = max(smallByTheorem, near.within.lowerBound)
    small = least...max(least, directions.count + near.within.upperBound)
  }
}
