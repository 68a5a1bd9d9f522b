import ArgumentParser
import Foundation
import Saddle
import Threads

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a grid of experiments into a store, and goes on where it was broken off.",
    discussion: """
      The grid is JSON: groups of data, networks, optimizers with learning rates to choose from, \
      seeds, and what to measure; see the folder experiments. What the store holds already is not \
      run again; a run that was killed goes on from its last epoch. Several processes may work on \
      one store, on several machines too where they share its folder: each takes what no other is at. \
      With --shard each has a part of its own, as the jobs of an array do that start at different \
      times: a setting's trials of learning rates stay with its runs, so that none waits for another.
      """)

  @Argument(help: "The grid's JSON file.")
  var grid: String
  @Option(help: "The store's folder.")
  var store: String
  @Option(help: "Runs at a time.")
  var jobs = ProcessInfo.processInfo.activeProcessorCount
  @Flag(help: "Run the slice alone: of the groups that have one, the slice's seeds.")
  var slice = false
  @Option(
    help: ArgumentHelp("Run part i of n alone, i from 1.", valueName: "i/n"))
  var shard = GridShard.whole
  @Flag(help: "Only say what would run.")
  var dryRun = false
  @OptionGroup var data: DataOption
  @OptionGroup var pace: PaceOption
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard jobs > 0 else { throw ValidationError("--jobs needs 1 or more") }
  }

  func run() throws {
    try reportingErrors {
      let whole = try ExperimentGrid(from: self.grid)
      let grid = slice ? try whole.slice() : whole
      let interruption = dryRun ? nil : Interruption()
      let runner = GridRunner(
        store: ExperimentStore(store), data: data.folder, shard: shard, jobs: jobs, pace: pace.pace,
        isInterrupted: { interruption?.hasCome ?? false })
      if dryRun {
        try show(runner.plan(grid), in: runner.store)
        return
      }
      let progress = GridProgress(isQuiet: output.quiet)
      let results = try runner.run(grid) { progress.show($0) }
      if output.json {
        try printJSON(results)
      } else {
        let plan = try runner.plan(grid)
        for tuned in plan.choices { print(tuned.summary) }
        let diverged = results.filter { $0.end == nil }.count
        print("\(results.count) runs in \(store), \(diverged) of them diverged")
      }
    }
  }

  private func show(_ plan: GridRunner.Plan, in store: ExperimentStore) throws {
    let done = try plan.runs.filter { try store.result(of: $0.key) != nil }.count
    printTable([
      ("trials of learning rates to run", "\(plan.trials.count)"),
      ("runs with a rate that is known", "\(plan.runs.count), \(done) of them finished"),
      ("epochs to train", "\(try epochs(of: plan, in: store))"),
      ("time", try estimate(of: plan, in: store)),
    ])
    if !plan.trials.isEmpty { print("Further runs follow from the trials.") }
  }

  /// From what the store's runs took: those on the same data and network where there are any, else
  /// all that were measured the same way.
  private func estimate(of plan: GridRunner.Plan, in store: ExperimentStore) throws -> String {
    struct Kind: Hashable {
      let panel: RunSetting.Panel?
      let measure: EndMeasurement
    }
    func mean(_ runs: [RunResult]) -> Double {
      runs.reduce(0) { $0 + $1.trainingSeconds + $1.analysisSeconds } / Double(runs.count)
    }
    let open = try (plan.trials + plan.runs).filter { try store.result(of: $0.key) == nil }
    let finished =
      FileManager.default.fileExists(atPath: store.url.path) ? try store.results().results : []
    let alike = Dictionary(grouping: finished) {
      Kind(panel: RunSetting(of: $0.experiment)?.panel, measure: $0.measure)
    }.mapValues(mean)
    let byMethod = Dictionary(grouping: finished, by: \.measure.spectrum).mapValues(mean)
    let seconds = open.compactMap { run in
      alike[Kind(panel: RunSetting(of: run.experiment)?.panel, measure: run.measure)]
        ?? byMethod[run.measure.spectrum]
    }
    guard seconds.count == open.count else { return "not known before runs like these are finished" }
    return "about \(short(seconds.reduce(0, +) / Double(jobs) / 60)) minutes with \(jobs) jobs"
  }

  private func epochs(of plan: GridRunner.Plan, in store: ExperimentStore) throws -> Int {
    try (plan.trials + plan.runs).filter { try store.result(of: $0.key) == nil }
      .reduce(0) { $0 + ($1.experiment.plan?.epochs ?? 0) }
  }
}

extension GridShard: ExpressibleByArgument {
  public init?(argument: String) {
    let numbers = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let number = numbers[0], let count = numbers[1],
      let shard = try? GridShard(number, of: count)
    else { return nil }
    self = shard
  }
}

extension GridRunner.TunedSetting {
  /// "mnist: adam on 16 tanh takes η = 0.003 (0.001: 0.2, 0.003: 0.1, 0.01: 0.3)".
  fileprivate var summary: String {
    let trials = choice.trials.map { trial in
      "\(trial.learningRate): \(trial.loss.map(short) ?? "diverged")"
    }
    return "\(group): \(setting.optimizer.name) on \(setting.network.summary) takes "
      + "η = \(choice.learningRate)\(choice.isAtEdge ? ", at the edge" : "") "
      + "(\(trials.joined(separator: ", ")))"
  }
}

/// A line for every run that ends, from any thread.
private final class GridProgress: Sendable {
  private let isQuiet: Bool
  private let state = Mutex((done: 0, runs: 0, start: ContinuousClock.now))

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  func show(_ event: GridEvent) {
    guard !isQuiet else { return }
    state.withLock { state in
      switch event {
      case .round(let runs): state = (0, runs, .now)
      case .began: break
      case .finished(let result):
        state.done += 1
        let seconds = (ContinuousClock.now - state.start) / .seconds(1)
        let left = seconds / Double(state.done) * Double(state.runs - state.done)
        let loss = result.end.map { "loss \(short($0.point.evaluation.loss))" } ?? "diverged"
        tell(
          "\(state.done)/\(state.runs)  \(Int(left)) s left  \(result.experiment.name): \(loss)\n")
      }
    }
  }
}
