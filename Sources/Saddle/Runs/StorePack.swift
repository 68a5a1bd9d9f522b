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

  /// What goes beside a pack's results.
  private static let packNames = [packName, findingsName, claimsName, provenanceName]

  /// Writes results in one file, and for the runs that are cited their parameters, eigenvalues and
  /// refined points, as run folders that `saddle spectrum` reads: a store small enough to be
  /// committed, and read like any other. A pack that is there is replaced in one step.
  ///
  /// - Parameter beside: what else the pack says, such as findings.
  /// - Throws: `RunError.notWritable`, `.noPack`, `.busy`, `.unreadable` for a cited run without its files.
  public func pack(
    _ results: [RunResult], citing cited: Set<String>, beside: FolderChanges = FolderChanges(),
    into path: String
  ) throws {
    var changes = beside
    for result in results where cited.contains(result.key) {
      let source = folder(of: result.key)
      var run = FolderChanges()
      var names = [RunFolder.parametersName]
      if result.measure.spectrum == .exact { names.append(Self.eigenvaluesName) }
      if result.end?.critical != nil { names.append(RunFolder.criticalName) }
      if result.end?.refined != nil { names.append(RunFolder.refinedName) }
      for name in names {
        guard let values = try source.numbers(name) else {
          throw RunError.unreadable(
            path: source.url.appending(path: name).path, cause: "there is no such file")
        }
        run.put(numbers: values, as: name)
      }
      try ExperimentStore(path).folder(of: result.key)
        .putDescription(of: source, into: &run)
      changes.put(run, in: result.key)
    }
    try changes.put(results, as: Self.packName)
    let pack = ExperimentStore(path)
    try pack.requirePackOrNothing()
    let written: Void? = try RunFolder(path).claiming(waiting: false) {
      try pack.files.replace(with: changes.files, known: pack.knownNames())
    }
    guard written != nil else { throw RunError.busy(path: path) }
  }

  var files: StoredFolder { StoredFolder(url) }

  /// Throws `RunError.noPack` for a folder with anything else in it, a store's runs among it.
  private func requirePackOrNothing() throws(RunError) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    if names.allSatisfy({ $0.hasPrefix(".") || $0 == "lock" }) { return }
    guard try files.has(Self.packName) else { throw .noPack(path: url.path) }
    for key in try keys() where try folder(of: key).files.has(Self.resultName) {
      throw .noPack(path: url.path)
    }
  }

  /// The files that a pack from before there were manifests is made of.
  func knownNames() -> [String] {
    let folders = (try? keys()) ?? []
    let names = RunFolder.names.filter { $0 != RunFolder.analysisName }
    return Self.packNames + folders.flatMap { key in names.map { key + "/" + $0 } }
  }

  /// The results of a pack in this folder; none where there is no pack.
  ///
  /// - Throws: `RunError.corrupt`.
  func packed() throws(RunError) -> [RunResult] {
    guard try files.has(Self.packName) else { return [] }
    return try RunFolder(url.path).read([RunResult].self, from: Self.packName)
  }

  /// All eigenvalues of a run, rising; nil where they are not kept.
  ///
  /// - Throws: `RunError`, `ParameterFileError`.
  public func eigenvalues(of key: String) throws -> [Double]? {
    try folder(of: key).numbers(Self.eigenvaluesName)
  }

  /// Where a run ended; nil where it is not kept.
  ///
  /// - Throws: `RunError`, `ParameterFileError`.
  public func parameters(of key: String) throws -> [Double]? {
    try folder(of: key).numbers(RunFolder.parametersName)
  }

  /// The critical point that a run's end was refined to; nil where it is not kept.
  ///
  /// - Throws: `RunError`, `ParameterFileError`.
  public func refined(of key: String) throws -> [Double]? {
    try folder(of: key).numbers(RunFolder.refinedName)
  }

  /// The critical point that a descent from a run's end came to; nil where it is not kept.
  ///
  /// - Throws: `RunError`, `ParameterFileError`.
  public func critical(of key: String) throws -> [Double]? {
    try folder(of: key).numbers(RunFolder.criticalName)
  }
}
