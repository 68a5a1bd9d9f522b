import Foundation

/// Why a folder of a run cannot be used.
public enum RunError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, cause: String)
  case corrupt(path: String, cause: String)
  case notWritable(path: String, cause: String)
  case alreadyThere(path: String)
  case isImported(path: String)
  case otherExperiment(path: String)
  case otherData(path: String, data: String)
  case nothingTrained(path: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let cause): "\(path): cannot be read: \(cause)"
    case .corrupt(let path, let cause): "\(path): is damaged: \(cause)"
    case .notWritable(let path, let cause): "\(path): cannot be written: \(cause)"
    case .alreadyThere(let path):
      "\(path): holds a run already: go on with --resume, or name another folder"
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

/// A run on disk: `run.json` and a checkpoint per epoch, and once trained `parameters.bin` and
/// `history.json`, then `analysis.json`.
///
/// Every file is replaced as a whole, so a run that is killed leaves its last epoch's checkpoint;
/// results are only ever there together with the run that they are of.
public struct RunFolder: Sendable {
  public let url: URL

  public init(_ path: String) { url = URL(fileURLWithPath: path, isDirectory: true) }

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

  private func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: url.appending(path: name).path)
  }

  /// Whether there is a run to resume.
  public var hasCheckpoint: Bool { has(Self.checkpointName) }

  /// - Throws: `RunError.notWritable`.
  public func write(
    _ value: some Encodable, as name: String, isForPeople: Bool = true
  ) throws(RunError) {
    let target = url.appending(path: name)
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      try JSON.encode(value, isForPeople: isForPeople).write(to: target, options: .atomic)
    } catch {
      throw .notWritable(path: target.path, cause: describe(error))
    }
  }

  /// - Throws: `RunError.unreadable` or `.corrupt`.
  public func read<Value: Decodable>(_: Value.Type, from name: String) throws(RunError) -> Value {
    let source = url.appending(path: name)
    let data: Data
    do {
      data = try Data(contentsOf: source)
    } catch {
      throw .unreadable(path: source.path, cause: describe(error))
    }
    do {
      return try JSONDecoder().decode(Value.self, from: data)
    } catch {
      throw .corrupt(path: source.path, cause: describe(error))
    }
  }

  /// - Throws: `RunError.notWritable`.
  public func write(parameters: [Double]) throws(RunError) {
    try write(numbers: parameters, as: Self.parametersName)
  }

  /// - Throws: `RunError.notWritable`.
  public func write(numbers: [Double], as name: String) throws(RunError) {
    let target = url.appending(path: name)
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      try ParameterFile.write(numbers, to: target)
    } catch {
      throw .notWritable(path: target.path, cause: describe(error))
    }
  }

  /// The points along the run; none where none were taken.
  func along() throws(RunError) -> [PointAlong] {
    has(Self.spectraName) ? try read([PointAlong].self, from: Self.spectraName) : []
  }

  /// Where an earlier search for a critical point ended; nil where none is kept.
  ///
  /// - Throws: `ParameterFileError`.
  public func refined() throws(ParameterFileError) -> [Double]? {
    guard has(Self.refinedName) else { return nil }
    return try ParameterFile.read(url.appending(path: Self.refinedName))
  }

  public func write(_ analysis: PointAnalysis) throws(RunError) {
    try write(analysis, as: Self.analysisName)
  }

  /// The run, its trained or imported parameters, and its history, which imported ones lack.
  ///
  /// - Throws: `RunError` or `ParameterFileError`.
  public func trained() throws -> (
    run: RunDescription, parameters: [Double], history: [EpochRecord]
  ) {
    let run = try description()
    guard has(Self.parametersName) else { throw RunError.nothingTrained(path: path) }
    var history: [EpochRecord] = []
    if let plan = run.experiment.plan {
      history = try read([EpochRecord].self, from: Self.historyName)
      guard history.map(\.epoch) == Array(0...plan.epochs) else {
        throw RunError.corrupt(
          path: url.appending(path: Self.historyName).path,
          cause: "it should go from epoch 0 to \(plan.epochs)")
      }
    }
    return (run, try ParameterFile.read(parametersURL), history)
  }

  /// Throws `RunError.otherData` unless `prepared` has the samples that the run is of.
  public func requireData(of prepared: PreparedExperiment) throws {
    try description().requireContinues(as: prepared.description(), path: path)
  }

  /// What `run.json` says. It has a user's own files by their paths from this folder on, so that a
  /// run can be moved along with its data; here they are whole.
  private func description() throws(RunError) -> RunDescription {
    try resolved(read(RunDescription.self, from: Self.descriptionName))
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
  func copyDescription(of other: RunFolder) throws(RunError) {
    try write(relative(try other.description()), as: Self.descriptionName)
    try write(
      try other.read([EpochRecord].self, from: Self.historyName), as: Self.historyName,
      isForPeople: false)
  }

  /// The state to go on from, or nil where the run has not begun.
  ///
  /// - Throws: `RunError.otherExperiment` or `.otherData` where the checkpoint is of another run.
  func checkpoint<State: Codable>(
    _: State.Type, of run: RunDescription
  ) throws(RunError) -> State? {
    guard hasCheckpoint else { return nil }
    let stored = try read(Checkpoint<State>.self, from: Self.checkpointName)
    try resolved(stored.run).requireContinues(as: run, path: path)
    return stored.state
  }

  /// Begins or goes on with a run: what an earlier one left goes, so that no results stand beside
  /// a run that they are not of.
  func begin(_ run: RunDescription) throws(RunError) {
    let left = [Self.parametersName, Self.historyName, Self.analysisName, Self.spectraName]
    for name in left where has(name) {
      let target = url.appending(path: name)
      do {
        try FileManager.default.removeItem(at: target)
      } catch {
        throw .notWritable(path: target.path, cause: describe(error))
      }
    }
    try write(relative(run), as: Self.descriptionName)
  }

  /// Throws `RunError.isImported` where the folder holds imported parameters, which training must
  /// not replace: they may be the only copy.
  func requireNoImport() throws(RunError) {
    guard has(Self.descriptionName) else { return }
    let run = try read(RunDescription.self, from: Self.descriptionName)
    if case .imported = run.experiment.origin { throw .isImported(path: path) }
  }

  /// Writes a whole run of imported parameters into a folder that holds none yet.
  ///
  /// - Throws: `RunError.alreadyThere`, `.isImported` or `.notWritable`.
  func write(imported parameters: [Double], of run: RunDescription) throws(RunError) {
    try requireNoImport()
    guard !hasCheckpoint, !has(Self.descriptionName) else { throw .alreadyThere(path: path) }
    try begin(run)
    try write(parameters: parameters)
  }

  func write(checkpoint state: some Codable, of run: RunDescription) throws(RunError) {
    try write(Checkpoint(run: relative(run), state: state), as: Self.checkpointName, isForPeople: false)
  }
}

private struct Checkpoint<State: Codable>: Codable {
  let run: RunDescription
  let state: State
}

/// JSON as the project writes it: sorted keys, shortest decimals that read back the same.
public enum JSON {
  public static func encode(_ value: some Encodable, isForPeople: Bool = true) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isForPeople { encoder.outputFormatting.insert(.prettyPrinted) }
    return try encoder.encode(value) + Data("\n".utf8)
  }
}
