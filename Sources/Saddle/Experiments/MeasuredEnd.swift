/// Newton steps towards a critical point: near degenerate ones the way is long.
private let refinementBudget = 2000

/// The end of a run in figures, and what they can be checked from.
struct MeasuredEnd {
  let end: EndPoint
  /// All of them, rising, where they were taken.
  let eigenvalues: [Double]?
  /// The critical point that the end was refined to, P elements, where it was.
  let refined: [Double]?

  /// - Throws: as `PointAnalysis`, `MatrixFreeAnalysis`, `BulkFitReport`, `CriticalPointSearch`.
  init(
    _ result: TrainedNetwork, of prepared: PreparedExperiment, as measure: EndMeasurement
  ) throws {
    try self.init(result, of: prepared.objective(Double.self), as: measure)
  }

  private init(
    _ result: TrainedNetwork, of objective: some SampledObjective<Double>,
    as measure: EndMeasurement
  ) throws {
    let last = result.history[result.history.count - 1]
    var (training, order) = (last.evaluation, objective.dimension)
    var whole: Spectrum?
    var spectrum: EpochSpectrum?
    var isCertified: Bool?
    var outliers: Int?
    var bulk: BulkAnswer?
    var gaussNewton: GaussNewtonComparison?
    var refinement: Refinement?
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
        bulk = try BulkAnswer(of: analysis.spectrum, using: &generator)
      }
      spectrum = EpochSpectrum(epoch: last.epoch, of: analysis.spectrum, fit: bulk?.fit)
      if measure.gaussNewton {
        gaussNewton = GaussNewtonComparison(
          hessian: analysis.spectrum.eigenvalues,
          gaussNewton: try Spectrum(
            of: objective.curvatureMatrix(
              .gaussNewton, at: result.parameters, includingPenalty: true),
            nullSpace: objective.structuralNullSpace, shift: objective.weightDecay
          ).eigenvalues)
      }
      if measure.refine {
        refinement = try Refinement(
          of: objective, from: result.parameters, scale: analysis.spectrum.radius,
          structuralZeros: analysis.spectrum.structuralZeros, budget: refinementBudget,
          using: &generator)
      }
    }
    end = EndPoint(
      parameters: order, startingLoss: result.history[0].evaluation.loss, training: training,
      test: result.test, spectrum: spectrum, structuralZeros: whole?.structuralZeros,
      isCertified: isCertified, outliers: outliers, whyNoFit: bulk?.whyNoFit,
      refined: refinement.map { RefinedEnd($0) }, gaussNewton: gaussNewton, along: result.spectra)
    eigenvalues = whole?.eigenvalues
    refined = refinement?.point.point
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
