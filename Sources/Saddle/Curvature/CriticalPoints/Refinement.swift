/// The critical point that a run's end leads to, and what kind it is.
public struct Refinement: Sendable {
  public let point: RefinedPoint
  public let classification: CriticalPointClassification

  /// The largest P whose Hessian is assembled for the search: a step at a degenerate point takes P
  /// products and more.
  public static let assembledLimit = 2000

  /// Newton–MINRES to ‖∇L‖ ≤ 1e-8, classified at `ClaimLimits`' gradient.
  ///
  /// - Parameters:
  ///   - budget: the most Newton steps.
  ///   - scale: max|λ| at the end point, for what counts as zero; nil takes the refined point's.
  ///   - structuralZeros: zeros that every θ has.
  /// - Throws: as `CriticalPointSearch` and `CriticalPointClassification`.
  public init(
    of objective: some SampledObjective<Double>, from parameters: [Double], scale: Double?,
    structuralZeros: Int, budget: Int = 200, using generator: inout some RandomNumberGenerator
  ) throws {
    let search = try CriticalPointSearch(gradientTolerance: 1e-8, budget: budget)
    point =
      objective.dimension <= Self.assembledLimit
      ? try search.refine(parameters, of: AssembledObjective(objective))
      : try search.refine(parameters, of: objective)
    classification = try CriticalPointClassification(
      of: objective, at: point, gradientLimit: ClaimLimits.criticalGradientNorm, scale: scale,
      structuralZeros: structuralZeros, using: &generator)
  }
}
