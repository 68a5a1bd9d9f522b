/// A figure that is known within limits.
public struct BoundedFigure: Codable, Equatable, Sendable {
  public package(set) var value: Double
  public package(set) var lower: Double
  public package(set) var upper: Double
  /// Whether there is a figure, or only limits: `value` is then their middle, and stands for nothing.
  public package(set) var isResolved: Bool

  public init(value: Double, lower: Double, upper: Double, isResolved: Bool = true) {
    self.value = value
    self.lower = lower
    self.upper = upper
    self.isResolved = isResolved
  }

  init(_ value: Double, error: Double) {
    self.init(value: value, lower: value - error, upper: value + error)
  }

  /// A share, whose limits are shares too.
  init(share: Double, error: Double) {
    self.init(value: share, lower: max(0, share - error), upper: min(1, share + error))
  }

  /// The figure, where there is one.
  public var resolved: Double? { isResolved ? value : nil }

  /// The figure for people, or the limits where they are all there is.
  package func inWords(_ format: (Double) -> String) -> String {
    resolved.map(format) ?? "between \(format(lower)) and \(format(upper))"
  }
}

/// A point in figures, each with its bound: what claims are decided by, and what is stored of a run
/// whose eigenvalues are not.
///
/// A figure is nil where it was not taken, or was not at the time that the record is of.
public struct PointRecord: Codable, Equatable, Sendable {
  /// P.
  public let order: Int
  /// Loss, accuracy and gradient norm over the training set.
  public package(set) var evaluation: Evaluation
  public let rounding: EvaluationRounding?
  public package(set) var spectrum: SpectrumFigures?
  public package(set) var curvature: CurvatureFigures?
  public let criticality: Criticality?
  /// What kind of point it is; nil unless all eigenvalues were taken.
  public let kind: CriticalPointKind?
  /// How far the bulk lies from the semicircle, from Marchenko and Pastur's law, and from the free
  /// convolution of both.
  public internal(set) var semicircle, marchenkoPastur, freeConvolution: LawTest?
  /// Why no law was fitted, where it was asked for: there is no bulk.
  public internal(set) var whyNoFit: String?
  public let gaussNewton: GaussNewtonComparison?
}

/// Extremes, index and degeneracy of a Hessian.
public struct SpectrumFigures: Codable, Equatable, Sendable {
  /// Index and degeneracy at one tolerance, as shares of all eigenvalues.
  public struct Share: Codable, Equatable, Sendable {
    /// ε, relative to max|λ|.
    public let tolerance: Double
    /// Eigenvalues below −ε·max|λ|.
    public package(set) var index: BoundedFigure
    /// Eigenvalues within ±ε·max|λ|.
    public package(set) var degeneracy: BoundedFigure

    init(tolerance: Double, index: BoundedFigure, degeneracy: BoundedFigure) {
      self.tolerance = tolerance
      self.index = index
      self.degeneracy = degeneracy
    }

    /// Refuses what is no share.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      tolerance = try container.decode(Double.self, forKey: .tolerance)
      index = try container.decode(BoundedFigure.self, forKey: .index)
      degeneracy = try container.decode(BoundedFigure.self, forKey: .degeneracy)
      for (figure, key) in [(index, CodingKeys.index), (degeneracy, .degeneracy)] {
        try container.require(0...1 ~= figure.value, key, "\(figure.value) is no share")
      }
    }
  }

  /// Whether all eigenvalues were taken: limits are then of rounding, and surely hold. Otherwise
  /// those of the extremes are residuals, and those of the shares hold with 95 %.
  public let isExact: Bool
  /// Whether the limits of extremes and counts hold the rounding of the matrix too; nil but for all
  /// eigenvalues, and in records from before it was bounded.
  public let boundsMatrix: Bool?
  public package(set) var least: BoundedFigure
  public package(set) var greatest: BoundedFigure
  public package(set) var shares: [Share]
  /// Zeros that every θ has; nil where they are not known.
  public package(set) var structuralZeros: Int?
  /// Eigenvalues above the largest gap; nil but for all eigenvalues.
  public let outliers: Int?

  /// The tolerances that shares are recorded at.
  public static let tolerances = MatrixFreeSpectrum.tolerances

  public func share(at tolerance: Double) -> Share? {
    shares.first { $0.tolerance == tolerance }
  }
}

/// What was found of negative curvature, without the witness.
public struct CurvatureFigures: Codable, Equatable, Sendable {
  public package(set) var outcome: NegativeCurvature.Outcome
  /// vᵀHv of the witness, and the residual ‖Hv − (vᵀHv)·v‖.
  public let rayleighQuotient, residual: Double?
  /// What function values give, and their error.
  public let fromValues, fromValuesError: Double?

  init(_ curvature: NegativeCurvature) {
    outcome = curvature.outcome
    rayleighQuotient = curvature.certificate?.rayleighQuotient
    residual = curvature.certificate?.residual
    fromValues = curvature.certificate?.curvatureFromValues
    fromValuesError = curvature.certificate?.curvatureFromValuesError
  }
}

