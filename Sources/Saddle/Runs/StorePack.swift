import Foundation

extension ExperimentStore {
  /// All results of a pack in one file, beside which folders hold parameters and eigenvalues of the
  /// runs that are cited.
  public static let packName = "results.json"
  /// What the pack's runs say of the claims, when it was made: a list of `SurveyFinding`.
  public static let findingsName = "findings.json"
  /// What the runs say of the claims that their grid has protocols for: a list of `ClaimFinding`.
  public static let claimsName = "claims.json"
  /// Where a pack comes from, for each set of samples: a list of `Provenance`.
  public static let provenanceName = "provenance.json"

  /// Writes results in one file, and for the runs that are cited their parameters, eigenvalues and
  /// refined points, as run folders that `saddle spectrum` reads: a store small enough to be
  /// committed, and read like any other.
  ///
  /// - Throws: `RunError.notWritable`, or `.unreadable` for a cited run without its files.
  public func pack(_ results: [RunResult], citing cited: Set<String>, into path: String)
    throws(RunError)
  {
    let target = ExperimentStore(path)
    for result in results where cited.contains(result.key) {
      let (source, copy) = (folder(of: result.key), target.folder(of: result.key))
      var names = [source.parametersURL.lastPathComponent]
      if result.measure.spectrum == .exact { names.append(Self.eigenvaluesName) }
      if result.end?.critical != nil { names.append(RunFolder.criticalName) }
      if result.end?.refined != nil { names.append(RunFolder.refinedName) }
      for name in names {
        let file = source.url.appending(path: name)
        let values: [Double]
        do throws(ParameterFileError) { values = try ParameterFile.read(file) } catch {
          throw .unreadable(path: file.path, cause: "\(error)")
        }
        try copy.write(numbers: values, as: name)
      }
      try copy.copyDescription(of: source)
    }
    try RunFolder(path).write(results, as: Self.packName)
  }

  /// The results of a pack in this folder; none where there is no pack.
  ///
  /// - Throws: `RunError.corrupt`.
  func packed() throws(RunError) -> [RunResult] {
    guard FileManager.default.fileExists(atPath: url.appending(path: Self.packName).path) else {
      return []
    }
    return try RunFolder(url.path).read([RunResult].self, from: Self.packName)
  }

  /// All eigenvalues of a run, rising; nil where they are not kept.
  ///
  /// - Throws: `ParameterFileError`.
  public func eigenvalues(of key: String) throws(ParameterFileError) -> [Double]? {
    try numbers(Self.eigenvaluesName, of: key)
  }

  /// Where a run ended; nil where it is not kept.
  ///
  /// - Throws: `ParameterFileError`.
  public func parameters(of key: String) throws(ParameterFileError) -> [Double]? {
    try numbers(folder(of: key).parametersURL.lastPathComponent, of: key)
  }

  /// The critical point that a run's end was refined to; nil where it is not kept.
  ///
  /// - Throws: `ParameterFileError`.
  public func refined(of key: String) throws(ParameterFileError) -> [Double]? {
    try numbers(RunFolder.refinedName, of: key)
  }

  /// The critical point that a descent from a run's end came to; nil where it is not kept.
  ///
  /// - Throws: `ParameterFileError`.
  public func critical(of key: String) throws(ParameterFileError) -> [Double]? {
    try numbers(RunFolder.criticalName, of: key)
  }

  private func numbers(_ name: String, of key: String) throws(ParameterFileError) -> [Double]? {
    let file = folder(of: key).url.appending(path: name)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    return try ParameterFile.read(file)
  }
}
