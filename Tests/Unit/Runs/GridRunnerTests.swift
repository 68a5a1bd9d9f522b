import Foundation
import Saddle
import Support
import Testing
import Threads

@Suite struct GridRunnerTests {
  private func runner(_ folder: URL, jobs: Int = 1) -> GridRunner {
    GridRunner(
      store: ExperimentStore(folder.path), data: DataFolder("/no/such/folder"), jobs: jobs)
  }

  /// Runs a grid and tells the keys of the runs that were trained for it.
  private func run(
    _ grid: ExperimentGrid, in folder: URL, jobs: Int = 1
  ) throws -> (results: [RunResult], trained: [String]) {
    let trained = Trained()
    let results = try runner(folder, jobs: jobs).run(grid) { event in
      if case .began(let run) = event { trained.keys.withLock { $0.append(run.key) } }
    }
    return (results, trained.keys.withLock { $0 })
  }

  private final class Trained: Sendable {
    let keys = Mutex<[String]>([])
  }

  @Test func `a run's figures are those of training and analysis by themselves`() throws {
    try withTemporaryFolder { folder in
      let grid = smallGrid(measure: EndMeasurement(refine: true))
      let results = try run(grid, in: folder).results
      #expect(results.count == 2)
      for result in results {
        let prepared = try result.experiment.prepared(from: DataFolder("/no"))
        let trained = try prepared.train()
        let analysis = try PointAnalysis(
          of: prepared.objective(Double.self), at: trained.parameters)
        let end = try #require(result.end)
        #expect(end.point == PointRecord(analysis))
        #expect(end.startingLoss == trained.history[0].evaluation.loss)
        #expect(end.test == trained.test)
        let share = try #require(end.point.spectrum?.share(at: 1e-3))
        #expect(
          share.index.value
            == Double(analysis.spectrum.index(at: 1e-3)) / Double(analysis.spectrum.order))
        let refined = try #require(end.refined)
        #expect(refined.point.evaluation.gradientNorm < analysis.evaluation.gradientNorm)
        let kept = runner(folder).store.folder(of: result.key)
        let eigenvalues = try ParameterFile.read(
          kept.url.appending(path: ExperimentStore.eigenvaluesName))
        #expect(eigenvalues == analysis.spectrum.eigenvalues)
        let parameters = try ParameterFile.read(kept.parametersURL)
        #expect(parameters == trained.parameters)
      }
    }
  }

  @Test func `nothing finished is run again`() throws {
    try withTemporaryFolder { folder in
      let first = try run(smallGrid(), in: folder)
      #expect(first.trained.count == 2)
      let second = try run(smallGrid(seeds: [2, 3, 1]), in: folder)
      #expect(second.trained.count == 1)
      #expect(second.results.map { $0.experiment.plan?.seed } == [2, 3, 1])
      #expect(second.results[2] == first.results[0])
    }
  }

  @Test func `a broken run goes on from its last epoch`() throws {
    try withTemporaryFolder { folder in
      let grid = smallGrid(optimizers: [OptimizerChoice("adam")], seeds: [1], epochs: 6)
      let group = grid.groups[0]
      let whole = try group.experiment(group.settings[0], learningRate: nil, seed: 1)
      let planned = try GridRun(whole, measure: group.measure)
      let kept = runner(folder).store.folder(of: planned.key)
      // As a kill after the second epoch leaves it: a checkpoint and no result.
      let part = try group.experiment(group.settings[0], learningRate: nil, seed: 1, epochs: 2)
      _ = try part.prepared(from: DataFolder("/no")).train(in: kept)
      try FileManager.default.removeItem(at: kept.parametersURL)

      let resumed = try #require(try run(grid, in: folder).results.first)
      #expect(resumed.key == planned.key)
      try withTemporaryFolder { fresh in
        let uninterrupted = try #require(try run(grid, in: fresh).results.first)
        #expect(resumed.outcome == uninterrupted.outcome)
      }
      let history = try kept.trained().history
      #expect(history.map(\.epoch) == Array(0...6))
    }
  }

  @Test func `jobs change no result`() throws {
    try withTemporaryFolder { one in
      try withTemporaryFolder { two in
        let grid = smallGrid(seeds: [1, 2, 3, 4])
        let alone = try run(grid, in: one).results
        let together = try run(grid, in: two, jobs: 2).results
        #expect(alone.map(\.key) == together.map(\.key))
        #expect(
          alone.map { $0.end?.point.evaluation } == together.map { $0.end?.point.evaluation })
      }
    }
  }

  @Test func `a grid's runs are the same on 1, 2 and 8 threads, bit for bit`() throws {
    try withTemporaryFolder { folder in
      let grid = smallGrid(seeds: [1, 2, 3, 4])
      let stores = try [1, 2, 8].map { jobs in
        let folder = folder.appending(path: "\(jobs)")
        return (try run(grid, in: folder, jobs: jobs).results, runner(folder).store)
      }
      for (results, store) in stores.dropFirst() {
        for (result, alone) in zip(results, stores[0].0) {
          #expect(result.key == alone.key && result.outcome == alone.outcome)
          for name in [RunFolder.parametersName, ExperimentStore.eigenvaluesName] {
            let numbers = try store.folder(of: result.key).numbers(name)
            #expect(try numbers == stores[0].1.folder(of: result.key).numbers(name))
          }
        }
      }
    }
  }

  @Test func `parts of a grid are together the grid, each run once`() throws {
    try withTemporaryFolder { folder in
      let grid = smallGrid(
        optimizers: [
          OptimizerChoice("sgd"), OptimizerChoice("adam", learningRates: [0.01, 0.1]),
          OptimizerChoice("momentum", learningRates: [0.01, 0.1]),
        ], seeds: [1, 2, 3])
      let whole = try run(grid, in: folder.appending(path: "whole"))
      let store = folder.appending(path: "parts")
      let parts = try [3, 1, 2].map { number in
        let trained = Trained()
        let runner = try GridRunner(
          store: ExperimentStore(store.path), data: DataFolder("/no"),
          shard: GridShard(number, of: 3), jobs: 1)
        let results = try runner.run(grid) { event in
          if case .began(let run) = event { trained.keys.withLock { $0.append(run.key) } }
        }
        // Trials by themselves: nothing else was waited for.
        #expect(try runner.plan(grid).trials.isEmpty)
        return (results: results, trained: trained.keys.withLock { $0 })
      }
      #expect(
        Set(parts.flatMap { $0.results.map(\.key) }) == Set(whole.results.map(\.key)))
      #expect(parts.reduce(0) { $0 + $1.results.count } == whole.results.count)
      #expect(Set(parts.flatMap(\.trained)) == Set(whole.trained))
      #expect(parts.reduce(0) { $0 + $1.trained.count } == whole.trained.count)
      #expect(parts.allSatisfy { !$0.results.isEmpty })
      // Then the whole has nothing left to run.
      #expect(try run(grid, in: store).trained.isEmpty)
    }
    for (number, count) in [(0, 2), (3, 2), (1, 0)] {
      #expect(throws: GridError.shard(number: number, count: count)) {
        try GridShard(number, of: count)
      }
    }
  }

  // Two groups that differ in what is measured have the same trials.
  @Test func `of two settings with the same trials neither waits for another's part`() throws {
    let tuned = [OptimizerChoice("adam", learningRates: [0.01, 0.1])]
    let grid = ExperimentGrid(
      name: "alike",
      groups: smallGrid(optimizers: tuned).groups
        + smallGrid(optimizers: tuned, measure: EndMeasurement(spectrum: .none)).groups)
    try withTemporaryFolder { folder in
      let counts = try (1...2).map { number in
        let runner = try GridRunner(
          store: ExperimentStore(folder.path), data: DataFolder("/no"),
          shard: GridShard(number, of: 2), jobs: 1)
        return try (runner.plan(grid).trials.count, runner.run(grid).count)
      }
      #expect(counts[0] == (2, 4) && counts[1] == (0, 0))
    }
  }

  @Test func `two runners on one store do each run once`() throws {
    try withTemporaryFolder { folder in
      let grid = smallGrid(seeds: [1, 2, 3, 4, 5, 6])
      let trained = Trained()
      concurrentPerform(iterations: 2) { _ in
        _ = try? runner(folder).run(grid) { event in
          if case .began(let run) = event { trained.keys.withLock { $0.append(run.key) } }
        }
      }
      let keys = trained.keys.withLock { $0 }
      #expect(keys.count == 6)
      #expect(Set(keys).count == 6)
    }
  }

  @Test func `the rate of the lowest training loss is run`() throws {
    try withTemporaryFolder { folder in
      let grid = smallGrid(
        optimizers: [OptimizerChoice("sgd", learningRates: [0.001, 0.1, 1000])],
        tuning: TuningProtocol(seed: 50, epochs: 1, extensions: 0))
      let results = try run(grid, in: folder).results
      let choice = try #require(try runner(folder).plan(grid).choices.first).choice
      #expect(choice.learningRate == 0.1)
      let rates = results.map { $0.experiment.optimizer?.hyperparameters["learningRate"] }
      #expect(rates == [0.1, 0.1])
      // The trials' losses are those of training by itself.
      for trial in choice.trials {
        let group = grid.groups[0]
        let alone = try group.experiment(
          group.settings[0], learningRate: trial.learningRate, seed: 50, epochs: 1)
        let loss = try alone.prepared(from: DataFolder("/no")).train().history[1].evaluation.loss
        #expect(trial.loss == loss)
      }
    }
  }

  @Test func `divergence is a result`() throws {
    try withTemporaryFolder { folder in
      let grid = smallGrid(
        optimizers: [
          OptimizerChoice("sgd", set: ["learningRate": 1e308]), OptimizerChoice("sgd"),
        ], seeds: [1])
      let results = try run(grid, in: folder).results
      guard case .diverged(let epoch, _) = results[0].outcome else {
        Issue.record("a learning rate of 1e308 gave \(results[0].outcome)")
        return
      }
      #expect(epoch == 1)
      #expect(results[1].end != nil)
      let again = try run(grid, in: folder)
      #expect(again.trained.isEmpty)
    }
  }

  @Test func `missing data stops the grid and keeps what is finished`() throws {
    try withTemporaryFolder { folder in
      var grid = smallGrid()
      grid.groups.append(grid.groups[0])
      grid.groups[1].data = DatasetDescription(.mnist(file: .train, first: 10))
      #expect(throws: DataError.self) { try run(grid, in: folder) }
      let left = try runner(folder).store.results().results
      #expect(left.count == 2)
    }
  }

  @Test func `a damaged result is named and costs no other`() throws {
    try withTemporaryFolder { folder in
      let results = try run(smallGrid(), in: folder).results
      let store = runner(folder).store
      let path = store.folder(of: results[0].key).url.appending(path: ExperimentStore.resultName)
      try Data("{".utf8).write(to: path)
      let (left, damaged) = try store.results()
      #expect(left == [results[1]])
      #expect(damaged.count == 1)
      #expect(damaged.first?.description.contains(path.path) == true)
      #expect(throws: RunError.self) { try store.result(of: results[0].key) }
      // A result in another run's folder is not that run's.
      let other = store.folder(of: results[1].key).url.appending(path: ExperimentStore.resultName)
      try Data(contentsOf: other).write(to: path)
      #expect(throws: RunError.self) { try store.result(of: results[0].key) }
    }
  }

  @Test func `a table has a field for every column`() throws {
    try withTemporaryFolder { folder in
      let grid = smallGrid(
        optimizers: [OptimizerChoice("sgd", set: ["learningRate": 1e308]), OptimizerChoice("adam")])
      let table = RunTable(try run(grid, in: folder).results)
      #expect(table.rows.count == 4)
      #expect(table.rows.allSatisfy { $0.count == RunTable.columns.count })
      let csv = table.csv.split(separator: "\r\n")
      #expect(csv.count == 5)
      // Names hold commas.
      #expect(csv[3].contains("\"drawn, adam, seed 1\""))

      func chosen(_ conditions: String...) throws -> Int {
        let filters = try conditions.map { try #require(RunFilter($0)) }
        return table.rows.filter { row in filters.allSatisfy { $0.accepts(row) } }.count
      }
      let counts = try [
        chosen("optimizer=adam"), chosen("optimizer=adam", "seed=2"), chosen("weightDecay=0"),
        chosen("outcome=finished"),
      ]
      #expect(counts == [2, 1, 4, 2])
      #expect(RunFilter("optimiser=adam") == nil)
      #expect(RunFilter("optimizer") == nil)
    }
  }
}
