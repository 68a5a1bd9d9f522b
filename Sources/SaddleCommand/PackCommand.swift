import ArgumentParser
import Foundation
import Saddle

struct PackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Packs a store's results into one file, with the end points that are cited.",
    discussion: """
      The pack is a store itself: `saddle runs`, `saddle survey`, `saddle report` and `saddle diff` \
      read it. Trials of learning rates are left out. Kept in full are the runs of the least seed \
      that the findings cite: of every optimizer that --cite names, on every data set and network \
      where optimizers are compared; of every level of a series; of every setting that was refined \
      or followed along training. Where the grid has protocols for claims, all runs are kept, since \
      every verdict cites all of its own, and what they come to is written beside them.
      """)

  @Argument(help: "The store's folder.")
  var store: String
  @Option(help: "The folder to write the pack to.")
  var out: String
  @Option(
    parsing: .upToNextOption, help: "Optimizers whose end points are kept.")
  var cite = ["momentum", "adam", "noisySGD", "krylovSaddleFreeNewton"]

  @Option(help: "The grid that the runs are of, for the provenance.")
  var grid = "experiments/paper.json"
  @OptionGroup var damage: DamageOption
  @OptionGroup var data: DataOption

  func run() throws {
    try reportingErrors {
      let store = ExperimentStore(self.store)
      // A store may be packed where the grid's file is not: its name is then all there is.
      let grid =
        FileManager.default.fileExists(atPath: self.grid)
        ? try ExperimentGrid(from: self.grid) : nil
      let results = try damage.results(of: store).filter { $0.measure.takesMoreThanLosses }
      var beside = FolderChanges()
      try beside.put(provenance(of: results), as: ExperimentStore.provenanceName)
      let cited: Set<String>
      if let grid, grid.claims != nil {
        cited = Set(results.filter { $0.end != nil }.map(\.key))
        try beside.put(
          ClaimsCommand.decided(grid, in: store, damage).findings, as: ExperimentStore.claimsName)
      } else {
        let survey = Survey(results)
        cited = Set(survey.cited(optimizers: Set(cite)).map(\.key))
        try beside.put(survey.findings, as: ExperimentStore.findingsName)
      }
      try store.pack(results, citing: cited, beside: beside, into: out)
      print("\(results.count) results in \(out), the end points of \(cited.count) with them")
    }
  }
}

extension PackCommand {
  /// One for each set of samples that was trained on.
  private func provenance(of results: [RunResult]) throws -> [Provenance] {
    var seen: Set<DataSource> = []
    return try results.filter { seen.insert($0.experiment.data.source).inserted }.map { result in
      try Provenance(
        of: DatasetDescription(result.experiment.data.source).samples(from: data.folder),
        madeBy: "saddle run \(grid)", blas: result.blas)
    }.sorted { $0.data < $1.data }
  }
}
