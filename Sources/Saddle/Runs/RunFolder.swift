import Foundation

/// Why a folder of a run cannot be used.
public enum RunError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, cause: String)
  case corrupt(path: String, cause: String)
  case notWritable(path: String, cause: String)
  /// A figure that the file's format cannot hold: no fault of the disk's.
  case notRepresentable(path: String, cause: String)
  case alreadyThere(path: String)
  /// The folder that a pack is to be written to holds something else.
  case noPack(path: String)
  case isImported(path: String)
  case otherExperiment(path: String)
  case otherData(path: String, data: String)
  case nothingTrained(path: String)
  /// Another process works on it.
  case busy(path: String)
  /// It was asked to end before it was done; what was done until then is kept.
  case interrupted(path: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let cause): "\(path): cannot be read: \(cause)"
    case .corrupt(let path, let cause): "\(path): is damaged: \(cause)"
    case .notWritable(let path, let cause): "\(path): cannot be written: \(cause)"
    case .notRepresentable(let path, let cause):
      "\(path): was not written: \(cause): a figure that is out of range was not caught before"
    case .alreadyThere(let path):
      "\(path): holds a run already: go on with --resume, or name another folder"
    case .noPack(let path):
      "\(path): is neither empty nor a pack, and what is there would be lost: name another folder"
    case .isImported(let path):
      "\(path): holds imported parameters: name another folder"
    case .otherExperiment(let path):
      "\(path): its checkpoint is of another experiment; only the number of epochs may change "
        + "when a run is resumed"
    case .otherData(let path, let data):
      "\(path): is of other data than this of \(data): give the data that it was made with, or "
        + "make it anew"
    case .nothingTrained(let path):
      "\(path): holds no finished run: run `saddle train` first, with --resume where it was broken "
        + "off"
    case .busy(let path):
      "\(path): another process works on it: wait for its end, or name another folder"
    case .interrupted(let path):
      "\(path): interrupted; what was done is kept: the same command goes on from there, `saddle "
        + "train` with --resume"
    }
  }
}

/// What a run is of: the experiment and the very samples, so that neither can change unnoticed.
public struct RunDescription: Codable, Equatable, Sendable {
  public let experiment: Experiment
  /// `SampleSet.contentSHA256` of the training samples.
  public let trainingSHA256: String
  /// The same of the samples held out, where there are any.
  public let testSHA256: String?

  /// Throws unless a run of this description may go on as, or be analyzed as, `other`: the same
  /// samples, and an experiment in which at most name and epochs differ.
  fileprivate func requireContinues(as other: RunDescription, path: String) throws(RunError) {
    guard trainingSHA256 == other.trainingSHA256, testSHA256 == other.testSHA256 else {
      throw .otherData(path: path, data: other.experiment.data.source.name)
    }
    var same = experiment
    same.name = other.experiment.name
    same.origin = other.experiment.origin
    guard same == other.experiment, experiment.origin.continues(as: other.experiment.origin)
    else { throw .otherExperiment(path: path) }
  }
}

extension RunDescription {
  /// With a user's own files changed.
  fileprivate func withFiles(_ change: (TensorFiles) -> TensorFiles) -> RunDescription {
    var experiment = experiment
    experiment.data.source = experiment.data.source.withFiles(change)
    experiment.test = experiment.test?.withFiles(change)
    return RunDescription(
      experiment: experiment, trainingSHA256: trainingSHA256, testSHA256: testSHA256)
  }
}

extension ParameterOrigin {
  fileprivate func continues(as other: ParameterOrigin) -> Bool {
    guard case .trained(let rule, let plan) = self, case .trained(let otherRule, let later) = other
    else { return self == other }
    return rule == otherRule && plan.isBeginning(of: later)
  }
}

extension TrainingPlan {
  /// Whether only the number of epochs may differ.
  fileprivate func isBeginning(of other: TrainingPlan) -> Bool {
    batchSize == other.batchSize && seed == other.seed && initialization == other.initialization
      && initializationScale == other.initializationScale
  }
}

/// A run on disk: while it is trained a checkpoint, then `run.json`, `parameters.bin`, `history.json`
/// and `spectra.json`, then what is measured of it; `manifest.sha256` has the SHA-256 of each.
///
/// The folder moves from one whole state to the next (`StoredFolder`), so that results are only ever
/// there together with the run that they are of: those of a run that is gone on with stay until it
/// has ended again.
public struct RunFolder: Sendable {
  public let files: StoredFolder
  public var url: URL { files.url }

  public init(_ path: String) {
    files = StoredFolder(URL(fileURLWithPath: path, isDirectory: true))
  }

  public var path: String { url.path }
  public var parametersURL: URL { url.appending(path: Self.parametersName) }

