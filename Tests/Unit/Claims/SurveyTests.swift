import Foundation
import Saddle
import Support
import Testing

/// Results of small runs, made once for all tests here.
enum SmallRuns {
  static let optimizers = ["sgd", "momentum", "adam", "noisySGD"]

  static let panel: [RunResult] = results(
    smallGrid(
      optimizers: optimizers.map { OptimizerChoice($0) }, seeds: [1, 2, 3, 4, 5], epochs: 10))

  static let widths: [RunResult] = {
    var grid = smallGrid(seeds: [1, 2, 3, 4, 5], epochs: 1)
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

/// Results with their JSON changed: what a store would hold, had the runs ended otherwise.
func edited(
  _ results: [RunResult], _ change: (RunResult, inout [String: Any]) -> Void
) throws -> [RunResult] {
  try results.map { result in
    let json = try JSONSerialization.jsonObject(with: JSON.encode(result))
    var object = try #require(json as? [String: Any])
    var outcome = try #require(object["outcome"] as? [String: Any])
    var finished = try #require(outcome["finished"] as? [String: Any])
    var end = try #require(finished["_0"] as? [String: Any])
    change(result, &end)
    finished["_0"] = end
    outcome["finished"] = finished
    object["outcome"] = outcome
    return try JSONDecoder().decode(
      RunResult.self, from: JSONSerialization.data(withJSONObject: object))
  }
}

/// Changes a part of an end point's JSON.
func change(
  _ end: inout [String: Any], _ path: [String], _ body: (inout [String: Any]) -> Void
) {
  guard let name = path.first else { return body(&end) }
  var part = end[name] as! [String: Any]
  change(&part, Array(path.dropFirst()), body)
  end[name] = part
}

/// Sets a share at one tolerance of an end point's JSON.
func setShare(_ end: inout [String: Any], _ name: String, at tolerance: Double, _ value: Double) {
  change(&end, ["point", "spectrum"]) { spectrum in
    spectrum["shares"] = (spectrum["shares"] as! [[String: Any]]).map { share in
      guard share["tolerance"] as? Double == tolerance else { return share }
      var share = share
      share[name] = ["value": value, "lower": value, "upper": value, "isResolved": true]
      return share
    }
  }
}

/// Scales a figure of a spectrum's JSON with its limits.
func scale(_ spectrum: inout [String: Any], _ name: String, by factor: Double) {
  var figure = spectrum[name] as! [String: Any]
  for part in ["value", "lower", "upper"] { figure[part] = factor * (figure[part] as! Double) }
  spectrum[name] = figure
}

func setCurvature(_ end: inout [String: Any], isCertified: Bool) {
  change(&end, ["point"]) {
    $0["curvature"] = ["outcome": isCertified ? "certified" : "noneBeyondRounding"]
  }
}

func setStructuralZeros(_ end: inout [String: Any], share: Double) {
  let order = (end["point"] as! [String: Any])["order"] as! Int
  change(&end, ["point", "spectrum"]) { $0["structuralZeros"] = Int(share * Double(order)) }
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
      setShare(&end, "index", at: 1e-6, index)
      setShare(&end, "degeneracy", at: 1e-6, strict)
      setShare(&end, "degeneracy", at: 1e-3, loose)
    }
  }

  @Test func `claims are reproduced where every setting says so`() throws {
    let results = try all()
    for id in ["negative-curvature", "degenerate", "every-optimizer", "escaping-optimizers"] {
      let finding = try finding(id, of: results)
      #expect(finding.verdict == .reproduced, "\(id): \(finding.evidence)")
    }
    let curvature = try finding("negative-curvature", of: results)
    #expect(curvature.cases.count == 4)
    #expect(curvature.cases.allSatisfy { $0.runs == 5 })
    let escaping = try finding("escaping-optimizers", of: results)
    #expect(escaping.cases.map(\.name) == ["noisySGD"])
  }

  @Test func `one setting that says otherwise refutes a claim of all`() throws {
    let results = try edited(all()) { run, end in
      guard run.experiment.optimizer?.name == "adam" else { return }
      setCurvature(&end, isCertified: false)
      setShare(&end, "index", at: 1e-6, 0)
    }
    let curvature = try finding("negative-curvature", of: results)
    #expect(curvature.verdict == .notReproduced)
    #expect(curvature.cases.filter { $0.verdict == .notReproduced }.count == 1)
    let optimizers = try finding("every-optimizer", of: results)
    #expect(optimizers.verdict == .notReproduced)
    let escaping = try finding("escaping-optimizers", of: results)
    #expect(escaping.verdict == .reproduced)
  }

  @Test func `one seed that says otherwise leaves it undecided`() throws {
    let results = try edited(all()) { run, end in
      guard run.experiment.optimizer?.name == "adam", run.experiment.plan?.seed == 3 else { return }
      setCurvature(&end, isCertified: false)
      setShare(&end, "index", at: 1e-6, 0)
    }
    let curvature = try finding("negative-curvature", of: results)
    #expect(curvature.verdict == .undecided)
  }

  // MARK: Escaping

  /// All say the same of curvature and degeneracy; noisySGD's records tell `interventions`.
  private func escaping(_ interventions: (_ seed: UInt64) -> Int?) throws -> [RunResult] {
    try edited(all()) { run, end in
      guard run.experiment.optimizer?.name == "noisySGD" else { return }
      end["interventions"] = interventions(run.experiment.plan?.seed ?? 0)
    }
  }

