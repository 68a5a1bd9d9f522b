import Foundation
import Saddle
import Support
import Testing

/// Tier 1: what was found on MNIST and CIFAR-10, recomputed from the committed packs.
@Suite struct PackTests {
  private static let folder = projectFolder.appending(path: "fixtures/paper").path

  private var store: ExperimentStore { ExperimentStore(Self.folder) }

  /// The runs whose end points are kept.
  private func cited() throws -> [(run: RunResult, parameters: [Double], eigenvalues: [Double])] {
    try store.results().results.compactMap { run in
      guard let parameters = try store.parameters(of: run.key),
        let eigenvalues = try store.eigenvalues(of: run.key)
      else { return nil }
      return (run, parameters, eigenvalues)
    }
  }

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
    // Every claim of the README has its verdict there.
    let readme = try String(
      contentsOf: projectFolder.appending(path: "README.md"), encoding: .utf8)
    for finding in found {
      #expect(
        readme.contains("| \(finding.statement) | **\(finding.verdict.rawValue)** |"),
        "the README's verdict on: \(finding.statement)")
    }
  }

  @Test(.tags(.pinned))
  func `a key is the run's own`() throws {
    for result in try store.results().results {
      let run = try GridRun(result.experiment, measure: result.measure)
      #expect(run.key == result.key, "\(result.experiment.name)")
    }
  }

  @Test(.tags(.pinned, .slow), .requiresMNIST, .requiresCIFAR10)
  func `the cited end points are analyzed as they were`() throws {
    let cited = try cited()
    #expect(cited.count >= 12)
    let samples = try RunFolder(Self.folder).read(
      [Provenance].self, from: ExperimentStore.provenanceName)
    for provenance in samples {
      let result = try #require(
        store.results().results.first { $0.experiment.data.source.name == provenance.data })
      let now = try DatasetDescription(result.experiment.data.source)
        .samples(from: DataFolder()).contentSHA256()
      #expect(now == provenance.contentSHA256, "these are not the images: \(provenance.data)")
    }
    // One of each data set and network: a Hessian and its eigenvalues each.
    var seen: Set<RunSetting.Panel> = []
    for item in cited {
      guard let setting = RunSetting(of: item.run.experiment), seen.insert(setting.panel).inserted
      else { continue }
      try check(item)
    }
    #expect(seen.count >= 20)
  }

  @Test(.tags(.pinned))
  func `every run that a finding cites is kept whole`() throws {
    let cited = Survey(try store.results().results)
      .cited(optimizers: ["momentum", "adam", "noisySGD", "krylovSaddleFreeNewton"])
    #expect(cited.count >= 60)
    for run in cited {
      let name = "\(run.experiment.name), \(run.key)"
      let order = run.end?.parameters
      #expect(try store.parameters(of: run.key)?.count == order, "\(name)")
      #expect(try store.eigenvalues(of: run.key)?.count == order, "\(name)")
      guard run.end?.refined != nil else { continue }
      #expect(try store.refined(of: run.key)?.count == order, "\(name)")
    }
  }

  @Test(.tags(.pinned), .requiresMNIST)
  func `refined points are as critical and of the index that was found`() throws {
    var kinds: Set<CriticalPointKind> = []
    for run in try store.results().results {
      guard let end = run.end, let pinned = end.refined, let θ = try store.refined(of: run.key),
        let eigenvalues = try store.eigenvalues(of: run.key)
      else { continue }
      kinds.insert(pinned.kind)
      let name = "\(run.experiment.name), \(run.key)"
      let objective = try run.experiment.prepared(from: DataFolder()).objective(Double.self)
      let now = objective.evaluate(at: θ)
      // Sums of a thousand terms below 1.
      #expect((now.gradientNorm - pinned.gradientNorm).magnitude <= 1e-12, "\(name)")
      #expect((now.loss - pinned.loss).magnitude <= 1e-12, "\(name)")
      let radius = try Spectrum(eigenvalues: eigenvalues).radius
      let spectrum = try objective.hessian(at: θ).eigenvalues()
      let bound = ClaimLimits.strictZero * radius
      let rounding = 60 * Double(spectrum.count) * Double.ulpOfOne * radius
      let inDoubt = spectrum.count { ($0.magnitude - bound).magnitude <= rounding }
      let index = spectrum.count { $0 < -bound }
      let zeros = spectrum.count { $0.magnitude <= bound } - (end.structuralZeros ?? 0)
      #expect((index - pinned.index).magnitude <= inDoubt, "\(name): index \(index)")
      #expect((zeros - pinned.nullity).magnitude <= inDoubt, "\(name): \(zeros) zeros")

      // A pin that nothing can miss is none.
      #expect(now.gradientNorm < 0.01 * end.training.gradientNorm, "\(name) was not refined")
    }
    #expect(kinds.count >= 2)
  }

  @Test(.tags(.pinned, .slow), .requiresMNIST, .requiresCIFAR10)
  func `the Gauss–Newton matrix lies as far from the Hessian as it did`() throws {
    var found = 0
    for item in try cited() {
      guard let pinned = item.run.end?.gaussNewton else { continue }
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

  private func check(
    _ item: (run: RunResult, parameters: [Double], eigenvalues: [Double])
  ) throws {
    let (run, θ) = (item.run, item.parameters)
    let end = try #require(run.end)
    let prepared = try run.experiment.prepared(from: DataFolder())
    let objective = try prepared.objective(Double.self)
    let analysis = try PointAnalysis(of: objective, at: θ)
    let name = "\(run.experiment.name), \(run.key)"

    func misses(_ loss: Double, _ values: [Double], structuralZeros: Int) throws -> [String] {
      let spectrum = try Spectrum(eigenvalues: values, structuralZeros: structuralZeros)
      let pinned = try Spectrum(eigenvalues: item.eigenvalues, structuralZeros: structuralZeros)
      var misses: [String] = []
      // Sums over thousands of samples in another order.
      if !((loss - end.training.loss).magnitude <= 1e-11 * end.training.loss) {
        misses.append("loss")
      }
      // LAPACK's threshold for an eigenvalue.
      let rounding = 60 * Double(values.count) * Double.ulpOfOne * pinned.radius
      let worst = zip(values, item.eigenvalues).map { ($0 - $1).magnitude }.max() ?? .infinity
      if !(worst <= rounding) { misses.append("eigenvalues") }
      for share in end.spectrum?.shares ?? [] {
        let count = Double(values.count)
        let zeros = spectrum.degeneracy(at: share.tolerance).fraction
        let index = Double(spectrum.index(at: share.tolerance)) / count
        // What rounding may carry across the bound, on both sides of the comparison.
        let slack = 2 / count
        func isWithin(_ value: Double, _ figure: BoundedFigure) -> Bool {
          value >= figure.lower - slack && value <= figure.upper + slack
        }
        if !isWithin(zeros, share.degeneracy) { misses.append("zeros at \(share.tolerance)") }
        if !isWithin(index, share.index) { misses.append("index at \(share.tolerance)") }
      }
      return misses
    }
    let (loss, values) = (analysis.evaluation.loss, analysis.spectrum.eigenvalues)
    let zeros = analysis.spectrum.structuralZeros
    #expect(zeros == end.structuralZeros, "\(name)")
    #expect(analysis.isCertified == end.isCertified, "\(name)")
    #expect(analysis.countsAgree, "\(name)")
    let found = try misses(loss, values, structuralZeros: zeros)
    #expect(found.isEmpty, "\(name): \(found)")
    let test = try prepared.testEvaluation(at: θ)
    #expect(test?.accuracy == end.test?.accuracy, "\(name)")

    // Pins that nothing can miss are none.
    let scaled = try misses(loss, values.map { 1.01 * $0 }, structuralZeros: zeros)
    #expect(scaled == ["eigenvalues"], "a Hessian scaled by 1.01")
    let wider = analysis.spectrum.degeneracy(at: 1e-5).fraction
    let share = try #require(end.spectrum?.shares.first { $0.tolerance == 1e-6 })
    #expect(wider > share.degeneracy.upper + 2 / Double(values.count), "ε × 10")
    var withoutBias = θ
    for block in objective.parameterBlocks where block.name.contains("bias") {
      for i in block.range { withoutBias[i] = 0 }
    }
    let dropped = try misses(
      objective.value(at: withoutBias), values, structuralZeros: zeros)
    #expect(dropped == ["loss"], "dropped biases")
  }
}
