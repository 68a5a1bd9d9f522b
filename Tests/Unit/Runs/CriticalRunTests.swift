import Foundation
import Saddle
import Support
import Testing

/// Grids with claims: parts of the data, slices, and runs that are descended and certified.
@Suite struct CriticalRunTests {
  /// Strongly penalized, so that descents are short.
  private func grid(seeds: [UInt64] = [1, 2]) -> ExperimentGrid {
    var grid = smallGrid(
      seeds: seeds, epochs: 1,
      measure: EndMeasurement(spectrum: .none, critical: CriticalSettings(penaltyTrap: true)))
    grid.groups[0].weightDecay = 0.3
    grid.groups[0].parts = 2
    grid.groups[0].sliceSeeds = [2]
    grid.claims = [
      ClaimProtocol(
        id: "C1", statement: "all is saddles", source: "someone", groups: ["drawn"],
        statistic: .saddleShare, region: ClaimRegion(from: 0.5), prediction: "no", cost: "a moment"),
      ClaimProtocol(
        id: "C5", statement: "a trap", source: "someone", groups: ["drawn"],
        statistic: .trappedShare, region: ClaimRegion(from: 0.01), prediction: "yes", cost: "a moment"),
    ]
    return grid
  }

  private func runner(_ folder: URL) -> GridRunner {
    GridRunner(store: ExperimentStore(folder.path), data: DataFolder("/no"), jobs: 1)
  }

  @Test func `each seed has samples of its own, and is of one setting`() throws {
    let group = grid(seeds: [1, 2, 3]).groups[0]
    let runs = try group.untunedRuns()
    #expect(runs.map(\.experiment.data.part?.number) == [1, 2, 1])
    #expect(try runs[0].experiment.prepared(from: DataFolder("/no")).samples.name.hasSuffix("part 1 of 2"))
    let settings = Set(runs.map { RunSetting(of: $0.experiment) })
    #expect(settings.count == 1)
    // A seed of 0 has the last part.
    var zero = group
    zero.seeds = [0]
    #expect(try zero.untunedRuns()[0].experiment.data.part?.number == 2)
    zero.parts = 0
    #expect(throws: DataError.invalidPart(number: 1, of: 0)) { try zero.untunedRuns() }
    var tuned = group
    tuned.optimizers = [OptimizerChoice("sgd", learningRates: [0.1, 0.2])]
    #expect(throws: GridError.self) { try tuned.untunedRuns() }
  }

  @Test func `a slice is a part of the same runs`() throws {
    let whole = grid()
    let slice = try whole.slice()
    #expect(slice.groups.map(\.seeds) == [[2]] && slice.claims == whole.claims)
    let keys = try Set(whole.groups[0].untunedRuns().map(\.key))
    #expect(try slice.groups[0].untunedRuns().allSatisfy { keys.contains($0.key) })
    #expect(throws: GridError.empty(list: "sliceSeeds of every group")) { try smallGrid().slice() }
  }

