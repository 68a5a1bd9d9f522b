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

  /// Trains with progress on standard error.
  func training(
    _ prepared: PreparedExperiment, in folder: RunFolder? = nil, resume: Bool = false,
    spectrumEvery: Int? = nil
  ) throws -> TrainedNetwork {
    var progress = Progress(epochs: prepared.experiment.plan?.epochs ?? 0, isQuiet: quiet)
    return try prepared.train(in: folder, resume: resume, spectrumEvery: spectrumEvery) {
      progress.show($0)
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
    default: 65
    }
  }
}
