import Foundation
import Oracles
import Saddle
import Support
import Testing

/// The pinned findings, recomputed from their stored parameters.
@Suite struct FindingTests {
  /// A fixture with its data and the analysis made anew.
  private struct Recomputed {
    let fixture: Fixture
    let prepared: PreparedExperiment
    let objective: NetworkObjective<Double>
    let analysis: PointAnalysis
    let startingLoss: Double
    let test: Evaluation?

    init(_ name: String) throws {
      fixture = try Fixture(from: projectFolder.appending(path: "fixtures/\(name)").path)
      prepared = try fixture.finding.experiment.prepared(from: DataFolder())
      objective = try prepared.objective(Double.self)
      analysis = try PointAnalysis(of: objective, at: fixture.parameters)
      let plan = try #require(fixture.finding.experiment.plan)
      var generator = RandomStream(seed: plan.seed, name: "init")
      startingLoss = objective.value(
        at: objective.network.initialParameters(
          plan.initialization, using: &generator))
      test = try prepared.testEvaluation(at: fixture.parameters)
    }
  }

  @Test(.tags(.pinned, .slow))
  func `the finding on SyntheticDigits stands`() throws {
    try check(Recomputed("synthetic-196-16-10-tanh"))
  }

  @Test(.tags(.pinned, .slow), .requiresMNIST)
  func `the finding on MNIST stands`() throws {
    try check(Recomputed("mnist-196-16-10-tanh"))
  }

  // What is said of the real spectrum is what the pinned parameters give.
  @Test(.tags(.pinned, .slow), .requiresMNIST)
  func `the first table of findings is the finding's`() throws {
    let recomputed = try Recomputed("mnist-196-16-10-tanh")
    let claims = Claim.all(
      for: PointRecord(recomputed.analysis), startingLoss: recomputed.startingLoss)
    try ProjectDocument.findings.expectTable(
      "## A real spectrum", claims.map { ($0.statement, $0.verdict, $0.evidence) })
  }

  private func check(_ recomputed: Recomputed) throws {
    let (fixture, analysis) = (recomputed.fixture, recomputed.analysis)
    let finding = fixture.finding
    #expect(
      try recomputed.prepared.samples.contentSHA256() == finding.provenance.contentSHA256,
      "these are not the images that the finding is about")

    for miss in finding.misses(
      of: analysis, startingLoss: recomputed.startingLoss, test: recomputed.test)
    {
      Issue.record(
        """
        \(miss.figure.name) is \(miss.recomputed.map { "\($0)" } ?? "missing"), pinned \
        \(miss.figure.value): \(miss.deviation) × the tolerance (\(miss.figure.reason))
        """)
    }
    #expect(
      Claim.all(for: PointRecord(analysis), startingLoss: recomputed.startingLoss).map(\.verdict)
        == finding.claims.map(\.verdict))
    #expect(analysis.countsAgree, "LDLᵀ counts \(analysis.secondCount)")
    try checkWitness(recomputed)
    checkPlantedChanges(recomputed)
  }

  /// The stored witness, held against plain loops and differences.
  private func checkWitness(_ recomputed: Recomputed) throws {
    let (objective, θ) = (recomputed.objective, recomputed.fixture.parameters)
    let witness = try #require(recomputed.fixture.witness)
    let certificate = NegativeCurvatureCertificate(witness: witness, of: objective, at: θ)
    #expect(certificate.isValid)

    let report = try NegativeCurvatureCheck(
      value: { objective.value(at: $0) }, gradient: { objective.gradient(at: $0).gradient }
    ).verify(
      at: θ, along: witness, eigenvalue: certificate.rayleighQuotient,
      residual: certificate.residual)
    #expect(report.verdict == .confirmed, "\(report)")

    // Three values of a network in plain loops, which shares nothing with the core.
    guard case .classes(let labels) = objective.targets else { return }
    let (widths, activation) = try #require(objective.network.denseWidths)
    let plain = PlainNetwork(
      widths: widths, activation: try #require(.init(rawValue: activation.rawValue)),
      loss: try #require(.init(rawValue: objective.loss.rawValue)),
      inputs: objective.inputs.asRows, labels: labels.map(Int.init))
    let h = certificate.step
    let values = [-h, 0, h].map { step in
      plain.value(at: zip(θ, witness).map { $0 + step * $1 })
    }
    let difference = values[0] + values[2] - 2 * values[1]
    expectClose(
      difference, certificate.secondDifference,
      within: Tolerance(absolute: 1e-12, why: "sums over thousands of samples"))
    #expect(difference < 0)
  }

  /// A pin that nothing can miss is no pin.
  private func checkPlantedChanges(_ recomputed: Recomputed) {
    let (finding, analysis) = (recomputed.fixture.finding, recomputed.analysis)
    func misses(_ values: [Double], zeros: Int, _ evaluation: Evaluation) -> [String] {
      let planted = PointAnalysis(
        evaluation: evaluation, rounding: analysis.rounding,
        spectrum: try! Spectrum(eigenvalues: values, structuralZeros: zeros),
        boundsHessian: analysis.boundsHessian, structure: analysis.structure,
        curvature: analysis.curvature, secondCount: analysis.secondCount,
        criticality: analysis.criticality)
      return finding.misses(
        of: planted, startingLoss: recomputed.startingLoss, test: recomputed.test
      ).map(\.figure.name)
    }
    let (values, evaluation) = (analysis.spectrum.eigenvalues, analysis.evaluation)
    let zeros = analysis.spectrum.structuralZeros
    #expect(misses(values, zeros: zeros, evaluation).isEmpty)
    #expect(
      misses(values.map { 1.01 * $0 }, zeros: zeros, evaluation).contains("greatest eigenvalue"),
      "a Hessian scaled by 1.01")
    #expect(
      misses(values.map { $0.magnitude }, zeros: zeros, evaluation).contains("index at 1e-6"),
      "a lost sign")
    #expect(
      misses(values.map { $0 + 3e-6 * analysis.spectrum.radius }, zeros: zeros, evaluation)
        .contains("zeros at 1e-6"), "a shift of 3e-6·max|λ|")
    #expect(misses(values, zeros: zeros - 1, evaluation) == ["structural zeros"])
    let off = Evaluation(
      loss: evaluation.loss, accuracy: evaluation.accuracy,
      gradientNorm: evaluation.gradientNorm * (1 + 1e-9))
    #expect(misses(values, zeros: zeros, off) == ["gradient norm"])
  }
}
