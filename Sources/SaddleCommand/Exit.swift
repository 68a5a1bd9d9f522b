import ArgumentParser
import Foundation
import Oracles
import Saddle

/// Runs a command's work; an error becomes one line on standard error and a code that says what
/// kind it is (sysexits.h).
func reportingErrors(_ work: () throws -> Void) throws {
  do {
    try work()
    // `print` does not say when it fails: a full disk would lose results in silence.
    guard fflush(nil) == 0 else { throw OutputError() }
  } catch let error as ValidationError {
    throw error
  } catch let code as ExitCode {
    throw code
  } catch {
    tell("saddle: \(error)\n")
    throw ExitCode(code(for: error))
  }
}

/// Standard output cannot take the results.
struct OutputError: Error, CustomStringConvertible {
  var description: String { "standard output: cannot be written: the results are lost" }
}

/// Writes to standard error; where that is closed or full, nobody is there to be told.
func tell(_ text: String) {
  try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
}

private func code(for error: any Error) -> Int32 {
  switch error {
  case let error as DataError: error.exitCode
  case let error as TensorFileError: error.exitCode
  case is ImportError: 64
  case let error as GridError:
    if case .unreadable = error { 66 } else { 64 }
  case let error as RunError:
    switch error {
    case .notWritable: 73
    case .notRepresentable: 70
    case .nothingTrained, .unreadable: 66
    case .corrupt, .otherData: 65
    case .alreadyThere, .noPack, .isImported, .otherExperiment: 64
    case .busy: 75
    // As a shell says it of SIGINT.
    case .interrupted: 130
    }
  case is OutputError, is FileError, is FileIsThere: 73
  case is JSONError: 70
  case is MemoryError, SpectrumError.tooLarge: 71
  case is EigenvalueFileError, is StoreDamage: 65
  case SpectrumError.empty, SpectrumError.notFinite: 65
  case SpectrumError.structuralZeros: 64
  case let error as RandomMatrixError:
    if case .eigensolver = error { 70 } else { 64 }
  case ObjectiveError.invalidWeightDecay: 64
  case is ParameterFileError, is ObjectiveError: 65
  case is ModelError, is OptimizerError: 64
  case let error as TrainingError:
    switch error {
    case .invalidPlan, .beyondPlan: 64
    case .diverged: 70
    case .stateDoesNotFit, .stateInconsistent: 65
    }
  case is LinearAlgebraError, is SpectrumError, is BulkFitError: 70
  case KrylovError.invalid, SpectralEstimateError.invalidSetting: 64
  case is KrylovError, is SpectralEstimateError, is CriticalPointError: 70
  case is OracleError: 64
  case is ProgramAbsence: 3
  case let error as ProgramError: error.cause.isAbsence ? 3 : 1
  case is RemoteError: 65
  case let error as ReportError:
    switch error {
    case .gnuplotMissing: 69
    case .gnuplotFailed: 70
    case .notWritable: 73
    }
  default: 1
  }
}

/// Prints a name and a value a row, the values in one column.
func printTable(_ rows: [(name: String, value: String)]) {
  let width = rows.map(\.name.count).max() ?? 0
  for row in rows {
    print(row.name + String(repeating: " ", count: width - row.name.count) + "  " + row.value)
  }
}

/// Prints a value as JSON, alone on standard output.
func printJSON(_ value: some Encodable) throws {
  let data = try JSON.encode(value)
  do {
    try FileHandle.standardOutput.write(contentsOf: data)
  } catch {
    throw OutputError()
  }
}
