/// What kind of point θ is, with what it takes to check every part of the claim: its encoding is
/// read by `CriticalPointCheck` in `Oracles`, which trusts none of it.
///
/// - criticality: `gradientNorm` ≤ `gradientLimit`;
/// - negative curvature: `curvature`, a witness that products and function values bear out;
/// - no negative curvature, the index and the nullity: `inertia`, from two LDLᵀ factorizations of
///   H ± `zeroBound`·I, which any eigensolver or Sturm count recounts;
/// - gradient-flatness: `flatness`, the step and its residuals.
public struct CriticalPointClassification: Codable, Equatable, Sendable {
  public let kind: CriticalPointKind
  /// θ, P elements.
  public let point: [Double]
  /// L(θ).
  public let value: Double
  /// ‖∇L(θ)‖.
  public let gradientNorm: Double
  /// The norm up to which the point counts as critical.
  public let gradientLimit: Double
  /// |λ| up to this counts as zero; absolute.
  public let zeroBound: Double
  /// Eigenvalues below −`zeroBound`, between, and above `zeroBound`.
  public let inertia: Inertia
  /// How many of the zeros every θ has.
  public let structuralZeros: Int
  /// The witness, where an eigenvalue lies below −`zeroBound`.
  public let curvature: NegativeCurvatureCertificate?
  /// Where the point is not critical.
  public let flatness: GradientFlatness?

  /// The Morse index at `zeroBound`.
  public var index: Int { inertia.negative }
  /// Zeros that this point has beyond the structural ones.
  public var nullity: Int { inertia.zero - structuralZeros }
}

extension CriticalPointClassification {
  /// Classifies a point by its dense Hessian.
  ///
  /// Memory: two P × P matrices, three where there is negative curvature and no certificate yet.
  /// - Parameters:
  ///   - gradientLimit: ‖∇L‖ up to which the point counts as critical.
  ///   - zeroTolerance: ε; |λ| ≤ ε·scale counts as zero.
  ///   - scale: max|λ| where it is known; else ‖H‖_∞, the largest sum of a row's magnitudes, which
  ///     lies between max|λ| and √P·max|λ|.
  ///   - structuralZeros: how many zeros are known to hold at every θ
  ///     (`StructuralNullSpace.dimension`; 0 under weight decay).
  ///   - certificate: a witness of negative curvature, where there is one already.
  ///   - flatness: what a search ended with (`RefinedPoint.flatness`): it knows the curvature on
  ///     the way.
  ///   - generator: starts the search for a witness.
  /// - Throws: `CriticalPointError.wrongDimension`, `.pointNotFinite`, `.gradientNotFinite`,
  ///   `.invalidSetting`, `.toleranceBelowRounding`, `.structuralZeros`, `.hessianRefused`.
  public init(
    of objective: some Objective<Double>, at point: [Double], gradientLimit: Double,
    zeroTolerance: Double = 1e-6, scale: Double? = nil, structuralZeros: Int = 0,
    certificate: NegativeCurvatureCertificate? = nil, flatness: GradientFlatness? = nil,
    using generator: inout some RandomNumberGenerator
  ) throws(CriticalPointError) {
    let order = objective.dimension
    try Self.check(
      point, order, gradientLimit: gradientLimit, zeroTolerance: zeroTolerance, scale: scale,
      structuralZeros: structuralZeros)
    let (value, gradient) = objective.gradient(at: point)
    guard value.isFinite, gradient.norm.isFinite else {
      throw .gradientNotFinite(coordinate: firstNotFinite(gradient))
    }
    let isCritical = gradient.norm <= gradientLimit
    let hessian = objective.hessian(at: point)
    let bound = zeroTolerance * (scale ?? largestRowSum(hessian))
    var certificate = certificate
    let inertia: Inertia
    do throws(LinearAlgebraError) {
      let below = try SymmetricFactorization(hessian, shift: -bound).inertia.negative
      let above = try SymmetricFactorization(hessian, shift: bound).inertia.positive
      inertia = Inertia(negative: below, zero: order - below - above, positive: above)
      if below > 0, certificate == nil {
        let least = try hessian.eigenvalues().first ?? 0
        certificate = try .search(
          hessian: hessian, leastEigenvalue: least, of: objective, at: point, using: &generator)
      }
    } catch {
      throw .hessianRefused(error)
    }
    if inertia.negative == 0 { certificate = nil }

    var flat: GradientFlatness?
    if !isCritical {
      flat = flatness
      if flat == nil {
        flat = try GradientFlatness(
          of: objective, at: point, gradient: gradient, scale: CurvatureScale(),
          tolerance: GradientFlatness.standardTolerance, using: &generator)
      }
    }
    let kind: CriticalPointKind
    if let flat {
      kind = flat.isFlat ? .gradientFlat : .notCritical
    } else if inertia.zero < structuralZeros
      || (inertia.negative > 0 && !(certificate?.isValid ?? false))
    {
      kind = .undecided
    } else {
      kind = CriticalPointKind(
        negative: inertia.negative, zeros: inertia.zero - structuralZeros,
        positive: inertia.positive)
    }
    self.init(
      kind: kind, point: point, value: value, gradientNorm: gradient.norm,
      gradientLimit: gradientLimit, zeroBound: bound, inertia: inertia,
      structuralZeros: structuralZeros, curvature: certificate, flatness: flat)
  }

  /// Classifies the end of a search.
  ///
  /// - Throws: as above.
  public init(
    of objective: some Objective<Double>, at refined: RefinedPoint, gradientLimit: Double,
    zeroTolerance: Double = 1e-6, scale: Double? = nil, structuralZeros: Int = 0,
    using generator: inout some RandomNumberGenerator
  ) throws(CriticalPointError) {
    try self.init(
      of: objective, at: refined.point, gradientLimit: gradientLimit,
      zeroTolerance: zeroTolerance, scale: scale, structuralZeros: structuralZeros,
      flatness: refined.flatness, using: &generator)
  }

  private static func check(
    _ point: [Double], _ order: Int, gradientLimit: Double, zeroTolerance: Double, scale: Double?,
    structuralZeros: Int
  ) throws(CriticalPointError) {
    guard point.count == order else {
      throw .wrongDimension(point: point.count, objective: order)
    }
    if let at = firstNotFinite(point) { throw .pointNotFinite(coordinate: at) }
    try CriticalPointError.require("gradientLimit", gradientLimit, "finite and not negative") {
      $0 >= 0 && $0.isFinite
    }
    try CriticalPointError.require("zeroTolerance", zeroTolerance, "in (0, 1)") {
      $0 > 0 && $0 < 1
    }
    try CriticalPointError.require("scale", scale ?? 0, "finite and not negative") {
      $0 >= 0 && $0.isFinite
    }
    let resolution = 60 * Double(order) * Double.ulpOfOne
    guard zeroTolerance >= resolution else {
      throw .toleranceBelowRounding(tolerance: zeroTolerance, resolution: resolution)
    }
    guard (0...order).contains(structuralZeros) else {
      throw .structuralZeros(structuralZeros, order: order)
    }
    guard order <= LAPACKLimits.order else { throw .hessianRefused(.tooLarge(order: order)) }
  }
}

/// ‖A‖_∞.
private func largestRowSum(_ a: Matrix<Double>) -> Double {
  let elements = a.elements.span
  var largest = 0.0
  for i in 0..<a.rows {
    var sum = 0.0
    for j in i * a.columns..<(i + 1) * a.columns { sum += elements[j].magnitude }
    largest = max(largest, sum)
  }
  return largest
}
