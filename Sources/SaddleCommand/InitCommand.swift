import ArgumentParser
import Foundation
import Saddle

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Writes an experiment to begin with, for `saddle train --config`.",
    discussion: """
      The keys that most experiments have are there, with comments on what may stand in their place. A \
      file that is there already is left as it is.
      """)

  @Argument(help: "The JSON file.")
  var file = "experiment.json"

  func run() throws {
    try reportingErrors {
      let url = URL(fileURLWithPath: file)
      do {
        try Data(Experiment.example.utf8).write(to: url, options: .withoutOverwriting)
      } catch CocoaError.fileWriteFileExists {
        throw FileIsThere(path: file)
      } catch {
        throw RunError.notWritable(path: file, cause: error.localizedDescription)
      }
      print("\(file): written. Change it, then: saddle train --config \(file) --out run")
    }
  }
}

/// A file that would have been written over.
struct FileIsThere: Error, CustomStringConvertible {
  let path: String

  var description: String { "\(path): is there already, and is left as it is: give another name" }
}
