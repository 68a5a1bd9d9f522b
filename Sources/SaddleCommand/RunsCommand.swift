import ArgumentParser
import Foundation
import Saddle

/// What is done with a store of runs: `saddle runs STORE` lists it.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Lists a store of runs, decides claims by it, compares, packs and draws it.",
    subcommands: [
      RunsListCommand.self, SurveyCommand.self, ClaimsCommand.self, ReportCommand.self,
      DiffCommand.self, PackCommand.self, MeasureCommand.self,
    ],
    defaultSubcommand: RunsListCommand.self)
}

struct RunsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists what a store holds, for people, as CSV or as JSON.",
    discussion: "Columns to filter by: " + RunTable.columns.joined(separator: ", ") + ".")

  @Argument(help: "The store's folder.")
  var store: String
  @Argument(
    help: "Conditions that all must hold, such as optimizer=adam seed=1.", transform: filter)
  var filters: [RunFilter] = []
  @Flag(help: "Print CSV with every column (RFC 4180).")
  var csv = false
  @Flag(help: "Print the results as JSON.")
  var json = false

  @Flag(
    help: "Check every file against the SHA-256 that it was stored with, instead of listing.")
  var verify = false
  @Flag(help: "Store SHA-256 for runs from before that was done, of what they hold now.")
  var seal = false
  @OptionGroup var damage: DamageOption
  @OptionGroup var junit: JUnitOption

  func validate() throws {
    if [csv, json, verify, seal].count(where: { $0 }) > 1 {
      throw ValidationError("--csv, --json, --verify and --seal: give one")
    }
    guard junit.file == nil || verify || seal else {
      throw ValidationError("--junit is of what --verify finds")
    }
  }

  func run() throws {
    try reportingErrors {
      if seal { try ExperimentStore(store).seal() }
      if verify || seal { return try check() }
      let all = try damage.results(of: ExperimentStore(store))
      let results = zip(all, RunTable(all).rows)
        .filter { _, row in filters.allSatisfy { $0.accepts(row) } }.map(\.0)
      if json {
        try printJSON(results)
      } else if csv {
        print(RunTable(results).csv, terminator: "")
      } else {
        printTable(results.map { ($0.key, "\($0.experiment.name): \($0.summary)") })
      }
    }
  }
}

extension RunsListCommand {
  private func check() throws {
    let store = ExperimentStore(self.store)
    let found = try store.verified()
    for path in found.unsealed {
      print("\(path): has no manifest.sha256: `saddle runs \(self.store) --seal` makes it")
    }
    try junit.write(
      "runs --verify", of: self.store,
      [JUnitReport.Case(name: "\(found.files) files checked", outcome: .passed)]
        + found.damaged.map {
          JUnitReport.Case(name: "\($0)", outcome: .failed(type: "damaged", "\($0)"))
        })
    print("\(found.files) files checked, \(found.damaged.count) damaged")
    guard found.damaged.isEmpty else {
      throw StoreDamage(store: store.url.path, damaged: found.damaged)
    }
  }
}

private func filter(_ text: String) throws -> RunFilter {
  guard let filter = RunFilter(text) else {
    throw ValidationError("'\(text)' is no condition: give COLUMN=VALUE; see --help for columns")
  }
  return filter
}

extension RunResult {
  fileprivate var summary: String {
    guard let end else { return "diverged" }
    var parts = ["loss \(short(end.point.evaluation.loss))"]
    if let accuracy = end.test?.accuracy { parts.append("test accuracy \(percent(accuracy))") }
    if let share = end.point.spectrum?.share(at: PointLimits.strictZero) {
      parts.append(
        "index \(share.index.inWords(percent)), zeros \(share.degeneracy.inWords(percent)) at 1e-6")
    }
    return parts.joined(separator: ", ")
  }
}