  public static let parametersName = "parameters.bin"
  static let descriptionName = "run.json"
  static let checkpointName = "checkpoint.json"
  static let historyName = "history.json"
  static let analysisName = "analysis.json"
  static let spectraName = "spectra.json"
  /// The critical point that a run's end was refined to.
  public static let refinedName = "refined.bin"
  /// The critical point that a descent from a run's end came to.
  public static let criticalName = "critical.bin"

  /// What is of the parameters that were trained, and goes with them.
  private static let measuredNames = [
    analysisName, refinedName, criticalName, ExperimentStore.eigenvaluesName,
    ExperimentStore.resultName,
  ]
  /// What a fixture has beside its parameters.
  static let findingName = "finding.json"
  static let witnessName = "witness.bin"
  /// All that a run's or a fixture's state may be made of.
  static let names =
    measuredNames + [
      parametersName, descriptionName, checkpointName, historyName, spectraName, findingName,
      witnessName,
    ]

  /// Whether there is a run to resume.
  public var hasCheckpoint: Bool {
    get throws(RunError) { try files.has(Self.checkpointName) }
  }

  /// Takes the folder to its next state.
  ///
  /// - Throws: `RunError.notWritable`.
  func commit(_ changes: FolderChanges) throws(RunError) {
    try files.commit(changes.files, removing: changes.removed, known: Self.names)
  }

  /// As `commit`, while nobody else works on the folder.
  ///
  /// - Throws: `RunError.notWritable`.
  func commitAlone(_ changes: FolderChanges) throws {
    _ = try claiming(waiting: true) { try commit(changes) }
  }

  /// - Throws: `RunError.unreadable` or `.corrupt`.
  public func read<Value: Decodable>(_: Value.Type, from name: String) throws(RunError) -> Value {
    let path = url.appending(path: name).path
    guard let data = try files.data(name) else {
      throw .unreadable(path: path, cause: "there is no such file")
    }
    do {
      return try JSONDecoder().decode(Value.self, from: data)
    } catch {
      throw .corrupt(path: path, cause: describe(error))
    }
  }

  /// Numbers that are kept bit for bit; nil where there are none of that name.
  ///
  /// - Throws: `RunError.unreadable` or `.corrupt`, or `ParameterFileError`.
  public func numbers(_ name: String) throws -> [Double]? {
    try files.data(name).map {
      try ParameterFile.values(in: $0, path: url.appending(path: name).path)
    }
  }

  /// The points along the run; none where none were taken.
  private func along() throws(RunError) -> [PointAlong] {
    try files.has(Self.spectraName) ? read([PointAlong].self, from: Self.spectraName) : []
  }

  /// Where an earlier search for a critical point ended; nil where none is kept.
  ///
  /// - Throws: `RunError`, `ParameterFileError`.
  public func refined() throws -> [Double]? { try numbers(Self.refinedName) }

  /// Keeps the analysis of the run's end. A pack stays what it was packed as: of its runs none is kept.
  ///
  /// - Throws: `RunError.notWritable`.
  public func write(_ analysis: PointAnalysis) throws {
    if try files.isPartOfAnother { return }
    var changes = FolderChanges()
    try changes.put(analysis, as: Self.analysisName)
    try commitAlone(changes)
  }

  /// The run, its trained or imported parameters, and its history, which imported ones lack.
  ///
  /// - Throws: `RunError` or `ParameterFileError`.
  public func trained() throws -> (
    run: RunDescription, parameters: [Double], history: [EpochRecord]
  ) {
    let run = try description()
    guard let parameters = try numbers(Self.parametersName) else {
      throw RunError.nothingTrained(path: path)
    }
    var history: [EpochRecord] = []
    if let plan = run.experiment.plan {
      history = try read([EpochRecord].self, from: Self.historyName)
      guard history.isWhole(to: plan.epochs) else {
        throw RunError.corrupt(
          path: url.appending(path: Self.historyName).path,
          cause: "it should go from epoch 0 to \(plan.epochs)")
      }
    }
    return (run, parameters, history)
  }

  /// Throws `RunError.otherData` unless `prepared` has the samples that the run is of.
  public func requireData(of prepared: PreparedExperiment) throws {
    try description().requireContinues(as: prepared.description(), path: path)
  }

  /// What `run.json` says. It has a user's own files by their paths from this folder on, so that a
  /// run can be moved along with its data; here they are whole.
  private func description() throws(RunError) -> RunDescription {
    guard try files.has(Self.descriptionName) else {
      // One that is under way says what it is of in its checkpoint.
      throw try hasCheckpoint
        ? .nothingTrained(path: path)
        : .unreadable(
          path: url.appending(path: Self.descriptionName).path, cause: "there is no such file")
    }
    return try resolved(read(RunDescription.self, from: Self.descriptionName))
  }

  private func resolved(_ run: RunDescription) -> RunDescription {
    run.withFiles { $0.resolved(from: path) }
  }

  private func relative(_ run: RunDescription) -> RunDescription {
    run.withFiles { $0.relative(to: path) }
  }

