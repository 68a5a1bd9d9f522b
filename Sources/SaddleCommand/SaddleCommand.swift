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
      73 output that cannot be written; 75 another process works on it; 130 interrupted; 3 the \
      program of `--command` does not start or goes away; 1 anything else. `validate`: 0 all checks \
      passed; 1 one failed. `diff`: 0 nothing changed; 1 a figure or a verdict did. `doctor`: 0 all is \
      fine; 1 something is to be mended. `certify`: 0 proved; 1 refuted; 2 open.
      """,
    // In full where it is asked for: every command starts here, and git need not be asked by each.
    version: CommandLine.arguments.contains("--version") ? Version.line : Version.number,
    groupedSubcommands: [
      CommandGroup(
        name: "One run",
        subcommands: [
          ReproduceCommand.self, InitCommand.self, TrainCommand.self, SpectrumCommand.self,
          CertifyCommand.self, ImportCommand.self, ExportCommand.self,
        ]),
      CommandGroup(name: "Many runs", subcommands: [RunCommand.self, RunsCommand.self]),
      CommandGroup(
        name: "Tools",
        subcommands: oracleCommands + [
          LawCommand.self, OptimizersCommand.self, DataCommand.self, DoctorCommand.self,
          PinCommand.self,
        ]),
      // As they were called before they were commands of `runs`.
      CommandGroup(
        name: "Also without `runs`",
        subcommands: [
          SurveyCommand.self, ClaimsCommand.self, ReportCommand.self, DiffCommand.self,
          PackCommand.self, MeasureCommand.self,
        ]),
    ])

  /// Those of a program that is linked with GSL.
  private static var oracleCommands: [any ParsableCommand.Type] {
    #if GSL
      [ValidateCommand.self, ServeCommand.self]
    #else
      []
    #endif
  }

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
    if let mistyped = mistyped() {
      tell("saddle: \(mistyped)\n")
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

  /// What to say of a first word that is no command.
  private static func mistyped() -> String? {
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-") else { return nil }
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard !names.contains(word), word != "help" else { return nil }
    #if !GSL
      if ["validate", "serve"].contains(word) {
        return "`\(word)` needs GSL, which this build was made without"
      }
    #endif
    let near = names.map { (name: $0, distance: editDistance($0, word)) }
      .filter { $0.distance <= max(1, word.count / 3) }.min { $0.distance < $1.distance }
    let others = "`saddle --help` lists what there is"
    return "'\(word)' is no command: "
      + (near.map { "did you mean `saddle \($0.name)`? Else \(others)" } ?? others)
  }
}

/// Why `saddle` does not take these words; nil where it does, a question for help among them.
package func refusal(of words: [String]) -> String? {
  do {
    _ = try SaddleCommand.parseAsRoot(words)
    return nil
  } catch {
    return SaddleCommand.exitCode(for: error) == .success ? nil : SaddleCommand.message(for: error)
  }
}

/// How many letters must be put in, left out or changed to make one word of another.
func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var row = Array(0...b.count)
  for i in a.indices {
    var corner = row[0]
    row[0] = i + 1
    for j in b.indices {
      let changed = corner + (a[i] == b[j] ? 0 : 1)
      corner = row[j + 1]
      row[j + 1] = min(changed, corner + 1, row[j] + 1)
    }
  }
  return row[b.count]
}
