import Foundation
import Spawning

/// A program of the system, found on the search path.
package struct Program: Sendable {
  package let path: String
  private let environment: [String: String]

  /// - Throws: `DataError.programMissing`.
  package init(_ name: String, environment: [String: String]) throws(DataError) {
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    guard
      let path = folders.lazy.map({ "\($0)/\(name)" }).first(where: {
        FileManager.default.isExecutableFile(atPath: $0) && !DataFolder.isFolder($0)
      })
    else { throw .programMissing(name: name) }
    self.path = path
    self.environment = environment
  }

  /// A program whose file is known.
  package init(path: String, environment: [String: String]) {
    self.path = path
    self.environment = environment
  }

  /// How a program ended, and what it said.
  package struct Outcome: Sendable {
    /// Its exit code, or 128 and the number of the signal that ended it.
    package let status: Int32
    package let output: String
    /// What it wrote to its error stream, if that was not the user's terminal.
    package let complaint: String
  }

  /// Runs the program to its end.
  ///
  /// It stays in this process's group, which Foundation's `Process` would take it out of: an
  /// interrupt from the keyboard must end a download and not leave it running alone.
  ///
  /// - Parameter isWatched: Whether its error stream goes to the user, progress bar and all,
  ///   rather than into the outcome.
  /// - Throws: `DataError.inaccessible` where it cannot be started.
  package func run(_ arguments: [String], isWatched: Bool = false) throws(DataError) -> Outcome {
    // Files without names rather than pipes, which a talkative program would fill up.
    guard let output = tmpfile() else { throw failure(errno) }
    defer { fclose(output) }
    guard let complaints = tmpfile() else { throw failure(errno) }
    defer { fclose(complaints) }

    let child: ChildProcess
    do throws(ChildProcess.Refusal) {
      child = try ChildProcess(
        path: path, arguments, environment: environment, input: .file("/dev/null"),
        output: .descriptor(fileno(output)),
        errors: isWatched ? .inherited : .descriptor(fileno(complaints)))
    } catch {
      throw failure(error.code)
    }
    let status: Int32 =
      switch child.wait() {
      case .exited(let status): status
      case .killed(let signal): 128 + signal
      }
    return Outcome(
      status: status, output: Self.text(output), complaint: Self.text(complaints))
  }

  private func failure(_ code: Int32) -> DataError {
    .inaccessible(path: path, cause: String(cString: strerror(code)))
  }

  private static func text(_ file: UnsafeMutablePointer<FILE>) -> String {
    rewind(file)
    // The first words say what is wrong; a thousand lines would not say more.
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
