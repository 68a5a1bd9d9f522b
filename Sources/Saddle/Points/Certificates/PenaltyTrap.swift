/// How many eigenvalues are negative, with and without the penalty's part in the Hessian, at the exact
/// critical point that a certificate proves: proofs, as intervals.
///
/// Without the penalty the Hessian is H − α·I: at a strict minimum of the whole loss it has as many
/// negative eigenvalues as H has below α. Whoever trains with the penalty and differentiates the data's
/// loss reports a saddle there that nothing walked on.
public struct PenaltyTrap: Codable, Equatable, Sendable {
  /// P.
  public let order: Int
  /// Of the whole loss's Hessian: the certificate's index.
  public let with: Int
  /// Of the data's loss alone.
  public let without: ClosedRange<Int>

  /// - Parameters:
  ///   - θ: P parameters.
  ///   - certificate: of the objective at θ.
  /// - Returns: nil where no critical point is proved near θ, or there is no penalty.
  /// - Throws: `SpectrumError.tooLarge`; `LinearAlgebraError` where LAPACK gives up.
  init?(
    of objective: NetworkObjective<Double>, at θ: [Double], _ certificate: CriticalPointCertificate
  ) throws {
    guard objective.weightDecay > 0, let index = certificate.index,
      let distance = certificate.distance,
      let lipschitz = objective.hessianLipschitz(at: θ, radius: distance)
    else { return nil }
    try PointAnalysis.requireMemory(order: θ.count, matrices: 5)
    let data = try objective.withoutPenalty()
    guard let rounding = data.hessianRounding(at: θ) else { return nil }
    let directions = data.exactNullDirections
    // Zero whatever θ is: filled, so that they are not in doubt.
    let filled = FilledHessian(data.hessian(at: θ), along: directions)
    // From θ to the critical point the Hessian changes by M times the distance at most; the penalty's
    // not at all.
    let error = (rounding + filled.error + lipschitz * distance) * Rounding.inflation
    let inertia = try VerifiedInertia(of: filled.matrix, matrixError: error, threshold: 0)
    order = θ.count
    with = index
    without = inertia.below
  }
}
