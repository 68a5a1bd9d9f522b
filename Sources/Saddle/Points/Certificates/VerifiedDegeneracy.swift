/// How degenerate the exact Hessian at θ is, as intervals that are proofs: from below by theorem, from
/// above by verified factorizations. Where both meet, the degeneracy is exact, without any ε.
///
/// Theorems: what inputs, softmax and duplicated units leave (`StructuralNullity`); and
/// H = JᵀBJ/N + R, whose first term has a rank of at most N·K for squared error and N·(K − 1) for
/// softmax cross-entropy, while ‖R‖ is at most the mean of ‖∂ℓ/∂z‖·‖∂²z‖: so many eigenvalues besides
/// lie within ±‖R‖ (Weyl), all of them zeros where the residuals vanish (Cooper 2018).
public struct VerifiedDegeneracy: Codable, Equatable, Sendable {
  /// P.
  public let order: Int
  /// Eigenvalues that are zero, exactly: at least and at most.
  public let zeros: ClosedRange<Int>
  /// What theorems about the network's structure say; nil in records made before they were asked.
  public let structure: StructuralNullity?
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
    guard objective.weightDecay == 0, let chain = objective.chain,
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
    let inputs = InputDependences(of: objective, chain.layers[0])
    var structure = StructuralNullity(of: objective, chain, at: θ, outputs, inputs)
    let structural = structure.all
    smallByTheorem = max(
      structural.within <= residualCurvature ? structural.count : structure.exact,
      overflows ? 0 : θ.count - rank)
    let known = residualCurvature == 0 ? smallByTheorem : structure.exact

    let hessian = objective.hessian(at: θ)
    // Structural directions are filled, so that their zeros are not in doubt. A matrix of rank k that is
    // added moves k eigenvalues across a threshold at most (Weyl).
    let shifts = chain.softmaxShifts(objective.loss)
    let first = chain.layers[0]
    var filled = FilledHessian(hessian, along: shifts)
    for (columns, null) in inputs.groups {
      filled.fill(
        along: null,
        at: (0..<first.outputs).map { unit in columns.map { first.parameter(unit, $0) } })
    }
    // A dependence at all units of a single layer is a shift, counted once.
    let counted = chain.layers.count == 1 && !shifts.isEmpty ? inputs.count : 0
    let k = shifts.count - counted + first.outputs * inputs.count
    let e = (error + filled.error) * Rounding.inflation
    func most(within t: Double) throws -> Int {
      let others = try VerifiedInertia(of: filled.matrix, matrixError: e, threshold: t)
      return min(θ.count, k + others.within.upperBound)
    }
    zeros = known...max(known, try most(within: 0))
    let near = try VerifiedInertia(
      of: hessian, matrixError: error, threshold: residualCurvature
    ).within
    let least = max(smallByTheorem, near.lowerBound)
    small =
      least...max(
        least, near.count == 1 ? least : min(near.upperBound, try most(within: residualCurvature)))
    if structural.count > structure.exact {
      structure.nearZero =
        structural.count...max(structural.count, try most(within: structural.within))
    }
    self.structure = structure
  }
}
