import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Results of small runs, made once for all tests here.
enum SmallRuns {
  static let optimizers = ["sgd", "momentum", "adam", "noisySGD"]

  static let panel: [RunResult] = results(
    smallGrid(
      optimizers: optimizers.map { OptimizerChoice($0) }, seeds: Array(1...10), epochs: 10))

  static let widths: [RunResult] = {
    var grid = smallGrid(seeds: Array(1...10), epochs: 1)
    grid.groups[0].networks = [2, 3, 4].map { .dense(hidden: [$0], activation: .tanh) }
    return results(grid)
  }()

  static func results(_ grid: ExperimentGrid) -> [RunResult] {
    try! withTemporaryFolder { folder in
      try GridRunner(
        store: ExperimentStore(folder.path), data: DataFolder("/no/such/folder"), jobs: 1
      ).run(grid)
    }
  }
}

/// What a store would hold, had the runs ended otherwise.
func edited(
  _ results: [RunResult], _ change: (RunResult, inout EndPoint) -> Void
) throws -> [RunResult] {
  try results.map { result in
    var (changed, end) = (result, try #require(result.end))
    change(result, &end)
    changed.end = end
    return changed
  }
}

/// Sets a share at one tolerance.
func setShare(
  _ end: inout EndPoint, _ name: WritableKeyPath<SpectrumFigures.Share, BoundedFigure>,
  at tolerance: Double, _ value: Double
) {
  guard let shares = end.point.spectrum?.shares else { return }
  for (i, share) in shares.enumerated() where share.tolerance == tolerance {
    end.point.spectrum?.shares[i][keyPath: name] = BoundedFigure(value: value, lower: value, upper: value)
  }
}

/// Times a factor, with their limits.
func scaleExtremes(_ end: inout EndPoint, by factor: Double) {
  func scaled(_ figure: BoundedFigure) -> BoundedFigure {
    BoundedFigure(
      value: factor * figure.value, lower: factor * figure.lower, upper: factor * figure.upper)
  }
  guard let figures = end.point.spectrum else { return }
  end.point.spectrum?.least = scaled(figures.least)
  end.point.spectrum?.greatest = scaled(figures.greatest)
}

func setCurvature(_ end: inout EndPoint, isCertified: Bool) {
  end.point.curvature?.outcome = isCertified ? .certified : .noneBeyondRounding
}

func setStructuralZeros(_ end: inout EndPoint, share: Double) {
  end.point.spectrum?.structuralZeros = Int(share * Double(end.point.order))
}

@Suite struct SurveyTests {
  private func finding(_ id: String, of results: [RunResult]) throws -> SurveyFinding {
    try #require(Survey(results).findings.first { $0.id == id })
  }

  private func all(
    certified: Bool = true, index: Double = 0.1, strict: Double = 0.6, loose: Double = 0.9
  ) throws -> [RunResult] {
    try edited(SmallRuns.panel) { _, end in
      setCurvature(&end, isCertified: certified)
      setStructuralZeros(&end, share: 0)
      setShare(&end, \.index, at: 1e-6, index)
      setShare(&end, \.degeneracy, at: 1e-6, strict)
      setShare(&end, \.degeneracy, at: 1e-3, loose)
    }
  }

  /// Without negative curvature where it is asked for.
  private func flattened(
    _ results: [RunResult], where isFlat: (_ optimizer: String, _ seed: UInt64) -> Bool
  ) throws -> [RunResult] {
    try edited(results) { run, end in
      guard isFlat(run.experiment.optimizer?.name ?? "", run.experiment.plan?.seed ?? 0) else {
        return
      }
      setCurvature(&end, isCertified: false)
      setShare(&end, \.index, at: 1e-6, 0)
    }
  }

  @Test func `claims are reproduced where every seed says so`() throws {
    let results = try all()
    for id in ["negative-curvature", "degenerate", "every-optimizer", "escaping-optimizers"] {
      let finding = try finding(id, of: results)
      #expect(finding.verdict == .reproduced, "\(id): \(finding.evidence)")
    }
    let curvature = try finding("negative-curvature", of: results)
    #expect(curvature.cases.count == 4)
    #expect(curvature.cases.allSatisfy { $0.runs == 10 })
    #expect(
      curvature.evidence.hasPrefix(
        "it holds in 10 of 10 seeds, a share of 0.692 … 1, p = 0.0449; it holds in 40 of 40 runs in 4 "
          + "settings"), "\(curvature.evidence)")
    let escaping = try finding("escaping-optimizers", of: results)
    #expect(escaping.cases.map(\.name) == ["noisySGD"])
  }

  @Test func `one optimizer of four that says otherwise refutes what is said of every one alone`() throws {
    let results = try flattened(all()) { optimizer, _ in optimizer == "adam" }
    #expect(try finding("negative-curvature", of: results).verdict == .reproduced)
    let optimizers = try finding("every-optimizer", of: results)
    #expect(optimizers.verdict == .notReproduced, "\(optimizers.evidence)")
    #expect(try finding("escaping-optimizers", of: results).verdict == .reproduced)
  }

  @Test func `one seed of ten leaves a claim undecided beside twenty others, and nine seeds decide none`()
    throws
  {
    let one = try finding("negative-curvature", of: flattened(all()) { _, seed in seed == 3 })
    #expect(one.verdict == .undecided)
    #expect(one.evidence.hasPrefix("it holds in 9, not in 1 of 10 seeds"), "\(one.evidence)")
    let nine = try finding(
      "negative-curvature", of: all().filter { $0.experiment.plan?.seed != 3 })
    #expect(nine.verdict == .undecided && nine.evidence.hasSuffix("a slice: 9 seeds of 10"))
    let none = try finding("negative-curvature", of: flattened(all()) { _, _ in true })
    #expect(none.verdict == .notReproduced)
  }

  // By a rule of "all settings, each by most of its seeds" one error of two or three seeds more would
  // refute a true claim, the sooner the more settings there are.
  @Test func `an optimizer that errs with every seed but another's each time does not refute it`() throws {
    let erring = try flattened(all()) { optimizer, seed in
      optimizer == SmallRuns.optimizers[Int(seed) % 4]
    }
    let finding = try finding("negative-curvature", of: erring)
    #expect(finding.verdict == .reproduced, "\(finding.evidence)")
    #expect(finding.evidence.contains("it holds in 30, not in 10 of 40 runs"), "\(finding.evidence)")
  }

  @Test func `a seed says what most of its runs do, whatever the others would`() {
    for (runs, word) in [
      ([true, true, false], true), ([true, false], nil), ([true, nil], nil), ([true, true, nil], true),
      ([false, false, nil], false), ([nil], nil), ([], nil),
    ] as [([Bool?], Bool?)] {
      #expect(SeedVotes.majority(runs) == word, "\(runs)")
    }
  }

  // MARK: Escaping

  /// All say the same of curvature and degeneracy; noisySGD's records tell `interventions`.
  private func escaping(_ interventions: (_ seed: UInt64) -> Int?) throws -> [RunResult] {
    try edited(all()) { run, end in
      guard run.experiment.optimizer?.name == "noisySGD" else { return }
      end.interventions = interventions(run.experiment.plan?.seed ?? 0)
    }
  }

  @Test func `a run whose mechanism acted is evidence about escaping`() throws {
    // Three batches in each of 10 epochs.
    let finding = try finding("escaping-optimizers", of: all())
    #expect(SmallRuns.panel.compactMap(\.end?.interventions) == Array(repeating: 30, count: 10))
    #expect(finding.verdict == .reproduced)
    #expect(finding.cases[0].evidence.hasSuffix("; its mechanism acted in 10 of 10 runs"))
  }

  @Test func `a run whose mechanism never acted is none`() throws {
    let never = try finding("escaping-optimizers", of: escaping { _ in 0 })
    #expect(never.verdict == .undecided)
    #expect(never.cases[0].evidence.hasSuffix("; its mechanism never acted in 10 of 10 runs"))
    // Nine seeds that say so and one that says nothing are too few beside all other claims.
    let once = try finding("escaping-optimizers", of: escaping { $0 == 3 ? 0 : 7 })
    #expect(once.verdict == .undecided)
    #expect(
      once.cases[0].evidence.hasSuffix(
        "; its mechanism acted in 9 of 10 runs, its mechanism never acted in 1 of 10 runs"))
  }

  @Test func `a run whose record does not tell is none`() throws {
    let unknown = try finding("escaping-optimizers", of: escaping { _ in nil })
    #expect(unknown.verdict == .undecided)
    #expect(
      unknown.cases[0].evidence.hasSuffix(
        "; in 10 of 10 runs it is not recorded whether its mechanism acted"))
    // Of curvature its runs speak as any other's.
    for id in ["negative-curvature", "every-optimizer"] {
      #expect(try finding(id, of: escaping { _ in nil }).verdict == .reproduced, "\(id)")
    }
  }

  @Test func `where escaping is refuted the mechanism must have acted`() throws {
    func verdict(_ interventions: Int) throws -> Verdict {
      let results = try flattened(escaping { _ in interventions }) { optimizer, _ in
        optimizer == "noisySGD"
      }
      return try finding("escaping-optimizers", of: results).verdict
    }
    #expect(try verdict(1) == .notReproduced)
    #expect(try verdict(0) == .undecided)
  }

  /// noisySGD ends where `other` does.
  private func twin(
    of other: String, interventions: Int?, but seed: UInt64 = 0
  ) throws -> [RunResult] {
    try edited(all()) { run, end in
      guard run.experiment.optimizer?.name == "noisySGD" else { return }
      end.interventions = interventions
      let plan = run.experiment.plan
      let source = SmallRuns.panel.first {
        $0.experiment.optimizer?.name == other && $0.experiment.plan?.seed == plan?.seed
      }
      guard plan?.seed != seed, let other = source?.end?.point.evaluation else { return }
      end.point.evaluation = other
    }
  }

  @Test(
    arguments: [
      (0, "its mechanism never acted"), (nil, "in 10 of 10 runs it is not recorded"),
    ] as [(Int?, String)])
  func `an optimizer whose runs are another's is not counted`(
    _ interventions: Int?, _ why: String
  ) throws {
    let finding = try finding("every-optimizer", of: twin(of: "adam", interventions: interventions))
    #expect(finding.cases.map(\.name) == ["sgd", "momentum", "adam"])
    #expect(
      finding.evidence.contains(
        "noisySGD is not counted: its runs are adam's, bit for bit, and " + why),
      "\(finding.evidence)")
  }

  @Test func `an optimizer that acted or ends elsewhere once is counted`() throws {
    for results in [
      try twin(of: "adam", interventions: 1), try twin(of: "adam", interventions: 0, but: 4),
      try escaping { _ in 0 },
    ] {
      let finding = try finding("every-optimizer", of: results)
      #expect(finding.cases.count == 4 && !finding.evidence.contains("not counted"))
    }
  }

  @Test func `degeneracy depends on the tolerance or not`() throws {
    #expect(try finding("degenerate", of: all(strict: 0.4, loose: 0.9)).verdict == .undecided)
    #expect(try finding("degenerate", of: all(strict: 0.1, loose: 0.4)).verdict == .notReproduced)
  }

  @Test func `structural zeros do not count`() throws {
    let results = try edited(all(strict: 0.6, loose: 0.6)) { run, end in
      setStructuralZeros(&end, share: 0.5)
    }
    // 0.1 of the 0.5 that are left.
    let degenerate = try finding("degenerate", of: results)
    #expect(degenerate.verdict == .notReproduced)
  }

  @Test func `three optimizers are no panel`() throws {
    let few = SmallRuns.panel.filter { $0.experiment.optimizer?.name != "adam" }
    #expect(Survey(few).panels.isEmpty)
    let curvature = try finding("negative-curvature", of: few)
    #expect(curvature.verdict == .undecided && curvature.cases.isEmpty)
  }

  @Test func `a run that diverged speaks for neither side`() throws {
    var results = try all()
    for i in results.indices where results[i].experiment.plan?.seed == 1 {
      results[i].outcome = .diverged(epoch: 1, cause: "step 1")
    }
    let curvature = try finding("negative-curvature", of: results)
    #expect(curvature.verdict == .undecided)
    #expect(curvature.evidence.hasPrefix("it holds in 9, undecided in 1 of 10 seeds"))
  }

  @Test(arguments: [(0.1, Verdict.reproduced), (-0.1, .notReproduced), (0, .undecided)])
  func `a series tells a trend`(_ slope: Double, _ verdict: Verdict) throws {
    let results = try edited(SmallRuns.widths) { run, end in
      guard case .dense(let hidden, _) = run.experiment.architecture else { return }
      setStructuralZeros(&end, share: 0)
      let noise = 0.001 * Double((run.experiment.plan?.seed ?? 0) % 3)
      for tolerance in [1e-6, 1e-3] {
        setShare(&end, \.degeneracy, at: tolerance, 0.5 + slope * Double(hidden[0] - 3) + noise)
      }
    }
    let width = try finding("width", of: results)
    #expect(width.verdict == verdict, "\(width.cases)")
    #expect(width.cases.count == 1)
    #expect(try finding("depth", of: results).cases.isEmpty)
  }

  @Test func `levels that differ alike in every seed matter, and those that differ by chance do not`() throws
  {
    func verdict(_ share: (_ width: Int, _ seed: UInt64) -> Double) throws -> SurveyFinding {
      let relabelled = SmallRuns.widths.map { run in
        var run = run
        guard case .dense(let hidden, _) = run.experiment.architecture, var end = run.end else {
          return run
        }
        setStructuralZeros(&end, share: 0)
        for tolerance in [1e-6, 1e-3] {
          setShare(&end, \.degeneracy, at: tolerance, share(hidden[0], run.experiment.plan?.seed ?? 0))
        }
        run.end = end
        run.experiment.architecture = .dense(
          hidden: [2], activation: [.tanh, .sigmoid, .gelu][hidden[0] - 2])
        return run
      }
      return try finding("activation", of: relabelled)
    }
    // Not by rising: what comes second is the least.
    let alike = try verdict { width, _ in width == 3 ? 0.1 : 0.2 + 0.1 * Double(width) }
    #expect(alike.verdict == .reproduced, "\(alike)")
    var generator = SplitMix64(seed: 5)
    let noise = (0..<30).map { _ in Draw.unit(using: &generator) / 2 }
    let chance = try verdict { width, seed in noise[(width - 2) * 10 + Int(seed) - 1] }
    #expect(chance.verdict == .undecided, "\(chance)")
  }

  // Sharper the larger the batch, and of higher loss.
  @Test func `batches are compared at equal loss`() throws {
    func verdict(loss: (Int) -> Double, sharpness: (Int) -> Double) throws -> Verdict {
      let series = try SmallRuns.widths.map { run in
        var run = run
        guard case .dense(let hidden, _) = run.experiment.architecture, var end = run.end,
          let plan = run.experiment.plan, let optimizer = run.experiment.optimizer
        else { return run }
        let level = hidden[0] - 2
        let evaluation = end.point.evaluation
        end.point.evaluation = Evaluation(
          loss: loss(level), accuracy: evaluation.accuracy, gradientNorm: evaluation.gradientNorm)
        let value = sharpness(level)
        end.point.spectrum?.greatest = BoundedFigure(value: value, lower: value, upper: value)
        run.end = end
        run.experiment.architecture = .dense(hidden: [2], activation: .tanh)
        run.experiment.origin = .trained(
          by: optimizer,
          plan: try TrainingPlan(
            epochs: plan.epochs, batchSize: [16, 32, 64][level], seed: plan.seed))
        return run
      }
      return try finding("batch-size", of: series).verdict
    }
    #expect(try verdict(loss: { _ in 1 }, sharpness: { Double($0 + 1) }) == .reproduced)
    #expect(try verdict(loss: { _ in 1 }, sharpness: { 4 - Double($0) }) == .notReproduced)
    #expect(try verdict(loss: { 1 + Double($0) }, sharpness: { Double($0 + 1) }) == .undecided)
    // One pair of three is at equal loss.
    #expect(
      try verdict(loss: { $0 == 2 ? 9 : 1 }, sharpness: { $0 == 2 ? 0.1 : Double($0 + 1) }) == .reproduced)
  }

  @Test func `the findings do not depend on the order of runs`() throws {
    let results = try all()
    #expect(Survey(results).findings == Survey(results.reversed()).findings)
  }
}

