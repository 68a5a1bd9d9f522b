import Foundation

/// Why a folder of a run cannot be used.
public enum RunError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, cause: String)
  case notWritable(path: String, cause: String)
  case alreadyThere(path: String)
  case otherExperiment(path: String)
  case nothingTrained(path: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let cause): "\(path): cannot be read: \(cause)"
    case .notWritable(let path, let cause): "\(path): cannot be written: \(cause)"
    case .alreadyThere(let path):
      "\(path): holds a run already: go on with --resume, or name another folder"
    case .otherExperiment(let path):
      "\(path): its checkpoint is of another experiment; only the number of epochs may change "
        + "when a run is resumed"
    case .nothingTrained(let path): "\(path): holds no trained parameters: run `saddle train` first"
    }
  }
}

/// A run on disk: `experiment.json`, `checkpoint.json`, and once trained `parameters.bin` and
/// `history.json`, then `analysis.json`.
///
/// Every file is replaced as a whole, so a run that is killed leaves its last epoch's checkpoint.
public struct RunFolder: Sendable {
  public let url: URL

  public init(_ path: String) { url = URL(fileURLWithPath: path, isDirectory: true) }

  public var path: String { url.path }
  public var parametersURL: URL { url.appending(path: "parameters.bin") }
  private var checkpointURL: URL { url.appending(path: "checkpoint.json") }

  /// Whether there is a run to resume.
  public var hasCheckpoint: Bool {
    FileManager.default.fileExists(atPath: checkpointURL.path)
  }

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

  /// - Throws: `RunError.unreadable`.
  public func read<Value: Decodable>(_: Value.Type, from name: String) throws(RunError) -> Value {
    let source = url.appending(path: name)
    do {
      return try JSONDecoder().decode(Value.self, from: Data(contentsOf: source))
    } catch {
      throw .unreadable(path: source.path, cause: describe(error))
    }
  }

  /// - Throws: `RunError.notWritable`.
  public func write(parameters: [Double]) throws(RunError) {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      try ParameterFile.write(parameters, to: parametersURL)
    } catch {
      throw .notWritable(path: parametersURL.path, cause: describe(error))
    }
  }

  /// The experiment and the trained parameters.
  ///
  /// - Throws: `RunError` or `ParameterFileError`.
  public func trained() throws -> (experiment: Experiment, parameters: [Double]) {
    let experiment = try read(Experiment.self, from: "experiment.json")
    guard FileManager.default.fileExists(atPath: parametersURL.path) else {
      throw RunError.nothingTrained(path: path)
    }
    return (experiment, try ParameterFile.read(parametersURL))
  }

  /// The state to go on from, or nil where the run has not begun.
  ///
  /// - Throws: `RunError.otherExperiment` where the checkpoint belongs to another experiment.
  func checkpoint<State: Codable>(
    _: State.Type, of experiment: Experiment
  ) throws(RunError) -> State? {
    guard hasCheckpoint else { return nil }
    let stored = try read(Checkpoint<State>.self, from: checkpointURL.lastPathComponent)
    guard stored.experiment.isResumable(as: experiment) else { throw .otherExperiment(path: path) }
    return stored.state
  }

  func write(checkpoint state: some Codable, of experiment: Experiment) throws(RunError) {
    try write(
      Checkpoint(experiment: experiment, state: state), as: checkpointURL.lastPathComponent,
      isForPeople: false)
  }
}

private struct Checkpoint<State: Codable>: Codable {
  let experiment: Experiment
  let state: State
}

extension Experiment {
  /// Whether a run of this experiment is a beginning of `other`: all but name and epochs agree.
  fileprivate func isResumable(as other: Experiment) -> Bool {
    var same = self
    same.name = other.name
    guard
      let plan = try? TrainingPlan(
        epochs: other.plan.epochs, batchSize: self.plan.batchSize, seed: self.plan.seed,
        initialization: self.plan.initialization)
    else { return false }
    same.plan = plan
    return same == other
  }
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

/// Foundation's errors in words.
func describe(_ error: any Error) -> String {
  switch error {
  case let error as DecodingError: "\(error)"
  default: error.localizedDescription
  }
}
