import Saddle

/// What a measurement prints as JSON.
struct SpectrumOutput: Encodable {
  let experiment: Experiment?
  let program: RemoteProgram?
  let settings: PointSettings
  /// The point in figures, each with its bound: what the claims were decided by.
  let record: PointRecord
  let test: Evaluation?
  let claims: [Claim]
  let degeneracy: [Degeneracy]?
  let index: [Index]?
  let secondCount: ToleranceCount?
  let certificate: NegativeCurvatureCertificate?
  let eigenvalues: [Double]?
  let matrixFree: MatrixFreeAnalysis?
  let counts: EigenvalueCounts?
  let outliers: OutlierCount?
  let blocks: [BlockSpectrum]?
  let fit: BulkFitReport?
  let refined: RefinedRecord?
  /// θ of the refined point, P numbers.
  let refinedPoint: [Double]?

  struct Index: Encodable {
    let tolerance: Double
    let index: Int
  }

  init(
    of measured: PointMeasurement, experiment: Experiment?, program: RemoteProgram? = nil,
    test: Evaluation?, claims: [Claim], classes: Int? = nil
  ) {
    self.experiment = experiment
    self.program = program
    settings = measured.settings
    record = measured.record
    self.test = test
    self.claims = claims
    degeneracy = measured.spectrum?.degeneracyCurve()
    index = measured.spectrum.map { spectrum in
      Spectrum.standardTolerances.map { Index(tolerance: $0, index: spectrum.index(at: $0)) }
    }
    secondCount = measured.analysis?.secondCount
    certificate = measured.analysis?.certificate
    eigenvalues = measured.spectrum?.eigenvalues
    matrixFree = measured.matrixFree
    counts = measured.counts
    outliers = measured.spectrum.map { SpectrumFigures.outliers(in: $0, classes: classes) }
    blocks = measured.blocks
    fit = measured.fit
    refined = measured.refinement?.record
    refinedPoint = measured.refinement?.search.point
  }
}
