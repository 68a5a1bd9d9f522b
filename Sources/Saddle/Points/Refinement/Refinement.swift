/// Where a search for a critical point led from a point, and what kind of point that is.
public struct Refinement: Sendable {
  public let search: RefinedPoint
  public let analysis: PointAnalysis

  /// The largest P whose Hessian is assembled for the search: a step at a degenerate point takes P
  /// products and more.
  public static let assembledLimit = 2000
  /// ‖∇L‖ at which the search stops. Whether the point is critical is not decided by it.
  public static let gradientTolerance = 1e-8

  /// Newton–MINRES, then the same measurement as of any point, on the point's own scale.
  ///
  /// - Parameters:
  ///   - θ: where the search begins, P elements.
  ///   - lengthScale: what Newton's step at the end is held against, where it is longer than that θ.
  /// - Throws: as `CriticalPointSearch` and `PointAnalysis`.
  public init(
    of objective: some Objective<Double>, from θ: [Double], lengthScale: Double = 0,
    seed: UInt64 = 0
  ) throws {
    let search = try CriticalPointSearch(
      gradientTolerance: Self.gradientTolerance, budget: PointSettings.refinementBudget,
      seed: seed)
    let found =
      objective.dimension <= Self.assembledLimit
      ? try search.refine(θ, of: AssembledObjective(objective))
      : try search.refine(θ, of: objective)
    self.search = found
    analysis = try PointAnalysis(
      of: objective, at: found.point, lengthScale: max(lengthScale, found.lengthScale),
      curvatureScale: found.flatness?.curvatureScale, seed: seed)
  }

  public var record: RefinedRecord {
    RefinedRecord(
      ending: search.ending, steps: search.trajectory.count, point: PointRecord(analysis))
  }
}

/// A refinement in figures.
public struct RefinedRecord: Codable, Equatable, Sendable {
  public let ending: CriticalPointSearch.Ending
  /// Newton steps.
  public let steps: Int
  public let point: PointRecord
}
