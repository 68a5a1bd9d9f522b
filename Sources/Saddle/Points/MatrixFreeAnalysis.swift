/// What a curvature matrix is known to be from its products with vectors alone: for networks whose
/// matrix would not fit in memory.
public struct MatrixFreeAnalysis: Codable, Equatable, Sendable {
  public let kind: CurvatureKind
  public let evaluation: Evaluation
  public let settings: MatrixFreeSettings
  public let spectrum: MatrixFreeSpectrum
  /// A witness of negative curvature, where the least value is surely negative and the matrix is
  /// the Hessian.
  public let certificate: NegativeCurvatureCertificate?
  /// Products with a vector in all.
  public let products: Int

  public var order: Int { spectrum.order }
  public var least: BoundedEigenvalue { spectrum.least }
  public var greatest: BoundedEigenvalue { spectrum.greatest }
  public var radius: Double { spectrum.radius }
  public var surelyNegative: Int { spectrum.surelyNegative }

  /// Index, degeneracy and the rest at a tolerance ε ≥ 0, relative to max|λ|: what is certain, and
  /// with 95 % where it is resolved. The one rule for table, JSON and records of runs.
  public func counts(at tolerance: Double) -> EstimatedCounts { spectrum.counts(at: tolerance) }
}

extension MatrixFreeAnalysis {
  /// Takes the extreme eigenpairs, the density of the rest, and a certificate of negative
  /// curvature.
  ///
  /// Memory: that of the operator, and some tens of vectors of P elements.
  /// - Throws: `SpectrumError.pointNotFinite`; `KrylovError` or `SpectralEstimateError` for settings
  ///   out of range and products that are not finite.
  public init(
    of objective: some SampledObjective<Double>, at parameters: [Double],
    _ kind: CurvatureKind = .hessian, includingPenalty: Bool = true,
    settings: MatrixFreeSettings = MatrixFreeSettings()
  ) throws {
    guard allFinite(parameters.span) else { throw SpectrumError.pointNotFinite("a parameter") }
    let evaluation = objective.evaluate(at: parameters)
    guard evaluation.isFinite else {
      throw SpectrumError.pointNotFinite("the loss or its gradient")
    }
    try KrylovError.require("pairs", settings.pairs)
    let order = objective.dimension
    // Both ends' bases, with what a restart keeps of them.
    let vectors = min(6 * settings.pairs + 64, order)
    try MemoryBudget.require(
      MemoryBudget.bytes(order, vectors, MemoryLayout<Double>.stride),
      for: "a search for \(settings.pairs) eigenpairs of \(order) parameters at each end")
    let matrix = objective.curvature(kind, at: parameters, includingPenalty: includingPenalty)
    var starts = RandomStream(seed: settings.seed, name: "starts")
    let pairs = try ThickRestartLanczos<Double>(
      ends: .bothEnds(settings.pairs),
      tolerance: max(settings.tolerance, 2 * (settings.productNoise ?? 0)),
      maximumProducts: settings.products
    ).run(on: matrix, using: &starts)
    let structuralZeros =
      objective.structuralEigenvalue(of: kind, includingPenalty: includingPenalty).zeros
    // A product sums the same terms as the assembly whose rounding is bounded, but in another order,
    // and by way of tangents: four times as much is held against draws in double-double.
    let rounding = objective.curvatureRounding(kind, at: parameters).map { 4 * $0 }
    var probes = RandomStream(seed: settings.seed, name: "probes")
    spectrum = try MatrixFreeSpectrum(
      of: matrix, pairs: pairs, settings: settings, productError: rounding,
      isPositiveSemidefinite: kind.isPositiveSemidefinite, structuralZeros: structuralZeros,
      using: &probes)

    self.kind = kind
    self.evaluation = evaluation
    self.settings = settings
    if kind == .hessian, includingPenalty || objective.weightDecay == 0,
      spectrum.least.value + spectrum.least.bound < 0
    {
      certificate = NegativeCurvatureCertificate(
        witness: pairs.vectors.row(0), of: objective, at: parameters,
        productError: spectrum.productError)
      products = spectrum.products + 1
    } else {
      certificate = nil
      products = spectrum.products
    }
  }
}
