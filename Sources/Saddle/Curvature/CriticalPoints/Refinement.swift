/// The critical point that a run's end leads to, and what kind it is.
public struct Refinement: Sendable {
  public let point: RefinedPoint
  public let classification: CriticalPointClassification

  /// Newton–MINRES to ‖∇L‖ ≤ 1e-8 in at most 200 steps, classified at `ClaimLimits`' gradient.
  ///
  /// - Parameters:
  ///   - scale: max|λ| at the end point, for what counts as zero; nil takes the refined point's.
  ///   - structuralZeros: zeros that every θ has.
  /// - Throws: as `CriticalPointSearch` and `CriticalPointClassification`.
  public init(
    of objective: some SampledObjective<Double>, from parameters: [Double], scale: Double?,
    structuralZeros: Int, using generator: inout some RandomNumberGenerator
  ) throws {
    point = try CriticalPointSearch(gradientTolerance: 1e-8, budget: 200)
      .refine(parameters, of: objective)
    classification = try CriticalPointClassification(
      of: objective, at: point, gradientLimit: ClaimLimits.criticalGradientNorm, scale: scale,
      structuralZeros: structuralZeros, using: &generator)
  }
}
