import ArgumentParser
import Foundation
import Saddle

@main
struct SaddleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "saddle",
    abstract: "Tells what kind of point a training run really ended at, and proves it.",
    discussion: """
      Exit codes: 0 done, whatever the verdict; 64 wrong usage; 65 data that cannot be read; \
      66 data or a run that is not there; 69 a program or a server that is needed is missing; \
      70 the numerics failed (training diverged, no convergence); 71 more memory than there is; \
      73 output that cannot be written; 75 another process works on it; 130 interrupted; 1 anything \
      else. `validate`: 0 all checks passed; 1 one failed; 3 the program does not start. `diff`: 0 \
      nothing changed; 1 a figure or a verdict did. `doctor`: 0 all is fine; 1 something is to be \
      mended. `certify`: 0 proved; 1 refuted; 2 open.
      """,
    version: Version.line,
    subcommands: [
      ReproduceCommand.self, TrainCommand.self, SpectrumCommand.self, CertifyCommand.self,
      ImportCommand.self, ExportCommand.self, DataCommand.self,
      LawCommand.self, RunCommand.self, RunsCommand.self, SurveyCommand.self, ClaimsCommand.self,
      ReportCommand.self,
      DiffCommand.self, PackCommand.self, MeasureCommand.self, PinCommand.self,
      OptimizersCommand.self, ValidateCommand.self, ServeCommand.self, DoctorCommand.self,
    ])

  /// Starts anew first where BLAS runs kernels that do not suit the processor.
  static func main() {
    StandardStreams.occupy()
    // A file beyond the limit of sizes is then an error like a full disk.
    signal(SIGXFSZ, SIG_IGN)
    do {
      try ArgumentText.check()
    } catch {
      tell("saddle: \(error)\n")
      exit(withError: ExitCode(64))
    }
    do {
      try BLASStart.prepare { tell("saddle: \($0)\n") }
    } catch {
      tell("saddle: \(error)\n")
      exit(withError: ExitCode(69))
    }
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard exitCode(for: error) == .success else { exit(withError: error) }
      // A help that was asked for is a result like any other.
      print(fullMessage(for: error))
      guard fflush(nil) == 0 else {
        tell("saddle: \(OutputError())\n")
        exit(withError: ExitCode(73))
      }
    }
  }
}