  @Test func `a run whose mechanism acted is evidence about escaping`() throws {
    // Three batches in each of 10 epochs.
    let finding = try finding("escaping-optimizers", of: all())
    #expect(SmallRuns.panel.compactMap(\.end?.interventions) == [30, 30, 30, 30, 30])
    #expect(finding.verdict == .reproduced)
    #expect(finding.cases[0].evidence.hasSuffix("; its mechanism acted in 5 of 5 runs"))
  }

  @Test func `a run whose mechanism never acted is none`() throws {
    let never = try finding("escaping-optimizers", of: escaping { _ in 0 })
    #expect(never.verdict == .undecided && never.cases.map(\.verdict) == [.undecided])
    #expect(never.cases[0].evidence.hasSuffix("; its mechanism never acted in 5 of 5 runs"))
    // Four of five seeds are no majority by the sign test.
    let once = try finding("escaping-optimizers", of: escaping { $0 == 3 ? 0 : 7 })
    #expect(once.verdict == .undecided)
    #expect(
      once.cases[0].evidence.hasSuffix(
        "; its mechanism acted in 4 of 5 runs, its mechanism never acted in 1 of 5 runs"))
  }

  @Test func `a run whose record does not tell is none`() throws {
    let unknown = try finding("escaping-optimizers", of: escaping { _ in nil })
    #expect(unknown.verdict == .undecided)
    #expect(
      unknown.cases[0].evidence.hasSuffix(
        "; in 5 of 5 runs it is not recorded whether its mechanism acted"))
    // Of curvature its runs speak as any other's.
    for id in ["negative-curvature", "every-optimizer"] {
      #expect(try finding(id, of: escaping { _ in nil }).verdict == .reproduced, "\(id)")
    }
  }

  @Test func `where escaping is refuted the mechanism must have acted`() throws {
    func verdict(_ interventions: Int) throws -> Verdict {
      let results = try edited(escaping { _ in interventions }) { run, end in
        guard run.experiment.optimizer?.name == "noisySGD" else { return }
        setCurvature(&end, isCertified: false)
        setShare(&end, "index", at: 1e-6, 0)
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
      end["interventions"] = interventions
      let plan = run.experiment.plan
      let source = SmallRuns.panel.first {
        $0.experiment.optimizer?.name == other && $0.experiment.plan?.seed == plan?.seed
      }
      guard plan?.seed != seed, let other = source?.end?.point.evaluation else { return }
      change(&end, ["point"]) {
        $0["evaluation"] = try! JSONSerialization.jsonObject(with: JSON.encode(other))
      }
    }
  }

  @Test(
    arguments: [
      (0, "its mechanism never acted"), (nil, "in 5 of 5 runs it is not recorded"),
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
    let json = try JSONSerialization.jsonObject(with: JSON.encode(results[0]))
    var object = try #require(json as? [String: Any])
    object["outcome"] = ["diverged": ["epoch": 1, "cause": "step 1"]]
    results[0] = try JSONDecoder().decode(
      RunResult.self, from: JSONSerialization.data(withJSONObject: object))
    let curvature = try finding("negative-curvature", of: results)
    #expect(curvature.verdict == .undecided)
  }

  @Test(arguments: [(0.1, Verdict.reproduced), (-0.1, .notReproduced), (0, .undecided)])
  func `a series tells a trend`(_ slope: Double, _ verdict: Verdict) throws {
    let results = try edited(SmallRuns.widths) { run, end in
      guard case .dense(let hidden, _) = run.experiment.architecture else { return }
      setStructuralZeros(&end, share: 0)
      let noise = 0.001 * Double((run.experiment.plan?.seed ?? 0) % 3)
      for tolerance in [1e-6, 1e-3] {
        setShare(&end, "degeneracy", at: tolerance, 0.5 + slope * Double(hidden[0] - 3) + noise)
      }
    }
    let width = try finding("width", of: results)
    #expect(width.verdict == verdict, "\(width.cases)")
    #expect(width.cases.count == 1)
    #expect(try finding("depth", of: results).cases.isEmpty)
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
    #expect(diff.figures.allSatisfy { $0.outcome == .same && $0.pairs == 5 })
    #expect(diff.onlyBefore.isEmpty && diff.onlyAfter.isEmpty)
  }

  private func changed(_ after: [RunResult]) -> Set<String> {
    Set(
      SurveyDiff(SmallRuns.panel, after).figures.filter { $0.outcome == .changed }.map(\.figure))
  }

  @Test func `a Hessian scaled by one per cent is seen`() throws {
    let scaled = try edited(SmallRuns.panel) { _, end in
      change(&end, ["point", "spectrum"]) { spectrum in
        for name in ["least", "greatest"] {
          scale(&spectrum, name, by: 1.01)
        }
      }
    }
    #expect(changed(scaled) == ["greatest eigenvalue"])
  }

  @Test func `another tolerance is seen`() throws {
    let wider = try edited(SmallRuns.panel) { run, end in
      let shares = run.end!.point.spectrum!.shares
      setShare(&end, "degeneracy", at: 1e-6, shares.first { $0.tolerance == 1e-4 }!.degeneracy.value)
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
    let disguised = try zip(faster, slower).map { after, before in
      try edited([before]) { _, end in
        let json = try! JSONSerialization.jsonObject(with: JSON.encode(after)) as! [String: Any]
        let outcome = json["outcome"] as! [String: [String: Any]]
        end = outcome["finished"]!["_0"] as! [String: Any]
      }[0]
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
      let seed = run.experiment.plan!.seed % 5 + 1
      let other = ends.first {
        $0.experiment.plan?.seed == seed && $0.experiment.optimizer?.name == run.experiment.optimizer?.name
      }!
      change(&end, ["point", "evaluation"]) { $0["loss"] = other.end!.point.evaluation.loss }
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
      setShare(&end, "index", at: 1e-6, 0)
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