@Suite struct SurveyDiffTests {
  @Test func `a store is like itself`() {
    let diff = SurveyDiff(SmallRuns.panel, SmallRuns.panel)
    #expect(!diff.isChanged)
    #expect(diff.figures.count > 20)
    #expect(diff.figures.allSatisfy { $0.outcome == .same && $0.pairs == 10 })
    #expect(diff.onlyBefore.isEmpty && diff.onlyAfter.isEmpty)
  }

  private func changed(_ after: [RunResult]) -> Set<String> {
    Set(
      SurveyDiff(SmallRuns.panel, after).figures.filter { $0.outcome == .changed }.map(\.figure))
  }

  @Test func `a Hessian scaled by one per cent is seen`() throws {
    let scaled = try edited(SmallRuns.panel) { _, end in
      scaleExtremes(&end, by: 1.01)
    }
    #expect(changed(scaled) == ["greatest eigenvalue"])
  }

  @Test func `another tolerance is seen`() throws {
    let wider = try edited(SmallRuns.panel) { run, end in
      let shares = run.end!.point.spectrum!.shares
      setShare(&end, \.degeneracy, at: 1e-6, shares.first { $0.tolerance == 1e-4 }!.degeneracy.value)
    }
    #expect(changed(wider) == ["zeros at 1e-6"])
  }

