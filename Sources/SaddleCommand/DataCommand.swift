import ArgumentParser
import Foundation
import Saddle

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Says which data sets are found, and gets the originals.",
    subcommands: [List.self, Fetch.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists what is found, where, and whether it is the original.")

    @OptionGroup var data: DataOption
    @Flag(help: "Print JSON, alone on standard output.")
    var json = false

    func run() throws {
      try reportingErrors {
        let found = Dataset.allCases.map { DatasetStatus($0, in: data.folder) }
        if json {
          try printJSON(found)
        } else {
          for status in found { print("\(status)") }
        }
      }
    }
  }

  struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Downloads a data set's original files and verifies them.",
      discussion: """
        An interrupted download goes on where it stopped. A file gets its name only once its MD5, \
        as published, and its SHA-256, as recorded, are right.
        """)

    @Argument(help: "The data set.")
    var dataset: Dataset
    @Option(help: "Download from this address instead of the usual one.")
    var mirror: String?
    @Option(help: "The folder to put it in; else the user's cache folder.")
    var data: String?

    func run() throws {
      try reportingErrors {
        do throws(DataError) {
          try DataFetch(dataset, mirror: mirror, into: data).run(report: Self.show)
        } catch .inaccessible(let path, let cause) {
          throw RunError.notWritable(path: path, cause: cause)
        }
      }
    }

    private static func show(_ event: DataFetch.Event) {
      switch event {
      case .alreadyThere(let path): print("\(path): already there, verified")
      case .downloading(let url): print("\(url): downloading")
      case .verified(let path): print("\(path): verified")
      case .unpacking(let path): print("\(path): unpacking")
      }
    }
  }
}

extension Dataset: ExpressibleByArgument {}
