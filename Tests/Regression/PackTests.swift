import Foundation
import Saddle
import Support
import Testing

/// Tier 1: what was found on MNIST and CIFAR-10, recomputed from the committed packs.
@Suite struct PackTests {
  private static let folder = projectFolder.appending(path: "fixtures/paper").path

  private var store: ExperimentStore { ExperimentStore(Self.folder) }

  private typealias Cited = (run: RunResult, parameters: [Double], eigenvalues: [Double])

  /// Read once: every test is of them.
  private static let allCited = Result {
    let store = ExperimentStore(folder)
    return try store.results().results.compactMap { run -> Cited? in
      guard let parameters = try store.parameters(of: run.key),
        let eigenvalues = try store.eigenvalues(of: run.key)
      else { return nil }
      return (run, parameters, eigenvalues)
    }
  }

  /// The runs whose end points are kept.
  private func cited() throws -> [Cited] { try Self.allCited.get() }

  @Test(.tags(.pinned))
  func `the findings follow from the committed runs`() throws {
    let (results, damaged) = try store.results()
    #expect(damaged.isEmpty)
    #expect(results.count > 400)
    let pinned = try RunFolder(Self.folder).read(
      [SurveyFinding].self, from: ExperimentStore.findingsName)
    let found = Survey(results).findings
    #expect(found.map(\.id) == pinned.map(\.id))
    for (one, other) in zip(found, pinned) {
      #expect(one == other, "\(one.id) was \(other.verdict): \(other.evidence)")
    }
    // The table of findings is these findings, each with its verdict and its evidence, and no others.
    try ProjectDocument.findings.expectTable(
      "## The claims, decided", found.map { ($0.statement, $0.verdict, $0.evidence) })
  }

  @Test(.tags(.pinned))
  func `a key is the run's own`() throws {
    for result in try store.results().results {
      let run = try GridRun(result.experiment, measure: result.measure)
      #expect(run.key == result.key, "\(result.experiment.name)")
    }
  }

