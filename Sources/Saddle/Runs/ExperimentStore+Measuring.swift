extension ExperimentStore {
  /// Measures the end of a finished run anew, by the rules of today: what was trained stays, and so
  /// do the points along the run, whose parameters no store keeps. The refined point is gone on from
  /// where it is kept; laws are fitted again only to eigenvalues that differ from those that are kept
  /// by more than their error, since the same draws on the same spectrum give the same answer.
  ///
  /// Eigenvalues and refined point are written beside the parameters; the result is returned.
  /// - Returns: nil where the run's parameters are not kept.
  /// - Throws: `ParameterFileError`, `DataError`, `RunError`, and as `PointMeasurement`.
  public func measured(_ result: RunResult, data: DataFolder) throws -> RunResult? {
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
    try folder.write(measured)
    return RunResult(
      key: result.key, experiment: result.experiment, measure: result.measure,
      outcome: .finished(
        EndPoint(
          epochs: end.epochs, startingLoss: end.startingLoss,
          test: try prepared.testEvaluation(at: θ), interventions: end.interventions, measured,
          along: end.along, critical: end.critical, trajectory: end.trajectory)),
      trainingSeconds: result.trainingSeconds, analysisSeconds: (clock.now - start) / .seconds(1),
      blas: blasDescription)
  }

  /// Puts results in the place of those of their keys, in the pack or in the runs' own folders.
  ///
  /// - Throws: `RunError.notWritable`, `.corrupt`.
  public func replace(_ results: [RunResult]) throws(RunError) {
    let changed = Dictionary(uniqueKeysWithValues: results.map { ($0.key, $0) })
    let packed = try packed()
    if !packed.isEmpty {
      try RunFolder(url.path).write(
        packed.map { changed[$0.key] ?? $0 }, as: Self.packName)
    }
    let isPacked = Set(packed.map(\.key))
    for result in results where !isPacked.contains(result.key) {
      try folder(of: result.key).write(result, as: Self.resultName)
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

extension RunFolder {
  /// The parts of a measurement that are kept as numbers: eigenvalues and the refined point.
  ///
  /// - Throws: `RunError.notWritable`.
  func write(_ measured: PointMeasurement) throws(RunError) {
    if let spectrum = measured.spectrum {
      try write(numbers: spectrum.eigenvalues, as: ExperimentStore.eigenvaluesName)
    }
    if let refinement = measured.refinement {
      try write(numbers: refinement.search.point, as: Self.refinedName)
    }
  }
}
