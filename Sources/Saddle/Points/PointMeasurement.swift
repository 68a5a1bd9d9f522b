/// The one way in which a point is measured: settings in, a record and what it rests on out. What a
/// command, a grid, a pin and a report say of a point, they say by this.
public struct PointMeasurement: Sendable {
  public let settings: PointSettings
  public private(set) var record: PointRecord
  /// The Hessian, all of it.
  public private(set) var analysis: PointAnalysis?
  /// All eigenvalues of the matrix that was asked for.
  public private(set) var spectrum: Spectrum?
  public private(set) var counts: EigenvalueCounts?
  public private(set) var matrixFree: MatrixFreeAnalysis?
  public private(set) var blocks: [BlockSpectrum]?
  public private(set) var fit: BulkFitReport?
  public private(set) var refinement: Refinement?

  /// - Parameters:
  ///   - settings: what is taken.
  ///   - refined: where an earlier search for a critical point ended, to go on from.
  ///   - progress: told in words what is being done.
  /// - Throws: `SpectrumError.tooLarge` before any work, where the matrices do not fit this machine;
  ///   as `PointAnalysis`, `MatrixFreeAnalysis`, `EigenvalueCounts`, `BulkFitReport` and
  ///   `Refinement`.
  public init(
    of objective: some SampledObjective<Double>, at θ: [Double],
    settings: PointSettings = PointSettings(), refined: [Double]? = nil,
    progress: (String) -> Void = { _ in }
  ) throws {
    self.settings = settings
    switch settings.method {
    case .none:
      record = PointRecord(bare: objective, at: θ)
    case .matrixFree:
      let found = try MatrixFreeAnalysis(
        of: objective, at: θ, settings.curvature, includingPenalty: settings.includesPenalty,
        settings: settings.matrixFree)
      record = PointRecord(found, rounding: objective.rounding(at: θ))
      matrixFree = found
    case .counts:
      try PointAnalysis.requireMemory(order: objective.dimension, matrices: 1)
      var vectors = RandomStream(seed: settings.seed, name: "counts")
      counts = try EigenvalueCounts(
        of: objective.curvatureMatrix(
          settings.curvature, at: θ, includingPenalty: settings.includesPenalty),
        tolerances: SpectrumFigures.tolerances,
        matrixError: objective.curvatureRounding(settings.curvature, at: θ) ?? 0, using: &vectors)
      record = PointRecord(bare: objective, at: θ)
    case .exact:
      let exact = try Exact(of: objective, at: θ, settings, progress)
      (analysis, spectrum, blocks, fit) = (exact.analysis, exact.spectrum, exact.blocks, exact.fit)
      record = exact.record(of: objective, at: θ)
      if settings.refine, settings.isOfHessian {
        progress("refining to a critical point")
        refinement = try Refinement(
          of: objective, from: refined ?? θ, lengthScale: θ.norm, seed: settings.seed)
      }
    }
  }
}

extension PointMeasurement {
  /// Takes over what was found of laws at the same point before.
  mutating func keepLaws(of earlier: PointRecord) {
    record.semicircle = earlier.semicircle
    record.marchenkoPastur = earlier.marchenkoPastur
    record.freeConvolution = earlier.freeConvolution
    record.whyNoFit = earlier.whyNoFit
  }
}

extension PointRecord {
  fileprivate init(bare objective: some Objective<Double>, at θ: [Double]) {
    self.init(
      order: objective.dimension, evaluation: objective.evaluate(at: θ),
      rounding: objective.rounding(at: θ))
  }
}

/// All eigenvalues of one matrix, and what is taken with them.
private struct Exact {
  var analysis: PointAnalysis?
  let spectrum: Spectrum
  var blocks: [BlockSpectrum]?
  var fit: BulkFitReport?
  var whyNoFit: String?
  var gaussNewton: GaussNewtonComparison?

  init(
    of objective: some SampledObjective<Double>, at θ: [Double], _ settings: PointSettings,
    _ progress: (String) -> Void
  ) throws {
    func matrix(_ kind: CurvatureKind) -> Matrix<Double> {
      objective.curvatureMatrix(kind, at: θ, includingPenalty: settings.includesPenalty)
    }
    try PointAnalysis.requireMemory(order: objective.dimension, matrices: 2)
    if settings.isOfHessian {
      let analysis = try PointAnalysis(
        of: objective, at: θ, productNoise: settings.matrixFree.productNoise, seed: settings.seed)
      self.analysis = analysis
      spectrum = analysis.spectrum
    } else {
      let rounding = objective.curvatureRounding(settings.curvature, at: θ)
      spectrum = try Spectrum(
        of: matrix(settings.curvature), nullSpace: objective.structuralNullSpace,
        shift: objective.penaltyShift(
          of: settings.curvature, includingPenalty: settings.includesPenalty),
        matrixError: rounding ?? 0
      ).widened(byProductNoise: rounding == nil ? settings.matrixFree.productNoise : nil)
    }
    if settings.byLayer {
      blocks = try BlockSpectrum.all(
        of: matrix(settings.curvature), blocks: objective.parameterBlocks)
    }
    if settings.fit {
      progress("fitting laws to the bulk")
      var generator = RandomStream(seed: settings.seed, name: "spectrum")
      let answer = try BulkAnswer(of: spectrum, using: &generator)
      (fit, whyNoFit) = (answer.fit, answer.whyNoFit)
    }
    if settings.gaussNewton, settings.isOfHessian {
      gaussNewton = GaussNewtonComparison(
        hessian: spectrum.eigenvalues,
        gaussNewton: try Spectrum(
          of: matrix(.gaussNewton), nullSpace: objective.structuralNullSpace,
          shift: objective.penaltyShift(
            of: .gaussNewton, includingPenalty: settings.includesPenalty)
        ).eigenvalues)
    }
  }

  func record(of objective: some Objective<Double>, at θ: [Double]) -> PointRecord {
    analysis.map {
      PointRecord($0, fit: fit, whyNoFit: whyNoFit, gaussNewton: gaussNewton)
    } ?? PointRecord(bare: objective, at: θ)
  }
}
