import Foundation
import Threads

/// What a grid is doing.
public enum GridEvent: Sendable {
  /// A round of runs begins: how many of them are new.
  case round(runs: Int)
  case began(GridRun)
  case finished(RunResult)
}

/// Runs grids into a store; what is finished there is never run again.
public struct GridRunner: Sendable {
  public let store: ExperimentStore
  public let data: DataFolder
  /// Which part of a grid is this one's.
  public let shard: GridShard
  /// Runs at a time.
  public let jobs: Int
  /// How often a run's state is kept on the way.
  public let pace: CommitPace
  /// Asked after every step of training: whether to end there.
  public let isInterrupted: @Sendable () -> Bool

  /// - Precondition: `jobs` ≥ 1.
  public init(
    store: ExperimentStore, data: DataFolder, shard: GridShard = .whole, jobs: Int,
    pace: CommitPace = CommitPace(), isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    precondition(jobs >= 1)
    self.store = store
    self.data = data
    self.shard = shard
    self.jobs = jobs
    self.pace = pace
    self.isInterrupted = isInterrupted
  }

  /// Tunes what is to be tuned, then runs the rest. Killed at any moment, the same call goes on
  /// from the last epoch of each run that was under way.
  ///
  /// - Returns: The results of the grid, or of its part, in its order.
  /// - Throws: `GridError`, `DataError`, `RunError`, `RunError.interrupted`, or what a run fails
  ///   with, other than by diverging; what is finished until then stays.
  public func run(
    _ grid: ExperimentGrid, onEvent: @escaping @Sendable (GridEvent) -> Void = { _ in }
  ) throws -> [RunResult] {
    while true {
      let plan = try plan(grid)
      guard plan.trials.isEmpty else {
        try perform(plan.trials, onEvent)
        continue
      }
      try perform(plan.runs, onEvent)
      return try plan.runs.compactMap { try store.result(of: $0.key) }
    }
  }

  /// What the grid, or its part, needs next, as far as the store's results tell.
  public struct Plan: Equatable, Sendable {
    /// Trials of learning rates that are not finished: further ones may follow from them.
    public let trials: [GridRun]
    /// The runs whose learning rates are known, finished or not, each once.
    public let runs: [GridRun]
    /// What was chosen, by group and setting in the grid's order.
    public let choices: [TunedSetting]
  }

  public struct TunedSetting: Equatable, Sendable {
    public let group: String
    public let setting: ExperimentGroup.Setting
    public let choice: Tuning.Choice
  }

  public func plan(_ grid: ExperimentGrid) throws -> Plan {
    var (trials, runs): ([GridRun], [GridRun]) = ([], [])
    var choices: [TunedSetting] = []
    /// By what a unit of the grid begins with: the same runs in two groups are one part's.
    var turns: [String: Int] = [:]
    func isOwn(_ run: GridRun) -> Bool {
      let turn = turns[run.key] ?? turns.count
      turns[run.key] = turn
      return shard.holds(turn)
    }
    for group in grid.groups {
      for setting in group.settings {
        var rate: Double?
        if let first = setting.optimizer.learningRates?.first {
          guard try isOwn(trial(first, setting, of: group)) else { continue }
          switch try tune(setting, of: group) {
          case .trials(let open):
            trials += open
            continue
          case .chosen(let choice):
            rate = choice.learningRate
            choices.append(TunedSetting(group: group.name, setting: setting, choice: choice))
          }
        }
        let all = try group.runs(setting, learningRate: rate)
        runs += rate == nil ? all.filter(isOwn) : all
      }
    }
    return Plan(trials: Self.unique(trials), runs: Self.unique(runs), choices: choices)
  }

  private enum TuningState {
    case trials([GridRun])
    case chosen(Tuning.Choice)
  }

  private func trial(
    _ rate: Double, _ setting: ExperimentGroup.Setting, of group: ExperimentGroup
  ) throws -> GridRun {
    try GridRun(
      group.experiment(
        setting, learningRate: rate, seed: group.tuning.seed, epochs: group.tuning.epochs),
      measure: EndMeasurement(spectrum: .none))
  }

  private func tune(
    _ setting: ExperimentGroup.Setting, of group: ExperimentGroup
  ) throws -> TuningState {
    let tuning = Tuning(
      rates: setting.optimizer.learningRates ?? [], extensions: group.tuning.extensions)
    var losses: [Double: Double?] = [:]
    while true {
      switch tuning.next(losses) {
      case .chosen(let choice): return .chosen(choice)
      case .try(let rates):
        let trials = try rates.map { try trial($0, setting, of: group) }
        let results = try trials.map { try store.result(of: $0.key) }
        guard results.allSatisfy({ $0 != nil }) else {
          return .trials(zip(trials, results).filter { $1 == nil }.map(\.0))
        }
        for (rate, result) in zip(rates, results) {
          losses.updateValue(result?.end?.point.evaluation.loss, forKey: rate)
        }
      }
    }
  }