  @Test func `a grid with claims is read as it is written, and unknown groups are refused`() throws {
    let json = try JSON.encode(grid())
    #expect(try ExperimentGrid(json: json, path: "x") == grid())
    var wrong = grid()
    wrong.groups[0].name = "other"
    #expect(throws: GridError.invalid(path: "x", cause: "claim C1: there is no group drawn")) {
      try ExperimentGrid(json: JSON.encode(wrong), path: "x")
    }
  }

  @Test func `runs from before there were critical points keep their keys`() throws {
    let json = String(decoding: try JSON.encode(EndMeasurement()), as: UTF8.self)
    #expect(!json.contains("critical") && !json.contains("trajectory"))
    let data = String(
      decoding: try JSON.encode(DatasetDescription(.syntheticDigits(seed: 1, count: 1))), as: UTF8.self)
    #expect(!data.contains("part"))
  }

  @Test func `a run is descended, certified, kept, packed and proved again`() throws {
    try withTemporaryFolder { folder in
      let store = ExperimentStore(folder.path)
      let results = try runner(folder).run(grid())
      for result in results {
        let end = try #require(result.end?.critical)
        #expect(end.certificate.kind == .minimum && end.descent.ending == .converged)
        #expect(end.penaltyTrap?.with == 0)
        let θ = try #require(try store.critical(of: result.key))
        let objective = try result.experiment.prepared(from: DataFolder("/no")).objective(Double.self)
        let again = try CriticalEnd(
          of: objective, at: θ, end.descent, try #require(result.measure.critical),
          seed: result.experiment.plan?.seed ?? 0)
        #expect(again == end)
      }
      let packed = folder.path + "-pack"
      defer { try? FileManager.default.removeItem(atPath: packed) }
      try store.pack(results, citing: Set(results.map(\.key)), into: packed)
      #expect(try ExperimentStore(packed).results().results == results)
      #expect(try ExperimentStore(packed).critical(of: results[0].key) == store.critical(of: results[0].key))
      // Nothing is run again.
      #expect(try runner(folder).run(grid()) == results)
    }
  }

  @Test func `a descent that is not finite is counted as diverged`() throws {
    try withTemporaryFolder { folder in
      var wild = grid(seeds: [1])
      wild.groups[0].optimizers = [OptimizerChoice("sgd", set: ["learningRate": 1e200])]
      let result = try #require(try runner(folder).run(wild).first)
      #expect(result.end == nil)
      let found = try ClaimSurvey(
        try #require(wild.claims), runs: { _ in ([result], 2) }, eigenvalues: { _, _ in nil }
      ).findings[0]
      #expect(
        found.verdict == .undecided && found.evidence.hasPrefix("1 of 2 planned runs, 1 of them diverged"))
      #expect(found.estimate?.lower == 0 && found.estimate?.upper == 1)
    }
  }

  // More samples of one data set hold the fewer ones.
  @Test(.requiresMNIST) func `runs of one seed are one unit, whatever of the data they have`() throws {
    var results: [RunResult] = []
    let plans = try #require(grid().claims)
    for first in [40, 50] {
      try withTemporaryFolder { folder in
        var some = grid()
        some.groups[0].data = DatasetDescription(.mnist(file: .train, first: first), pooling: 7)
        some.groups[0].test = nil
        some.groups[0].optimizers = [OptimizerChoice("sgd", set: ["learningRate": 1e200])]
        let store = ExperimentStore(folder.path)
        results += try GridRunner(store: store, data: DataFolder(), jobs: 1).run(some)
      }
    }
    #expect(results.count == 4)
    let found = try ClaimSurvey(
      plans, runs: { _ in (results, 4) }, eigenvalues: { _, _ in nil }
    ).findings[0]
    #expect(found.estimate?.units == 2)
  }

  @Test func `claims are decided from the command line, slices undecided`() throws {
    try withTemporaryFolder { folder in
      let (file, store) = (folder.path + "/grid.json", folder.path + "/store")
      try JSON.encode(grid()).write(to: URL(fileURLWithPath: file))
      let slice = try SaddleProcess.run("run", file, "--store", store, "--slice", "--quiet")
      #expect(slice.status == 0 && slice.output.hasPrefix("1 runs in"), "\(slice.errors)")
      let some = try SaddleProcess.run("claims", file, "--store", store)
      #expect(
        some.output.contains("C1 undecided") && some.output.contains("a slice: 1 seeds of 10"),
        "\(some.output) \(some.errors)")
      _ = try SaddleProcess.run("run", file, "--store", store, "--quiet")
      let all = try SaddleProcess.run("claims", file, "--store", store, "--json")
      let findings = try JSONDecoder().decode([ClaimFinding].self, from: Data(all.output.utf8))
      #expect(findings.map(\.plan) == grid().claims)
      #expect(findings[0].estimate?.value == 0 && findings[0].estimate?.units == 2)
      let table = try SaddleProcess.run("claims", file, "--store", store, "--markdown")
      #expect(table.output.hasPrefix("| claim | prediction | verdict | statistic |"))
      #expect(try SaddleProcess.run("claims", "/no/such.json", "--store", store).status == 66)
    }
  }

  @Test func `the degeneracy of an interpolating run is proved from the command line`() throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      let trained = try SaddleProcess.run(
        "train", "--dataset", "synthetic", "--first", "4", "--pool", "7", "--hidden", "12",
        "--activation", "tanh", "--loss", "meanSquaredError", "--epochs", "1", "--quiet", "--out", run)
      #expect(trained.status == 0, "\(trained.errors)")
      let result = try SaddleProcess.run("certify", run, "--descend", "--degeneracy", "--quiet")
      // Degenerate, so that no isolated critical point is proved.
      #expect(result.status == 2, "\(result.errors)")
      // 16-12-10 has 334 parameters, and 40 residuals.
      #expect(result.output.contains("at least 294 by theorem"), "\(result.output)")
      #expect(!(try SaddleProcess.run("certify", run, "--quiet").output.contains("by theorem")))
    }
  }
}
