/// What kind of point θ is, with what it takes to check every part of the claim: its encoding is
/// read by `CriticalPointCheck` in `Oracles`, which trusts none of it.
///
/// - criticality: `criticality`, whose sums any eigensystem gives again;
/// - negative curvature: `curvature`, a witness that products and function values bear out;
/// - no negative curvature, the index and the nullity: `inertia`, which any eigensolver, Sturm count
///   or pair of factorizations recounts;
/// - gradient-flatness: `flatness`, the step and its residuals.
public struct CriticalPointClassification: Codable, Equatable, Sendable {
  public let kind: CriticalPointKind
  /// θ, P elements.
  public let point: [Double]
  /// L(θ).
  public let value: Double
  /// ‖∇L(θ)‖.
  public let gradientNorm: Double
  /// Newton's step and what it was held against.
  public let criticality: Criticality
  /// |λ| up to this counts as zero; absolute.
  public let zeroBound: Double
  /// Eigenvalues below −`zeroBound`, between, and above `zeroBound`.
  public let inertia: Inertia
  /// How many of the zeros every θ has.
  public let structuralZeros: Int
  /// The witness, where an eigenvalue is negative beyond its error.
  public let curvature: NegativeCurvatureCertificate?
  /// Where the point is not critical.
  public let flatness: GradientFlatness?

  /// The Morse index at `zeroBound`.
  public var index: Int { inertia.negative }
  /// Zeros that this point has beyond the structural ones.
  public var nullity: Int { inertia.zero - structuralZeros }
}

extension CriticalPointClassification {
  /// Classifies a point by `PointAnalysis`, and adds the step that makes its flatness checkable.
  ///
  /// Memory: two P × P matrices.
  /// - Parameters:
  ///   - lengthScale: what Newton's step is held against; nil for ‖θ‖.
  ///   - zeroTolerance: ε; |λ| ≤ ε·max|λ| counts as zero.
  ///   - flatness: what a search ended with (`RefinedPoint.flatness`): it knows the curvature on
  ///     the way.
  ///   - generator: draws the probes of ‖H‖_F where P is large.
  /// - Throws: `CriticalPointError.wrongDimension`, `.pointNotFinite`, `.gradientNotFinite`,
  ///   `.invalidSetting`, `.toleranceBelowRounding`, `.hessianRefused`; as `PointAnalysis`.
  public init(
    of objective: some Objective<Double>, at point: [Double], lengthScale: Double? = nil,
    zeroTolerance: Double = PointAnalysis.countTolerance, flatness: GradientFlatness? = nil,
    using generator: inout some RandomNumberGenerator
  ) throws {
    try Self.check(point, objective.dimension, zeroTolerance: zeroTolerance, lengthScale)
    let (value, gradient) = objective.gradient(at: point)
    guard value.isFinite, gradient.norm.isFinite else {
      throw CriticalPointError.gradientNotFinite(coordinate: firstNotFinite(gradient))
    }
    let hessian = objective.hessian(at: point)
    do throws(LinearAlgebraError) {
      try hessian.requireSymmetric()
    } catch {
      throw CriticalPointError.hessianRefused(error)
    }
    let analysis = try PointAnalysis(
      of: objective, at: point, hessian: consume hessian, lengthScale: lengthScale,
      curvatureScale: flatness?.curvatureScale, zeroTolerance: zeroTolerance)
    var flat = flatness
    if analysis.criticality.isCritical {
      flat = nil
    } else if flat == nil {
      flat = try GradientFlatness(
        of: objective, at: point, gradient: gradient, scale: CurvatureScale(),
        tolerance: GradientFlatness.standardTolerance, using: &generator)
    }
    self.init(
      kind: analysis.kind, point: point, value: value, gradientNorm: gradient.norm,
      criticality: analysis.criticality, zeroBound: analysis.secondCount.threshold,
      inertia: analysis.inertia, structuralZeros: analysis.spectrum.structuralZeros,
      curvature: analysis.certificate, flatness: flat)
  }

  /// Classifies the end of a search, by its `lengthScale`.
  ///
  /// - Throws: as above.
  public init(
    of objective: some Objective<Double>, at refined: RefinedPoint,
    zeroTolerance: Double = PointAnalysis.countTolerance,
    using generator: inout some RandomNumberGenerator
  ) throws {
    try self.init(
      of: objective, at: refined.point, lengthScale: refined.lengthScale,
      zeroTolerance: zeroTolerance, flatness: refined.flatness, using: &generator)
  }

  private static func check(
    _ point: [Double], _ order: Int, zeroTolerance: Double, _ lengthScale: Double?
  ) throws(CriticalPointError) {
    guard point.count == order else {
      throw .wrongDimension(point: point.count, objective: order)
    }
    if let at = firstNotFinite(point) { throw .pointNotFinite(coordinate: at) }
    try CriticalPointError.require("zeroTolerance", zeroTolerance, "in (0, 1)") {
      $0 > 0 && $0 < 1
    }
    try CriticalPointError.require("lengthScale", lengthScale ?? 0, "finite and not negative") {
      $0 >= 0 && $0.isFinite
    }
    let resolution = 60 * Double(order) * Double.ulpOfOne
    guard zeroTolerance >= resolution else {
      throw .toleranceBelowRounding(tolerance: zeroTolerance, resolution: resolution)
    }
    guard order <= LAPACKLimits.order else { throw .hessianRefused(.tooLarge(order: order)) }
  }
}
