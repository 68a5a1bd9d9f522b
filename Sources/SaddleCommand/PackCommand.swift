import ArgumentParser
import Saddle

struct PackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Packs a store's results into one file, with the end points that are cited.",
    discussion: """
      The pack is a store itself: `saddle runs`, `saddle survey`, `saddle report` and `saddle diff` \
      read it. Trials of learning rates are left out. Kept in full are the runs of the least seed \
      of every optimizer that --cite names, on every data set and network where optimizers are \
      compared.
      """)

  @Argument(help: "The store's folder.")
  var store: String
  @Option(help: "The folder to write the pack to.")
  var out: String
  @Option(
    parsing: .upToNextOption, help: "Optimizers whose end points are kept.")
  var cite = ["momentum", "adam", "noisySGD", "krylovSaddleFreeNewton"]

  func run() throws {
    try reportingErrors {
      let store = ExperimentStore(self.store)
      let results = try allResults(of: store).filter { $0.measure.spectrum != .none }
      let cited = Survey(results).panels.flatMap(\.settings)
        .filter { cite.contains($0.setting.optimizer) }
        .compactMap { $0.runs.first { $0.end != nil }?.key }
      try store.pack(results, citing: Set(cited), into: out)
      print("\(results.count) results in \(out), the end points of \(cited.count) with them")
    }
  }
}

/// A store's finished runs; what is damaged is told and passed over.
func allResults(of store: ExperimentStore) throws -> [RunResult] {
  let (results, damaged) = try store.results()
  for error in damaged { tell("saddle: passed over: \(error)\n") }
  return results
}
