import Foundation
import Saddle
import Support
import Testing

/// `saddle spectrum` in all its ways on one run, against the run's own matrix.
@Suite struct SpectrumCommandTests {
  /// What the command prints as JSON, as far as these tests read it.
  private struct Output: Decodable {
    let record: PointRecord
    let eigenvalues: [Double]?
    let matrixFree: MatrixFreeAnalysis?
    let counts: EigenvalueCounts?
    let blocks: [BlockSpectrum]?
    let fit: BulkFitReport?
    let refined: RefinedRecord?
  }

  private func withRun(
    _ more: [String] = ["--hidden", "6", "--weight-decay", "0.01"],
    _ body: (String, NetworkObjective<Double>, [Double]) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let run = folder.path + "/run"
      let result = try SaddleProcess.run(
        arguments: [
          "train", "--dataset", "synthetic", "--first", "120", "--epochs", "2", "--quiet", "--out",
          run,
        ]
          + more)
      #expect(result.status == 0, "\(result.errors)")
      let (description, parameters, _) = try RunFolder(run).trained()
      let objective = try description.experiment.prepared(from: DataFolder())
        .objective(Double.self)
      try body(run, objective, parameters)
    }
  }

  private func spectrum(_ run: String, _ options: String...) throws -> Output {
    let result = try SaddleProcess.run(
      arguments: ["spectrum", run, "--json", "--quiet"] + options)
    #expect(result.status == 0, "\(options): \(result.errors)")
    return try JSONDecoder().decode(Output.self, from: Data(result.output.utf8))
  }

  @Test func `every curvature matrix's eigenvalues are those of the assembled one`() throws {
    try withRun(["--pool", "4", "--hidden", "6", "--weight-decay", "0.01"]) { run, objective, θ in
      let kinds: [(String, CurvatureKind)] = [
        ("gaussNewton", .gaussNewton), ("fisher", .fisher),
        ("monteCarloFisher", .monteCarloFisher(draws: 1, seed: 0)),
        ("empiricalFisher", .empiricalFisher), ("gradientCovariance", .gradientCovariance),
        ("residual", .residual),
      ]
      for (name, kind) in kinds {
        for penalty in [true, false] {
          let options = ["--curvature", name] + (penalty ? [] : ["--without-penalty"])
          let result = try SaddleProcess.run(arguments: ["spectrum", run, "--json"] + options)
          let output = try JSONDecoder().decode(Output.self, from: Data(result.output.utf8))
          expectClose(
            try #require(output.eigenvalues),
            try objective.curvatureMatrix(kind, at: θ, includingPenalty: penalty).eigenvalues(),
            within: Tolerance(absolute: 1e-12, why: "max|λ| of order one, P = 370"), name)
        }
      }
    }
  }

  @Test func `matrix-free figures hold what the whole spectrum says`() throws {
    try withRun(["--pool", "2", "--hidden", "8"]) { run, objective, θ in
      let exact = try Spectrum(eigenvalues: objective.hessian(at: θ).eigenvalues())
      let free = try #require(try spectrum(run, "--method", "matrixFree").matrixFree)
      #expect(free.order == exact.order)
      for eigenvalue in free.spectrum.eigenvalues {
        let nearest = exact.eigenvalues.map { ($0 - eigenvalue.value).magnitude }.min()!
        #expect(nearest <= eigenvalue.bound, "\(eigenvalue)")
      }
      #expect((free.least.value - exact.least).magnitude <= free.least.bound)
      #expect((free.greatest.value - exact.greatest).magnitude <= free.greatest.bound)
      #expect(free.surelyNegative <= exact.eigenvalues.count { $0 < 0 })
      #expect(free.spectrum.trace.interval.contains(exact.trace))
      #expect(free.spectrum.squaredFrobeniusNorm.interval.contains(exact.squaredFrobeniusNorm))
      for counts in free.spectrum.counts {
        let (index, zeros) = (
          exact.index(at: counts.tolerance), exact.degeneracy(at: counts.tolerance).zeros
        )
        #expect(counts.index.limits.contains(index), "\(index): \(counts)")
        #expect(counts.zeros.limits.contains(zeros), "\(zeros): \(counts)")
        #expect(counts == free.counts(at: counts.tolerance))
      }
      #expect(free.certificate?.isValid ?? (exact.index == 0))
      let opinion = try #require(free.spectrum.secondOpinion)
      // Each method is within its own resolution of the spectrum and within its probes' noise.
      let noise = try #require(free.spectrum.rest).wassersteinError().total
      #expect(opinion.wasserstein1 <= opinion.resolution + 2 * noise, "\(opinion)")
      #expect(opinion.resolution < 0.05 * (exact.greatest - exact.least))
    }
  }

  @Test func `counts without eigenvalues are those of the eigenvalues`() throws {
    try withRun(["--pool", "4", "--hidden", "6"]) { run, objective, θ in
      let exact = try Spectrum(eigenvalues: objective.hessian(at: θ).eigenvalues())
      let counts = try #require(try spectrum(run, "--method", "counts").counts)
      for count in counts.counts {
        #expect(count.index.contains(exact.index(at: count.tolerance)))
        #expect(count.zeros.contains(exact.degeneracy(at: count.tolerance).zeros))
      }
    }
  }

  @Test func `layers, fits and refinement come with a whole spectrum`() throws {
    try withRun(["--pool", "4", "--hidden", "6"]) { run, objective, θ in
      let further = try spectrum(run, "--by-layer", "--fit", "--refine")
      let blocks = try #require(further.blocks)
      #expect(blocks.map(\.block) == objective.parameterBlocks)
      let hessian = objective.hessian(at: θ)
      let bias = blocks[1].block.range
      let block = Matrix(bias.map { i in bias.map { hessian[i, $0] } })
      expectClose(
        blocks[1].spectrum.eigenvalues, try block.eigenvalues(),
        within: Tolerance(absolute: 1e-13, why: "six biases"))
      #expect(further.fit?.fits.isEmpty == false)
      let refined = try #require(further.refined).point
      let start = objective.gradient(at: θ).gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(refined.evaluation.gradientNorm < start, "refinement goes downhill in the gradient")
    }
  }

  @Test func `a convolutional network is trained and analyzed`() throws {
    let json = #"""
      {"input": [1, 7, 7], "layers": [
        {"type": "convolution", "channels": 2, "kernel": 3}, {"type": "activation", "function": "tanh"},
        {"type": "flatten"}, {"type": "dense", "outputs": 10}]}
      """#
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "network.json")
      try Data(json.utf8).write(to: file)
      try withRun(["--pool", "4", "--network", file.path]) { run, objective, θ in
        #expect(objective.dimension == 20 + 510)
        let printed = try spectrum(run).record
        let stored = try RunFolder(run).read(PointAnalysis.self, from: "analysis.json")
        // 50 inputs of the last layer and its biases, shifted for all classes alike.
        #expect(stored.spectrum.structuralZeros == 51)
        expectClose(
          stored.spectrum.eigenvalues, try objective.hessian(at: θ).eigenvalues(),
          within: Tolerance(absolute: 1e-12, why: "max|λ| of order one, P = 530"))
        #expect(stored.countsAgree && printed == PointRecord(stored))
      }
    }
  }

  @Test func `what does not go together is refused`() throws {
    for options in [
      ["--refine", "--curvature", "fisher"], ["--fit", "--method", "counts"],
      ["--curvature", "bend"], ["--method", "guess"],
    ] {
      let result = try SaddleProcess.run(arguments: ["spectrum", "nowhere"] + options)
      #expect(result.status == 64, "\(options): \(result.errors)")
    }
    try withRun(["--pool", "4", "--hidden", "2"]) { run, _, _ in
      for options in [["--steps", "0"], ["--probes", "-1"], ["--pairs", "-1"]] {
        let result = try SaddleProcess.run(
          arguments: ["spectrum", run, "--method", "matrixFree"] + options)
        #expect(result.status == 64, "\(options): \(result.status), \(result.errors)")
      }
    }
  }
}
