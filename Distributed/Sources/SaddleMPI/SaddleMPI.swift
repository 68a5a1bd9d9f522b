import ArgumentParser
import Foundation
import Saddle
import SaddleDistributed

@main
struct SaddleMPI: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "saddle-mpi",
    abstract: "What `saddle` does, over the processes that mpirun starts.",
    discussion: """
      Exit codes are those of `saddle`; an error of one process ends all of them.
      """,
    subcommands: [SpectrumCommand.self])

  /// Process 0 speaks for all.
  static func main() {
    do {
      try BLASStart.prepare { _ in }
      let communicator = try Communicator.start()
      let code = run(communicator)
      try communicator.end()
      Foundation.exit(code)
    } catch {
      tell("saddle-mpi: \(error)\n")
      Foundation.exit(ExitCode.failure.rawValue)
    }
  }

  private static func run(_ communicator: Communicator) -> Int32 {
    do {
      var command = try parseAsRoot()
      guard let spectrum = command as? SpectrumCommand else {
        try command.run()
        return 0
      }
      try spectrum.run(communicator)
      return 0
    } catch let error as Refusal {
      if communicator.rank == 0 { tell("saddle-mpi: \(error.text)\n") }
      return error.code
    } catch {
      let code = exitCode(for: error)
      if code != .success, code != .validationFailure {
        // Not the parser's, which every process meets: others may be waiting for this one.
        tell("saddle-mpi: process \(communicator.rank): \(error)\n")
        communicator.abort(70)
      } else if communicator.rank == 0 {
        let text = fullMessage(for: error)
        if code == .success { print(text) } else { tell(text + "\n") }
      }
      return code.rawValue
    }
  }
}

/// What all processes agree on that cannot be done.
struct Refusal: Error {
  let text: String
  let code: Int32
}

func tell(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
