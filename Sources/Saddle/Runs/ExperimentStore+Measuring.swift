/// A run that was measured anew, and the files that its result comes with.
public struct Remeasurement: Sendable {
  public let result: RunResult
  let files: FolderChanges
}

extension ExperimentStore {
  /// Measures the end of a finished run anew, by the rules of today: what was trained stays, and so
  /// do the points along the run, whose parameters no store keeps. The refined point is gone on from
  /// where it is kept; laws are fitted again only to eigenvalues that differ from those that are kept
  /// by more than their error, since the same draws on the same spectrum give the same answer.
  ///
  /// - Returns: nil where the run's parameters are not kept.
  /// - Throws: `ParameterFileError`, `DataError`, `RunError`, and as `PointMeasurement`.
  public func measured(_ result: RunResult, data: DataFolder) throws -> Remeasurement? {
    guard let end = result.end, let θ = try parameters(of: result.key) else { return nil }
    let clock = ContinuousClock()
    let start = clock.now
    let folder = folder(of: result.key)
    let prepared = try result.experiment.prepared(from: data)
    try folder.requireData(of: prepared)
    let kept = try eigenvalues(of: result.key)
    func measure(fit: Bool) throws -> PointMeasurement {
      var settings = result.measure.point
      settings.fit = fit
      return try PointMeasurement(
        of: prepared.objective(Double.self), at: θ, settings: settings,
        refined: refined(of: result.key))
    }
    var measured = try measure(fit: false)
    if result.measure.point.fit {
      if let kept, let spectrum = measured.spectrum, spectrum.isWithinError(of: kept) {
        measured.keepLaws(of: end.point)
      } else {
        measured = try measure(fit: true)
      }
    }
    let new = RunResult(
      key: result.key, experiment: result.experiment, measure: result.measure,
      outcome: .finished(
        EndPoint(
          epochs: end.epochs, startingLoss: end.startingLoss,
          test: try prepared.testEvaluation(at: θ), interventions: end.interventions, measured,
          along: end.along, critical: end.critical, trajectory: end.trajectory)),
      trainingSeconds: result.trainingSeconds, analysisSeconds: (clock.now - start) / .seconds(1),
      blas: blasDescription)
    return Remeasurement(result: new, files: FolderChanges(measured))
  }

  /// Puts a run's measurement in the place of what its own folder has.
  ///
  /// - Throws: `RunError.notWritable`, `.corrupt`.
  public func replace(_ again: Remeasurement) throws {
    var changes = again.files
    try changes.put(again.result, as: Self.resultName)
    try folder(of: again.result.key).commitAlone(changes)
  }

  /// Whether this is a pack, whose measurements are replaced all at once.
  public var isPack: Bool {
    get throws(RunError) { try files.has(Self.packName) }
  }

  /// Puts measurements in the place of those of a pack.
  ///
  /// - Parameter findings: what all of its results come to, for a pack that has findings.
  /// - Throws: `RunError.notWritable`, `.corrupt`.
  public func replaceInPack(
    _ again: [Remeasurement], findings: ([RunResult]) throws -> some Encodable
  ) throws {
    let changed = Dictionary(
      again.map { ($0.result.key, $0.result) }, uniquingKeysWith: { _, last in last })
    let results = try packed().map { changed[$0.key] ?? $0 }
    var changes = FolderChanges()
    for one in again { changes.put(one.files, in: one.result.key) }
    try changes.put(results, as: Self.packName)
    if try files.has(Self.findingsName) {
      try changes.put(findings(results), as: Self.findingsName)
    }
    _ = try RunFolder(url.path).claiming(waiting: true) {
      try files.commit(changes.files, known: knownNames())
    }
  }
}

extension Spectrum {
  /// Whether other eigenvalues, rising, are these but for the error of both.
  fileprivate func isWithinError(of other: [Double]) -> Bool {
    other.count == order
      && zip(eigenvalues, other).allSatisfy { ($0 - $1).magnitude <= 2 * errorBound }
  }
}

extension FolderChanges {
  /// The parts of a measurement that are kept as numbers: eigenvalues and the refined point.
  init(_ measured: PointMeasurement) {
    if let spectrum = measured.spectrum {
      put(numbers: spectrum.eigenvalues, as: ExperimentStore.eigenvaluesName)
    }
    if let refinement = measured.refinement {
      put(numbers: refinement.search.point, as: RunFolder.refinedName)
    }
  }
}
