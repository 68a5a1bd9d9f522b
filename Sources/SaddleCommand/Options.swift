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

/// Prints an analysis and what follows from it for the paper's claims.
func printAnalysis(_ analysis: PointAnalysis, test: Evaluation?, claims: [Claim]) {
  printTable(analysis.table(test: test))
  print("")
  for claim in claims {
    print("\(claim.statement)\n  \(claim.verdict.rawValue): \(claim.evidence)")
  }
}

/// What an analysis prints as JSON.
struct SpectrumOutput: Encodable {
  let experiment: Experiment
  let evaluation: Evaluation
  let test: Evaluation?
  let least: Double
  let greatest: Double
  let structuralZeros: Int
  let degeneracy: [Degeneracy]
  let index: [Index]
  let secondCount: ToleranceCount
  let certificate: NegativeCurvatureCertificate?
  let certificateIsValid: Bool
  let claims: [Claim]
  let eigenvalues: [Double]
  /// Outliers, layers, fits and refinement, as far as they were asked for.
  let further: SpectrumReport?

  struct Index: Encodable {
    let tolerance: Double
    let index: Int
  }

  init(
    experiment: Experiment, analysis: PointAnalysis, test: Evaluation?, claims: [Claim],
    further: SpectrumReport? = nil
  ) {
    let spectrum = analysis.spectrum
    self.experiment = experiment
    evaluation = analysis.evaluation
    self.test = test
    least = spectrum.least
    greatest = spectrum.greatest
    structuralZeros = spectrum.structuralZeros
    degeneracy = spectrum.degeneracyCurve()
    index = Spectrum.standardTolerances.map {
      Index(tolerance: $0, index: spectrum.index(at: $0))
    }
    secondCount = analysis.secondCount
    certificate = analysis.certificate
    certificateIsValid = analysis.isCertified
    self.claims = claims
    eigenvalues = spectrum.eigenvalues
    self.further = further
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