  @Test(.tags(.pinned, .slow), .requiresMNIST, .requiresCIFAR10)
  func `the images are those that the runs were made with`() throws {
    let samples = try RunFolder(Self.folder).read(
      [Provenance].self, from: ExperimentStore.provenanceName)
    for provenance in samples {
      let result = try #require(
        store.results().results.first { $0.experiment.data.source.name == provenance.data })
      let now = try DatasetDescription(result.experiment.data.source)
        .samples(from: DataFolder()).contentSHA256()
      #expect(now == provenance.contentSHA256, "these are not the images: \(provenance.data)")
    }
  }

  /// Whether a run's Hessian is taken column by column, which takes many times as long.
  private static func isLayered(_ run: RunResult) -> Bool {
    if case .dense = run.experiment.architecture { false } else { true }
  }

  /// Those that every test run measures anew: all dense ones, and of the others one of each data set;
  /// all of them where SADDLE_ALL_CITED is 1, as `script/regress` has it.
  private static func measuredKeys() throws -> [String] {
    let all = ProcessInfo.processInfo.environment["SADDLE_ALL_CITED"] == "1"
    var seen: Set<String> = []
    return try PackTests().cited().map(\.run).filter {
      all || !isLayered($0) || seen.insert($0.experiment.data.source.name).inserted
    }.map(\.key)
  }

  // What `saddle spectrum fixtures/paper/KEY --refine` measures, it measures by this.
  @Test(
    .tags(.pinned, .slow), .requiresMNIST, .requiresCIFAR10, arguments: try measuredKeys())
  func `a cited run is measured as the survey has it, its refined point too`(key: String) throws {
    let (run, θ, eigenvalues) = try #require(try cited().first { $0.run.key == key })
    let end = try #require(run.end)
    let prepared = try run.experiment.prepared(from: DataFolder())
    var settings = run.measure.point
    // Thousands of random matrices a run, which change no other figure.
    settings.fit = false
    // What was not kept of a search is not found again by a test.
    settings.refine = end.refined != nil
    let measured = try PointMeasurement(
      of: prepared.objective(Double.self), at: θ, settings: settings,
      refined: store.refined(of: key))
    let found = differences(measured.record, end.point)
    #expect(found.isEmpty, "\(run.experiment.name): \(found)")
    let test = try prepared.testEvaluation(at: θ)
    #expect(test?.accuracy == end.test?.accuracy)
    let spectrum = try #require(measured.spectrum)
    let worst = zip(spectrum.eigenvalues, eigenvalues).map { ($0 - $1).magnitude }.max()
    #expect(worst ?? .infinity <= 2 * spectrum.errorBound)
    #expect(measured.analysis?.countsAgree == true)
    guard let pinned = end.refined else { return }
    let again = try #require(measured.refinement).record
    let changed = differences(again.point, pinned.point)
    #expect(changed.isEmpty, "refined: \(changed)")
  }

  @Test(.tags(.pinned)) func `runs of every data set and network are measured anew`() throws {
    let keys = Set(try Self.measuredKeys())
    let runs = try cited().map(\.run).filter { keys.contains($0.key) }
    #expect(runs.count >= 50)
    #expect(runs.count { $0.end?.refined != nil } >= 2)
    #expect(Set(runs.compactMap { RunSetting(of: $0.experiment)?.panel }).count >= 20)
  }

  /// What two measurements of one point say otherwise, beyond rounding.
  private func differences(_ now: PointRecord, _ pinned: PointRecord) -> [String] {
    var found: [String] = []
    func check(_ holds: Bool, _ what: String) { if !holds { found.append(what) } }
    for claim in PointClaim.ofOnePoint + [.outliers(classes: 10)] {
      let verdicts = (claim.decide(now, 1).verdict, claim.decide(pinned, 1).verdict)
      check(verdicts.0 == verdicts.1, claim.id)
    }
    // What a record of earlier rules does not tell is not compared, nor what they told where rounding
    // leaves it open: the claims above are decided as they were.
    check(
      pinned.kind == nil || now.kind == pinned.kind || now.kind == .unresolved,
      "kind \(String(describing: now.kind))")
    check(now.curvature?.outcome == pinned.curvature?.outcome, "curvature")
    func isClose(_ one: Double, _ other: Double, _ bound: Double?) -> Bool {
      (one - other).magnitude <= max(1e-11 * other.magnitude, 2 * (bound ?? 0))
    }
    let (evaluation, before) = (now.evaluation, pinned.evaluation)
    check(isClose(evaluation.loss, before.loss, now.rounding?.loss), "loss")
    check(
      isClose(evaluation.gradientNorm, before.gradientNorm, now.rounding?.gradientNorm),
      "gradient norm")
    guard let spectrum = now.spectrum, let other = pinned.spectrum else {
      check(now.spectrum == nil && pinned.spectrum == nil, "spectrum")
      return found
    }
    check(spectrum.structuralZeros == other.structuralZeros, "structural zeros")
    check(spectrum.outliers == other.outliers, "outliers")
    func overlap(_ one: BoundedFigure, _ other: BoundedFigure, _ slack: Double) -> Bool {
      one.lower - slack <= other.upper && other.lower - slack <= one.upper
    }
    check(overlap(spectrum.least, other.least, 0), "least eigenvalue")
    check(overlap(spectrum.greatest, other.greatest, 0), "greatest eigenvalue")
    for share in spectrum.shares {
      // What rounding may carry across the bound, on both sides of the comparison.
      let slack = 2 / Double(now.order)
      let pin = other.share(at: share.tolerance)
      check(pin.map { overlap(share.index, $0.index, slack) } ?? false, "index")
      check(pin.map { overlap(share.degeneracy, $0.degeneracy, slack) } ?? false, "zeros")
    }
    guard let was = pinned.criticality else { return found }
    guard let criticality = now.criticality else { return found + ["criticality"] }
    // Modes just above the resolution come and go with rounding.
    let ratio = criticality.newtonStep / was.newtonStep
    check(ratio > 0.1 && ratio < 10, "Newton's step, by a factor of \(ratio)")
    check((criticality.nearKernelShare - was.nearKernelShare).magnitude < 0.01, "near-kernel")
    return found
  }

  @Test(.tags(.pinned, .slow), .requiresMNIST)
  func `a measurement that is off is told from the pinned one`() throws {
    let item = try #require(try cited().first { $0.run.end?.refined != nil })
    let end = try #require(item.run.end)
    let objective = try item.run.experiment.prepared(from: DataFolder()).objective(Double.self)
    func found(_ θ: [Double]) throws -> Set<String> {
      Set(differences(try PointMeasurement(of: objective, at: θ).record, end.point))
    }
    #expect(try found(item.parameters).isEmpty)
    var withoutBias = item.parameters
    for block in objective.parameterBlocks where block.name.contains("bias") {
      for i in block.range { withoutBias[i] = 0 }
    }
    #expect(try found(withoutBias).isSuperset(of: ["loss", "gradient norm"]))
    var nudged = item.parameters
    nudged[nudged.count - 1] += 1e-6
    #expect(try found(nudged).contains("gradient norm"))
  }

  @Test(.tags(.pinned))
  func `every run that a finding cites is kept whole`() throws {
    let cited = Survey(try store.results().results)
      .cited(optimizers: ["momentum", "adam", "noisySGD", "krylovSaddleFreeNewton"])
    #expect(cited.count >= 60)
    for run in cited {
      let name = "\(run.experiment.name), \(run.key)"
      let order = run.end?.point.order
      #expect(try store.parameters(of: run.key)?.count == order, "\(name)")
      #expect(try store.eigenvalues(of: run.key)?.count == order, "\(name)")
      guard run.end?.refined != nil else { continue }
      #expect(try store.refined(of: run.key)?.count == order, "\(name)")
    }
  }

  @Test(.tags(.pinned, .slow), .requiresMNIST, .requiresCIFAR10)
  func `the Gauss–Newton matrix lies as far from the Hessian as it did`() throws {
    var found = 0
    for item in try cited() {
      guard let pinned = item.run.end?.point.gaussNewton else { continue }
      found += 1
      let objective = try item.run.experiment.prepared(from: DataFolder()).objective(Double.self)
      let spectrum = try Spectrum(
        of: objective.curvatureMatrix(.gaussNewton, at: item.parameters, includingPenalty: true),
        nullSpace: objective.structuralNullSpace, shift: objective.weightDecay)
      let now = GaussNewtonComparison(
        hessian: item.eigenvalues, gaussNewton: spectrum.eigenvalues)
      let name = "\(item.run.experiment.name), \(item.run.key)"
      // The eigenvalues' relative rounding; and two of them may trade places in the step function.
      #expect((now.leadingDeviation - pinned.leadingDeviation).magnitude <= 1e-9, "\(name)")
      let step = 2 / Double(item.eigenvalues.count)
      #expect((now.bulkDistance - pinned.bulkDistance).magnitude <= step, "\(name)")
      #expect(now.bulkDistance > 2 * step, "\(name): a comparison with itself would pass")
    }
    #expect(found >= 2)
  }
}