  /// The runs in their order, each once.
  private static func unique(_ runs: [GridRun]) -> [GridRun] {
    var seen: Set<String> = []
    return runs.filter { seen.insert($0.key).inserted }
  }

  private func perform(
    _ runs: [GridRun], _ onEvent: @escaping @Sendable (GridEvent) -> Void
  ) throws {
    // A run that was finished may still be without its files' names; a claim gives them.
    for folder in runs.map({ store.folder(of: $0.key) }) where folder.files.hasPending {
      _ = try folder.claiming(waiting: false) {}
    }
    let open = try runs.filter { try store.result(of: $0.key) == nil }
    guard !open.isEmpty else { return }
    onEvent(.round(runs: open.count))
    let failure = Mutex<(any Error)?>(nil)
    let work = Mutex((next: 0, busy: [GridRun]()))
    /// What another process is at comes last, and is waited for.
    @Sendable func take() -> (run: GridRun, isLast: Bool)? {
      guard failure.withLock({ $0 == nil }), !isInterrupted() else { return nil }
      return work.withLock {
        if $0.next < open.count {
          $0.next += 1
          return (open[$0.next - 1], false)
        }
        return $0.busy.popLast().map { ($0, true) }
      }
    }
    @Sendable func job(_: Int) {
      while let (run, isLast) = take() {
        do {
          let done: Void? = try store.folder(of: run.key).claiming(waiting: isLast) {
            // Another may have finished it meanwhile.
            guard try store.result(of: run.key) == nil else { return }
            onEvent(.began(run))
            onEvent(.finished(try perform(run)))
          }
          if done == nil { work.withLock { $0.busy.append(run) } }
        } catch {
          failure.withLock { $0 = $0 ?? error }
        }
      }
    }
    // By the jobs that were asked for, not by the runs that are left: a grid that goes on computes with as
    // many threads as before it was broken off, and to the same last bits.
    if jobs == 1 {
      job(0)
    } else {
      withoutBLASThreads {
        concurrentPerform(iterations: min(jobs, open.count), execute: job)
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    if isInterrupted() { throw RunError.interrupted(path: store.url.path) }
  }

  /// The critical point that a run's end descends to, where it is asked for.
  private func descend(
    _ run: GridRun, on objective: NetworkObjective<Double>, _ network: TrainedNetwork,
    into changes: inout FolderChanges
  ) throws -> CriticalEnd? {
    guard let settings = run.measure.critical else { return nil }
    let (end, point) = try CriticalEnd.reached(
      on: objective, from: network.parameters, settings, seed: run.experiment.plan?.seed ?? 0)
    changes.put(numbers: point, as: RunFolder.criticalName)
    return end
  }

  /// Trains, measures and records one run, from its checkpoint where there is one.
  private func perform(_ run: GridRun) throws -> RunResult {
    let folder = store.folder(of: run.key)
    let clock = ContinuousClock()
    let start = clock.now
    let prepared = try run.experiment.prepared(from: data)
    let outcome: RunResult.Outcome
    var trained = start
    var changes = FolderChanges()
    do {
      let network = try prepared.train(
        in: folder, resume: true, spectrumEvery: run.measure.spectrumEvery,
        fitsBulk: run.measure.fit, pace: pace, isInterrupted: isInterrupted)
      trained = clock.now
      let objective = try prepared.objective(Double.self)
      let measured = try PointMeasurement(
        of: objective, at: network.parameters, settings: run.measure.point)
      changes = FolderChanges(measured)
      outcome = .finished(
        EndPoint(
          network, measured, critical: try descend(run, on: objective, network, into: &changes),
          trajectory: try run.measure.trajectory.map {
            try LossTrajectory(of: objective, from: network.parameters, $0)
          }))
    } catch OptimizerError.notFinite(let value, _) {
      trained = clock.now
      outcome = .diverged(
        epoch: run.experiment.plan?.epochs ?? 0, cause: "the descent after it: loss \(value)")
    } catch TrainingError.diverged(let epoch, let step, let cause) {
      trained = clock.now
      outcome = .diverged(epoch: epoch, cause: "step \(step): \(cause)")
    }
    let result = RunResult(
      key: run.key, experiment: run.experiment, measure: run.measure, outcome: outcome,
      trainingSeconds: (trained - start) / .seconds(1),
      analysisSeconds: (clock.now - trained) / .seconds(1), blas: blasDescription)
    try changes.put(result, as: ExperimentStore.resultName)
    try folder.commit(changes)
    return result
  }
}
