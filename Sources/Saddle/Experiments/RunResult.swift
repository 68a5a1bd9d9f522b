import Foundation

/// What came of one run of a grid.
public struct RunResult: Codable, Equatable, Sendable {
  public let key: String
  public let experiment: Experiment
  public let measure: EndMeasurement
  public let outcome: Outcome
  /// Wall time of training (of its last part, where it was resumed) and of the analysis, in s.
  public let trainingSeconds: Double
  public let analysisSeconds: Double
  /// The BLAS and its kernels, since they decide the last bits of a trajectory.
  public let blas: String

  public enum Outcome: Codable, Equatable, Sendable {
    case finished(EndPoint)
    /// Training stopped being finite: that is a result, and the grid goes on.
    case diverged(epoch: Int, cause: String)
  }

  /// Where the run ended; nil where it diverged.
  public var end: EndPoint? {
    if case .finished(let end) = outcome { end } else { nil }
  }
}

/// The point where a run ended, in figures.
public struct EndPoint: Codable, Equatable, Sendable {
  /// P.
  public let parameters: Int
  public let startingLoss: Double
  public let training: Evaluation
  public let test: Evaluation?
  /// Extremes, index and degeneracy; nil where none were asked for.
  public let spectrum: EpochSpectrum?
  /// Zeros that every θ has; nil but for all eigenvalues.
  public let structuralZeros: Int?
  /// Whether products and function values bear negative curvature out; nil as above.
  public let isCertified: Bool?
  /// Eigenvalues above the largest gap; nil as above.
  public let outliers: Int?
  /// Why no law was fitted to the bulk, where it was asked for: there is none.
  public let whyNoFit: String?
  public let refined: RefinedEnd?
  /// The Hessian beside the Gauss–Newton matrix; nil where it was not asked for.
  public let gaussNewton: GaussNewtonComparison?
  /// Spectra along the run, where they were asked for.
  public let along: [EpochSpectrum]?
}

/// What a search for a critical point made of a run's end.
public struct RefinedEnd: Codable, Equatable, Sendable {
  public let loss: Double
  public let gradientNorm: Double
  public let kind: CriticalPointKind
  /// Eigenvalues below −1e-6·max|λ|, max|λ| being the end point's, and zeros besides the
  /// structural ones.
  public let index: Int
  public let nullity: Int
}

/// Newton steps towards a critical point: near degenerate ones the way is long.
private let refinementBudget = 2000

extension EndPoint {
  /// Measures the end of a run.
  ///
  /// - Returns: The figures, and all eigenvalues in rising order where they were taken.
  /// - Throws: as `PointAnalysis`, `MatrixFreeAnalysis`, `BulkFitReport`, `CriticalPointSearch`.
  static func measure(
    _ result: TrainedNetwork, of prepared: PreparedExperiment, as measure: EndMeasurement
  ) throws -> (end: EndPoint, eigenvalues: [Double]?) {
    let objective = try prepared.objective(Double.self)
    return try Self.measure(result, of: objective, as: measure)
  }

  private static func measure(
    _ result: TrainedNetwork, of objective: some SampledObjective<Double>,
    as measure: EndMeasurement
  ) throws -> (end: EndPoint, eigenvalues: [Double]?) {
    let last = result.history[result.history.count - 1]
    var (training, order) = (last.evaluation, objective.dimension)
    var whole: Spectrum?
    var spectrum: EpochSpectrum?
    var isCertified: Bool?
    var outliers: Int?
    var bulk: BulkAnswer?
    var gaussNewton: GaussNewtonComparison?
    var refined: RefinedEnd?
    switch measure.spectrum {
    case .none: break
    case .matrixFree:
      training = objective.evaluate(at: result.parameters)
      spectrum = try EpochSpectrum(
        epoch: last.epoch, productsOf: objective, at: result.parameters)
    case .exact:
      let analysis = try PointAnalysis(of: objective, at: result.parameters)
      training = analysis.evaluation
      order = analysis.spectrum.order
      whole = analysis.spectrum
      isCertified = analysis.isCertified
      outliers =
        OutlierCount(
          largestGapIn: analysis.spectrum.eigenvalues, candidates: min(100, order - 1),
          classes: nil
        ).count
      var generator = RandomStream(seed: 0, name: "spectrum")
      if measure.fit {
        bulk = try BulkAnswer(measuring: analysis.spectrum, using: &generator)
      }
      spectrum = EpochSpectrum(epoch: last.epoch, of: analysis.spectrum, fit: bulk?.fit)
      if measure.gaussNewton {
        gaussNewton = GaussNewtonComparison(
          hessian: analysis.spectrum.eigenvalues,
          gaussNewton: try Spectrum(
            of: objective.curvatureMatrix(
              .gaussNewton, at: result.parameters, includingPenalty: true),
            nullSpace: StructuralNullSpace(of: objective), shift: objective.weightDecay
          ).eigenvalues)
      }
      if measure.refine {
        refined = RefinedEnd(
          try Refinement(
            of: objective, from: result.parameters, scale: analysis.spectrum.radius,
            structuralZeros: analysis.spectrum.structuralZeros, budget: refinementBudget,
            using: &generator))
      }
    }
    return (
      EndPoint(
        parameters: order, startingLoss: result.history[0].evaluation.loss, training: training,
        test: result.test, spectrum: spectrum, structuralZeros: whole?.structuralZeros,
        isCertified: isCertified, outliers: outliers, whyNoFit: bulk?.whyNoFit, refined: refined, gaussNewton: gaussNewton,
        along: result.spectra),
      whole?.eigenvalues
    )
  }
}

extension RefinedEnd {
  fileprivate init(_ refinement: Refinement) {
    self.init(
      loss: refinement.point.value, gradientNorm: refinement.point.gradientNorm,
      kind: refinement.classification.kind, index: refinement.classification.index,
      nullity: refinement.classification.nullity)
  }
}
