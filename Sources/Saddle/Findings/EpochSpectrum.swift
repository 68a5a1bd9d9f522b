/// A figure that is known within limits.
public struct BoundedFigure: Codable, Equatable, Sendable {
  public let value: Double
  public let lower: Double
  public let upper: Double

  public init(value: Double, lower: Double, upper: Double) {
    self.value = value
    self.lower = lower
    self.upper = upper
  }

  init(_ value: Double, error: Double) {
    self.init(value: value, lower: value - error, upper: value + error)
  }
}

/// The Hessian's spectrum at one point of a run, in a few figures.
public struct EpochSpectrum: Codable, Equatable, Sendable {
  /// Index and degeneracy at one tolerance, as shares of all eigenvalues.
  public struct Share: Codable, Equatable, Sendable {
    /// ε, relative to max|λ|.
    public let tolerance: Double
    /// Eigenvalues below −ε·max|λ|.
    public let index: BoundedFigure
    /// Eigenvalues within ±ε·max|λ|.
    public let degeneracy: BoundedFigure
  }

  /// Epochs completed.
  public let epoch: Int
  /// Whether all eigenvalues were taken: limits are then of rounding, and surely hold. Otherwise
  /// those of the extremes are residuals, and those of the shares hold with 95 %.
  public let isExact: Bool
  public let least: BoundedFigure
  public let greatest: BoundedFigure
  public let shares: [Share]
  /// Whether the semicircle holds for the bulk; nil where it was not asked, or there is no bulk.
  public let wigner: WignerAnswer?
  /// Whether Marchenko and Pastur's law does; nil likewise.
  public let marchenkoPastur: WignerAnswer?

  /// The tolerances that shares are recorded at.
  public static let tolerances = [1e-6, 1e-4, 1e-3]
}

extension EpochSpectrum {
  /// The largest P of which all eigenvalues are taken: beyond, they would take longer than an epoch
  /// of training usually does.
  public static let exactLimit = 4000

  /// - Parameter fitsBulk: whether the semicircle and Marchenko–Pastur are put to the test, where all
  ///   eigenvalues are taken.
  /// - Throws: as `PointAnalysis`, `MatrixFreeAnalysis` and `BulkFitReport`.
  init(
    epoch: Int, of objective: some SampledObjective<Double>, at parameters: [Double],
    fitsBulk: Bool
  ) throws {
    guard objective.dimension <= Self.exactLimit else {
      try self.init(epoch: epoch, productsOf: objective, at: parameters)
      return
    }
    let spectrum = try Spectrum(
      of: objective.hessian(at: parameters), nullSpace: StructuralNullSpace(of: objective),
      shift: objective.weightDecay)
    var generator = RandomStream(seed: 0, name: "spectrum")
    self.init(
      epoch: epoch, of: spectrum,
      fit: fitsBulk ? try BulkAnswer(of: spectrum, using: &generator).fit : nil)
  }

  /// From products with vectors, whatever P is.
  ///
  /// - Throws: as `MatrixFreeAnalysis`.
  init(
    epoch: Int, productsOf objective: some SampledObjective<Double>, at parameters: [Double]
  ) throws {
    var settings = MatrixFreeSettings()
    settings.pairs = 1
    settings.probes = 2
    settings.takesSecondOpinion = false
    let analysis = try MatrixFreeAnalysis(of: objective, at: parameters, settings: settings)
    self.epoch = epoch
    isExact = false
    least = BoundedFigure(analysis.least.value, error: analysis.least.bound)
    greatest = BoundedFigure(analysis.greatest.value, error: analysis.greatest.bound)
    shares = Self.tolerances.map { tolerance in
      let counts = analysis.counts(at: tolerance)
      func figure(_ count: EstimatedCount) -> BoundedFigure {
        let limits = counts.share(count.limits)
        return BoundedFigure(
          // Where it is not resolved, the middle of what is certain.
          value: count.value.map(counts.share)
            ?? (limits.lowerBound + limits.upperBound) / 2,
          lower: limits.lowerBound, upper: limits.upperBound)
      }
      return Share(
        tolerance: tolerance, index: figure(counts.index), degeneracy: figure(counts.zeros))
    }
    wigner = nil
    marchenkoPastur = nil
  }

  /// From all eigenvalues, and the laws fitted to their bulk.
  init(epoch: Int, of spectrum: Spectrum, fit: BulkFitReport?) {
    self.epoch = epoch
    isExact = true
    wigner = fit?.wigner
    marchenkoPastur = fit?.marchenkoPastur
    least = BoundedFigure(spectrum.least, error: spectrum.errorBound)
    greatest = BoundedFigure(spectrum.greatest, error: spectrum.errorBound)
    let order = Double(spectrum.order)
    shares = Self.tolerances.map { tolerance in
      let bound = tolerance * spectrum.radius
      return Share(
        tolerance: tolerance,
        index: BoundedFigure(
          Double(spectrum.index(at: tolerance)) / order,
          error: Double(spectrum.uncertain(about: bound, below: true, above: false)) / order),
        degeneracy: BoundedFigure(
          spectrum.degeneracy(at: tolerance).fraction,
          error: Double(spectrum.uncertain(about: bound, below: true, above: true)) / order))
    }
  }
}

/// Takes spectra along a run: at its start, after every so many epochs, and at its end.
struct SpectrumRecorder {
  let every: Int
  let lastEpoch: Int
  let fitsBulk: Bool
  private(set) var records: [EpochSpectrum]

  /// - Parameter records: those of the run's earlier part; what lies beyond `epoch` is dropped.
  init(
    every: Int, lastEpoch: Int, fitsBulk: Bool, records: [EpochSpectrum], upTo epoch: Int
  ) {
    self.every = every
    self.lastEpoch = lastEpoch
    self.fitsBulk = fitsBulk
    self.records = records.filter { $0.epoch <= epoch }
  }

  /// Takes the spectrum where one is due and not there yet.
  ///
  /// - Returns: Whether one was taken.
  mutating func record(
    epoch: Int, of objective: some SampledObjective<Double>, at parameters: [Double]
  ) throws -> Bool {
    guard epoch % every == 0 || epoch == lastEpoch, records.last?.epoch ?? -1 < epoch else {
      return false
    }
    records.append(
      try EpochSpectrum(epoch: epoch, of: objective, at: parameters, fitsBulk: fitsBulk))
    return true
  }
}