  @Test func `another learning rate is seen`() throws {
    let faster = SmallRuns.results(
      smallGrid(
        optimizers: [OptimizerChoice("momentum", set: ["learningRate": 0.06])],
        seeds: Array(1...10), epochs: 20))
    let slower = SmallRuns.results(
      smallGrid(
        optimizers: [OptimizerChoice("momentum", set: ["learningRate": 0.05])],
        seeds: Array(1...10), epochs: 20))
    // As if the program trained faster than it says.
    let disguised = zip(faster, slower).map { after, before in
      var disguised = before
      disguised.outcome = after.outcome
      return disguised
    }
    let diff = SurveyDiff(slower, disguised)
    #expect(
      diff.figures.contains { $0.figure == "greatest eigenvalue" && $0.outcome == .changed },
      "\(diff.figures)")
    #expect(SurveyDiff(slower, slower).isChanged == false)
  }

  @Test func `a seed that no longer seeds is seen`() throws {
    // Every run ends where another seed's did: no mean changes.
    let ends = SmallRuns.panel
    let shifted = try edited(SmallRuns.panel) { run, end in
      let seed = run.experiment.plan!.seed % 10 + 1
      let other = ends.first {
        $0.experiment.plan?.seed == seed && $0.experiment.optimizer?.name == run.experiment.optimizer?.name
      }!
      let own = end.point.evaluation
      end.point.evaluation = Evaluation(
        loss: other.end!.point.evaluation.loss, accuracy: own.accuracy, gradientNorm: own.gradientNorm)
    }
    #expect(changed(shifted) == ["drift of training loss, seed by seed"])
  }

  @Test func `other seeds are the same within chance`() {
    let grid = { (seeds: [UInt64]) in
      SmallRuns.results(smallGrid(optimizers: [OptimizerChoice("sgd")], seeds: seeds, epochs: 1))
    }
    let diff = SurveyDiff(grid([1, 2, 3, 4, 5, 6]), grid([11, 12, 13, 14, 15, 16]))
    #expect(!diff.isChanged)
    #expect(diff.figures.allSatisfy { $0.pairs == 0 })
    #expect(diff.figures.contains { $0.outcome == .undecided })
  }

  @Test func `a verdict that turns is told`() throws {
    let after = try edited(SmallRuns.panel) { _, end in
      setCurvature(&end, isCertified: false)
      setShare(&end, \.index, at: 1e-6, 0)
    }
    let diff = SurveyDiff(SmallRuns.panel, after)
    let change = try #require(diff.findings.first { $0.id == "negative-curvature" })
    #expect(change.after == .notReproduced && change.before != .notReproduced)
    #expect(diff.isChanged)
  }

  @Test func `settings of one store alone are named`() {
    let some = SmallRuns.panel.filter { $0.experiment.optimizer?.name == "sgd" }
    let diff = SurveyDiff(SmallRuns.panel, some)
    #expect(diff.onlyBefore.count == 3 && diff.onlyAfter.isEmpty)
  }
}
