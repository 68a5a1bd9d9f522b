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
    // One of each panel: a Hessian and its eigenvalues each.
    var seen: Set<RunSetting.Panel> = []
    for item in cited {
      guard let setting = RunSetting(of: item.run.experiment), seen.insert(setting.panel).inserted
      else { continue }
      try check(item)
    }
    #expect(seen.count >= 4)
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
