import ArgumentParser
import Foundation
import Saddle

struct MeasureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Measures the ends of a store's runs anew, without training.",
    discussion: """
      For when the rules of measurement have changed: every run whose parameters the store or the \
      pack keeps is measured as `saddle run` would, and its result replaced. Other runs are left as \
      they are. A refined point that is kept is gone on from.
      """)

  @Argument(help: "The store's folder, or a pack.")
  var store: String
  @Argument(help: "The keys of the runs; all that can be measured, if none is given.")
  var keys: [String] = []
  @OptionGroup var damage: DamageOption
  @OptionGroup var data: DataOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    try reportingErrors {
      let store = ExperimentStore(self.store)
      let results = try damage.results(of: store)
      let known = Set(results.map(\.key))
      if let key = keys.first(where: { !known.contains($0) }) {
        throw ValidationError("'\(key)' is no run of \(self.store)")
      }
      var measured: [Remeasurement] = []
      for result in results where keys.isEmpty || keys.contains(result.key) {
        guard let again = try store.measured(result, data: data.folder) else { continue }
        if try !store.isPack { try store.replace(again) }
        measured.append(again)
        output.say("\(result.key)  \(result.experiment.name)")
      }
      if try store.isPack {
        try store.replaceInPack(measured) { Survey($0).findings }
      }
      print("\(measured.count) of \(results.count) runs measured anew")
    }
  }
}
