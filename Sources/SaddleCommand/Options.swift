import ArgumentParser
import Foundation
import Saddle

/// Where data sets are looked for.
struct DataOption: ParsableArguments {
  @Option(
    help: "The folder with the data sets; else SADDLE_DATA, else the user's cache folder.")
  var data: String?

  var folder: DataFolder { DataFolder(data) }
}

/// How results and progress are shown.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON, alone on standard output.")
  var json = false
  @Flag(help: "Print no progress.")
  var quiet = false

  /// A remark on standard error.
  func say(_ text: String) {
    guard !quiet else { return }
    tell(text + "\n")
  }

  /// Trains with progress on standard error; in a folder so that an interrupted run can go on.
  func training(
    _ prepared: PreparedExperiment, in folder: RunFolder? = nil, resume: Bool = false,
    spectrumEvery: Int? = nil, pace: CommitPace = CommitPace()
  ) throws -> TrainedNetwork {
    var progress = Progress(epochs: prepared.experiment.plan?.epochs ?? 0, isQuiet: quiet)
    guard let folder else {
      return try prepared.train(spectrumEvery: spectrumEvery) { progress.show($0) }
    }
    let interruption = Interruption()
    let trained = try folder.claiming(waiting: false) {
      try prepared.train(
        in: folder, resume: resume, spectrumEvery: spectrumEvery, pace: pace,
        onEvent: { progress.show($0) }, isInterrupted: { interruption.hasCome })
    }
    guard let trained else { throw RunError.busy(path: folder.path) }
    return trained
  }
}

/// How often the state of a run that is under way is kept.
struct PaceOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      Seconds between checkpoints, 0 for one after every step; else as often as costs a fiftieth of \
      the time.
      """)
  var checkpointEvery: Double?

  var pace: CommitPace { CommitPace(every: checkpointEvery) }

  func validate() throws {
    guard 0...1e9 ~= checkpointEvery ?? 0 else {
      throw ValidationError("--checkpoint-every needs seconds, 0 or more")
    }
  }
}

extension Activation: ExpressibleByArgument {}
extension Loss: ExpressibleByArgument {}
extension Initialization: ExpressibleByArgument {}
extension Standardization: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}

extension DataError {
  /// Whether the data is not there, rather than wrong.
  var isAbsence: Bool {
    switch self {
    case .datasetNotFound, .folderEmpty, .fileNotFound, .pythonVersion, .fileMoved: true
    default: false
    }
  }

  var exitCode: Int32 {
    switch self {
    case _ where isAbsence: 66
    case .programMissing, .downloadFailed: 69
    case .invalidCount, .poolingDoesNotDivide, .noFilesNamed, .notImages, .severalFolders: 64
    case .tensorFile(let error): error.exitCode
    case .needsMemory: 71
    default: 65
    }
  }
}

extension TensorFileError {
  var exitCode: Int32 {
    switch problem {
    case .inaccessible: 66
    case .notWritable: 73
    case .unknownFormat: 64
    case .needsMemory: 71
    default: 65
    }
  }
}