  /// Takes over what another folder says of its run, and the run's history.
  ///
  /// - Throws: `RunError.unreadable`, `.corrupt` or `.notWritable`.
  func putDescription(of other: RunFolder, into changes: inout FolderChanges) throws(RunError) {
    try changes.put(relative(try other.description()), as: Self.descriptionName)
    try changes.put(
      try other.read([EpochRecord].self, from: Self.historyName), as: Self.historyName,
      isForPeople: false)
  }

  /// The state to go on from with the points along the run so far, or nil where it has not begun.
  ///
  /// - Throws: `RunError.otherExperiment` or `.otherData` where the checkpoint is of another run.
  func checkpoint<State: Codable>(
    _: State.Type, of run: RunDescription
  ) throws(RunError) -> (state: State, along: [PointAlong])? {
    guard try hasCheckpoint else { return nil }
    let stored = try read(Checkpoint<State>.self, from: Self.checkpointName)
    try resolved(stored.run).requireContinues(as: run, path: path)
    if let along = stored.along { return (stored.state, along) }
    return (stored.state, try along())
  }

  /// Keeps the state of a run that is under way.
  func keep<State: Codable>(
    _ state: State, along: [PointAlong], of run: RunDescription
  ) throws(RunError) {
    var changes = FolderChanges()
    try put(state, along, of: run, into: &changes)
    try commit(changes)
  }

  /// Keeps a run that has ended. What was measured of other parameters goes.
  func keep<State: Codable>(
    _ end: TrainedNetwork, state: State, along: [PointAlong], of run: RunDescription
  ) throws(RunError) {
    var changes = FolderChanges()
    try changes.put(relative(run), as: Self.descriptionName)
    try changes.put(end.history, as: Self.historyName)
    changes.put(numbers: end.parameters, as: Self.parametersName)
    if along.isEmpty {
      changes.removed.insert(Self.spectraName)
    } else {
      try changes.put(along, as: Self.spectraName)
    }
    try put(state, along, of: run, into: &changes)
    let isSame: Bool
    do throws(RunError) {
      isSame = try files.data(Self.parametersName) == changes.files[Self.parametersName]
    } catch {
      guard case .corrupt = error else { throw error }
      isSame = false
    }
    if !isSame { changes.removed.formUnion(Self.measuredNames) }
    try commit(changes)
  }

  private func put<State: Codable>(
    _ state: State, _ along: [PointAlong], of run: RunDescription,
    into changes: inout FolderChanges
  ) throws(RunError) {
    try changes.put(
      Checkpoint(run: relative(run), state: state, along: along), as: Self.checkpointName,
      isForPeople: false)
  }

  /// Throws `RunError.isImported` where the folder holds imported parameters, which training must
  /// not replace: they may be the only copy.
  func requireNoImport() throws(RunError) {
    guard try files.has(Self.descriptionName) else { return }
    let run = try read(RunDescription.self, from: Self.descriptionName)
    if case .imported = run.experiment.origin { throw .isImported(path: path) }
  }

  /// Writes a whole run of imported parameters into a folder that holds none yet.
  ///
  /// - Throws: `RunError.alreadyThere`, `.isImported` or `.notWritable`.
  func write(imported parameters: [Double], of run: RunDescription) throws {
    var changes = FolderChanges()
    try changes.put(relative(run), as: Self.descriptionName)
    changes.put(numbers: parameters, as: Self.parametersName)
    _ = try claiming(waiting: true) {
      try requireNoImport()
      guard try !hasCheckpoint, try !files.has(Self.descriptionName) else {
        throw RunError.alreadyThere(path: path)
      }
      try commit(changes)
    }
  }

  /// Does `body` while no other thread or process works on the run.
  ///
  /// What a step that was broken off has left to do is done first. The claim is a lock of the
  /// kernel's on a file: a process that is killed leaves none behind.
  /// - Parameter waiting: whether to wait for another's claim to end.
  /// - Returns: nil where another has the run and `waiting` is false.
  /// - Throws: `RunError.notWritable`, or what `body` throws.
  public func claiming<R>(waiting: Bool, _ body: () throws -> R) throws -> R? {
    let lock = url.appending(path: "lock").path
    do throws(FileError) {
      try DurableFile.makeFolder(path)
    } catch {
      throw RunError.notWritable(path: error.path, cause: error.cause)
    }
    let file = open(lock, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw RunError.notWritable(path: lock, cause: String(cString: strerror(errno)))
    }
    defer { close(file) }
    while flock(file, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      if errno == EWOULDBLOCK { return nil }
      throw RunError.notWritable(path: lock, cause: String(cString: strerror(errno)))
    }
    try files.settle(known: Self.names)
    return try body()
  }
}

private struct Checkpoint<State: Codable>: Codable {
  let run: RunDescription
  let state: State
  /// nil in those from before they were kept here; then `spectra.json` has them.
  let along: [PointAlong]?
}
