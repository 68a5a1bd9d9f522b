import Foundation

/// Brings one file from the web, by the `curl` program.
///
/// Bytes arrive in `<file>.part`. What is there from an earlier try is continued; where the mirror
/// cannot continue, the file is fetched afresh. Only a verified file gets its name.
struct Download: Sendable {
  let file: PublishedFile
  /// The mirror's base, ending in a slash.
  let mirror: String
  /// Where the file goes.
  let folder: String
  /// Whether curl draws its progress on the user's terminal.
  let showsProgress: Bool

  var url: String { mirror + file.name }
  var destination: String { "\(folder)/\(file.name)" }
  private var part: String { destination + ".part" }

  /// Whether the mirror cannot continue the file: it knows no ranges (33), a resumption fails (36),
  /// or it answers 416 because the part is no shorter than its file.
  private static func cannotContinue(_ outcome: Program.Outcome) -> Bool {
    outcome.status == 33 || outcome.status == 36
      || (outcome.status == 22 && outcome.output == "416")
  }

  /// - Throws: `DataError.downloadFailed`, `.checksumMismatch`, `.programMissing`,
  ///   `.inaccessible`, `.digestUnavailable`.
  func run(environment: [String: String]) throws(DataError) {
    // A transfer that was stopped between its last byte and its verification needs no network.
    if FileManager.default.fileExists(atPath: part) {
      do {
        try file.verify(part)
        return try moveFile(part, to: destination)
      } catch .checksumMismatch {
        // Not whole yet: go on with it.
      }
    }
    let curl = try Program("curl", environment: environment)
    let hadPart = FileManager.default.fileExists(atPath: part)
    var outcome = try transfer(curl)
    if hadPart && Self.cannotContinue(outcome) {
      try removeFile(part)
      outcome = try transfer(curl)
    }
    guard outcome.status == 0 else {
      throw .downloadFailed(url: url, cause: Self.cause(outcome))
    }
    // curl writes no file at all for an empty answer.
    guard FileManager.default.fileExists(atPath: part) else {
      throw .downloadFailed(url: url, cause: "the mirror sent an empty file")
    }
    do {
      try file.verify(part)
    } catch .checksumMismatch(_, let algorithm, let expected, let found) {
      // Continuing a wrong file would keep it wrong for ever.
      try removeFile(part)
      throw .checksumMismatch(
        path: destination, algorithm: algorithm, expected: expected, found: found)
    }
    try moveFile(part, to: destination)
  }

  private func transfer(_ curl: Program) throws(DataError) -> Program.Outcome {
    let display = showsProgress ? ["--progress-bar"] : ["--silent", "--show-error"]
    return try curl.run(
      display + [
        "--fail", "--location", "--retry", "3", "--connect-timeout", "30",
        "--continue-at", "-", "--write-out", "%{http_code}", "--output", part, "--url", url,
      ], isWatched: showsProgress)
  }

  private static func cause(_ outcome: Program.Outcome) -> String {
    if !outcome.complaint.isEmpty { return outcome.complaint }
    let reason =
      switch outcome.status {
      case 5, 6: "the host's address was not found"
      case 7: "the host does not answer"
      case 18: "the transfer ended early"
      case 22: "the mirror does not have the file or refuses it"
      case 23: "the file could not be written"
      case 28: "the time ran out"
      case 35, 51, 58, 60: "no secure connection"
      default: "curl failed"
      }
    return "\(reason) (curl's exit code \(outcome.status))"
  }
}

/// Gives the file or folder at `source` the name `destination`, in one step and in place of what
/// file was there.
///
/// - Throws: `DataError.inaccessible`.
func moveFile(_ source: String, to destination: String) throws(DataError) {
  do throws(FileError) {
    try DurableFile.move(source, to: destination)
  } catch {
    throw .inaccessible(path: error.path, cause: error.cause)
  }
}

/// - Throws: `DataError.inaccessible`.
func removeFile(_ path: String) throws(DataError) {
  do {
    try FileManager.default.removeItem(atPath: path)
  } catch {
    throw .inaccessible(path: path, cause: error.localizedDescription)
  }
}

/// Makes the folder at `path` and those above it, where they are not there yet.
///
/// - Throws: `DataError.inaccessible`.
func makeFolder(_ path: String) throws(DataError) {
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    throw .inaccessible(path: path, cause: error.localizedDescription)
  }
}
