import Foundation
import Saddle

/// What this is: its version, the commit that it was built from, and what it computes with.
enum Version {
  static let number = "0.9.0"

  static var line: String {
    let library = BLASLibrary.current
    return "\(number) (\(commit)), \(library.version) with \(library.kernelName) kernels\(licence)"
  }

  /// What is left out where GSL is.
  private static var licence: String {
    #if GSL
      ""
    #else
      ", without GSL"
    #endif
  }

  /// What `script/install` wrote down; of a command in the folder where it was built, what git says.
  private static var commit: String {
    let program = URL(filePath: Bundle.main.executablePath ?? CommandLine.arguments[0])
      .resolvingSymlinksInPath()
    let folder = program.deletingLastPathComponent()
    let installed = folder.deletingLastPathComponent().appending(path: "share/saddle/commit")
    if let text = try? String(contentsOf: installed, encoding: .utf8) {
      return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    guard folder.path.contains("/.build") else { return "commit unknown" }
    let commit = firstLine("git", "-C", folder.path, "describe", "--always", "--dirty", "--abbrev=12")
    return commit == "unknown" ? "commit unknown" : "commit \(commit)"
  }
}