extension PointRecord {
  /// Eigenvalues about zero besides the structural ones, as a share of those that are not structural.
  public func emergentShare(at tolerance: Double) -> Double? {
    spectrum?.share(at: tolerance)?.degeneracy.resolved.flatMap(emergent)
  }

  /// The limits of that share.
  public func emergentLimits(at tolerance: Double) -> ClosedRange<Double>? {
    guard let degeneracy = spectrum?.share(at: tolerance)?.degeneracy,
      let low = emergent(degeneracy.lower), let high = emergent(degeneracy.upper), low <= high
    else { return nil }
    return low...high
  }

  private func emergent(_ share: Double) -> Double? {
    guard let structuralZeros = spectrum?.structuralZeros, order > structuralZeros else {
      return nil
    }
    let zeros = share * Double(order) - Double(structuralZeros)
    return max(zeros, 0) / Double(order - structuralZeros)
  }

  /// The index at a tolerance, as a share of all eigenvalues.
  public func index(at tolerance: Double) -> Double? {
    spectrum?.share(at: tolerance)?.index.resolved
  }
}

extension PointRecord {
  /// Of a whole spectrum, with what was fitted and compared.
  public init(
    _ analysis: PointAnalysis, fit: BulkFitReport? = nil, whyNoFit: String? = nil,
    gaussNewton: GaussNewtonComparison? = nil
  ) {
    self.init(
      order: analysis.spectrum.order, evaluation: analysis.evaluation,
      rounding: analysis.rounding,
      spectrum: SpectrumFigures(analysis.spectrum, boundsMatrix: analysis.boundsHessian),
      curvature: CurvatureFigures(analysis.curvature), criticality: analysis.criticality,
      kind: analysis.kind, semicircle: fit?.test(.semicircle),
      marchenkoPastur: fit?.test(.marchenkoPastur),
      freeConvolution: fit?.test(.freeConvolution),
      whyNoFit: whyNoFit, gaussNewton: gaussNewton)
  }

  /// Of an evaluation alone.
  init(order: Int, evaluation: Evaluation, rounding: EvaluationRounding?) {
    self.init(
      order: order, evaluation: evaluation, rounding: rounding, spectrum: nil, curvature: nil,
      criticality: nil, kind: nil, semicircle: nil, marchenkoPastur: nil, freeConvolution: nil,
      whyNoFit: nil,
      gaussNewton: nil)
  }

  /// From products with vectors.
  init(_ analysis: MatrixFreeAnalysis, rounding: EvaluationRounding?) {
    self.init(
      order: analysis.order, evaluation: analysis.evaluation, rounding: rounding,
      spectrum: SpectrumFigures(analysis),
      // Without all eigenvalues a certificate can be had, but not the word that there is none.
      curvature: analysis.certificate.map { CurvatureFigures(NegativeCurvature($0)) },
      criticality: nil, kind: nil, semicircle: nil, marchenkoPastur: nil, freeConvolution: nil,
      whyNoFit: nil,
      gaussNewton: nil)
  }
}

extension SpectrumFigures {
  /// Outliers by the largest gap, as records and reports have them.
  public static func outliers(in spectrum: Spectrum, classes: Int? = nil) -> OutlierCount {
    OutlierCount(
      largestGapIn: spectrum.eigenvalues, candidates: min(100, spectrum.order - 1),
      classes: classes)
  }

  init(_ spectrum: Spectrum, boundsMatrix: Bool) {
    let order = Double(spectrum.order)
    self.init(
      isExact: true, boundsMatrix: boundsMatrix,
      least: BoundedFigure(spectrum.least, error: spectrum.errorBound),
      greatest: BoundedFigure(spectrum.greatest, error: spectrum.errorBound),
      shares: Self.tolerances.map { tolerance in
        let bound = tolerance * spectrum.radius
        return Share(
          tolerance: tolerance,
          index: BoundedFigure(
            share: Double(spectrum.index(at: tolerance)) / order,
            error: Double(spectrum.uncertain(about: bound, below: true, above: false)) / order),
          degeneracy: BoundedFigure(
            share: spectrum.degeneracy(at: tolerance).fraction,
            error: Double(spectrum.uncertain(about: bound, below: true, above: true)) / order))
      },
      structuralZeros: spectrum.structuralZeros, outliers: Self.outliers(in: spectrum).count)
  }

  init(_ analysis: MatrixFreeAnalysis) {
    self.init(
      isExact: false, boundsMatrix: nil,
      least: BoundedFigure(analysis.least.value, error: analysis.least.bound),
      greatest: BoundedFigure(analysis.greatest.value, error: analysis.greatest.bound),
      shares: Self.tolerances.map { tolerance in
        let counts = analysis.counts(at: tolerance)
        func figure(_ count: EstimatedCount) -> BoundedFigure {
          let limits = counts.share(count.limits)
          let middle = (limits.lowerBound + limits.upperBound) / 2
          return BoundedFigure(
            value: count.value.map(counts.share) ?? middle, lower: limits.lowerBound,
            upper: limits.upperBound, isResolved: count.isResolved)
        }
        return Share(
          tolerance: tolerance, index: figure(counts.index), degeneracy: figure(counts.zeros))
      },
      structuralZeros: analysis.spectrum.structuralZeros, outliers: nil)
  }
}
