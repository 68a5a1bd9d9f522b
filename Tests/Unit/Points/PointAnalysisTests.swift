import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// The factorizations' counts beside the eigensolver's.
@Suite struct PointAnalysisTests {
  /// Two below −1e-6·max|λ|, one within, one above.
  private func analysis(
    _ eigenvalues: [Double] = [-2, -1, 1e-9, 4], below: ClosedRange<Int>,
    notAbove: ClosedRange<Int>
  ) throws -> PointAnalysis {
    try madeUpAnalysis(
      eigenvalues,
      secondCount: ToleranceCount(
        tolerance: 1e-6, threshold: 4e-6, order: 4, below: below, notAbove: notAbove,
        errorBound: 1e-14, doubt: 1e-6))
  }

  @Test func `the same counts agree, and so do intervals with them`() throws {
    #expect(try analysis(below: 2...2, notAbove: 3...3).countsAgree)
    #expect(try analysis(below: 1...2, notAbove: 3...4).countsAgree)
  }

  @Test func `one eigenvalue on another side is no agreement`() throws {
    #expect(try !analysis(below: 1...1, notAbove: 3...3).countsAgree)
    #expect(try !analysis(below: 2...2, notAbove: 2...2).countsAgree)
    #expect(try !analysis(below: 2...2, notAbove: 4...4).countsAgree)
    #expect(try !analysis(below: 3...3, notAbove: 4...4).countsAgree)
  }

  @Test func `an eigenvalue at the threshold may be counted on either side`() throws {
    let close = [-2, -4e-6 * (1 + 1e-13), 1e-9, 4]
    #expect(try analysis(close, below: 2...2, notAbove: 3...3).countsAgree)
    #expect(try analysis(close, below: 1...1, notAbove: 3...3).countsAgree)
    #expect(try !analysis(close, below: 0...0, notAbove: 3...3).countsAgree)
  }

  @Test(arguments: Seed.campaign(5))
  func `the counts of a network's Hessian are the eigensolver's`(seed: Seed) throws {
    var generator = seed.generator
    let objective = try NetworkObjective<Double>(
      network: Network.dense([5, 4, 3], .tanh),
      loss: .softmaxCrossEntropy,
      inputs: Matrix(rows: 20, columns: 5, elements: (0..<100).map { _ in generator.normal() }),
      targets: .classes((0..<20).map { Int32($0 % 3) }))
    let θ: [Double] = objective.network.initialParameters(using: &generator)
    let analysis = try PointAnalysis(of: objective, at: θ)
    #expect(analysis.countsAgree, "\(analysis.secondCount)")
    #expect(analysis.secondCount.threshold == 1e-6 * analysis.spectrum.radius)
    #expect(analysis.secondCount.isCertain)
  }

  // The zeros of a dead input and of the softmax shift: 4 and 3 + 2 of them.
  @Test func `under weight decay structural zeros of every kind are where its penalty puts them`()
    throws
  {
    var generator = RandomStream(seed: 5)
    let objective = try NetworkObjective<Double>(
      network: Network.dense([3, 4, 3], .tanh),
      loss: .softmaxCrossEntropy,
      inputs: Matrix((0..<20).map { _ in [generator.normal(), 0, generator.normal()] }),
      targets: .classes((0..<20).map { Int32($0 % 3) }), weightDecay: 0.25)
    let θ: [Double] = objective.network.initialParameters(using: &generator)
    let kinds: [CurvatureKind] = [
      .hessian, .gaussNewton, .fisher, .empiricalFisher, .gradientCovariance, .residual,
    ]
    for kind in kinds {
      for penalty in [true, false] {
        var settings = PointSettings()
        (settings.curvature, settings.includesPenalty) = (kind, penalty)
        let measured = try PointMeasurement(of: objective, at: θ, settings: settings)
        let spectrum = try #require(measured.spectrum)
        let expected = objective.structuralEigenvalue(of: kind, includingPenalty: penalty)
        #expect(expected.multiplicity == 4 + 5 && [0, 0.25].contains(expected.value))
        #expect(spectrum.structuralZeros == expected.zeros, "\(kind), \(penalty)")
        #expect(
          spectrum.eigenvalues.count { ($0 - expected.value).magnitude < 1e-13 }
            >= expected.multiplicity, "\(kind), \(penalty)")
      }
    }
  }

  // Rosenbrock's function, and nothing else that a network has.
  @Test func `any objective is analyzed, in two lines`() throws {
    let rosenbrock = LandscapeObjective(.rosenbrock(dimension: 4))
    let least = try PointAnalysis(of: rosenbrock, at: [1, 1, 1, 1])
    #expect(least.kind == .minimum && least.spectrum.structuralZeros == 0)
    #expect(least.evaluation == Evaluation(loss: 0, accuracy: nil, gradientNorm: 0))
    let slope = try PointAnalysis(of: rosenbrock, at: [0, 0.5, 0, 0])
    #expect(slope.kind == .notCritical && slope.isCertified)
  }

  // Newton's step to 0 is θ itself, whatever A is of ½θᵀAθ: 1/λ² is beyond all numbers.
  @Test func `a curvature of next to nothing has a Newton step`() throws {
    var generator = RandomStream(seed: 6)
    let tiny = LandscapeObjective(
      .quadratic(eigenvalues: [1e-200, 2e-200, 4e-200], using: &generator))
    let analysis = try PointAnalysis(of: tiny, at: [1, 1, 1])
    expectClose(
      analysis.criticality.newtonStep, 3.0.squareRoot(),
      within: Tolerance(relative: 1e-9, why: "3 × 3, condition 4"))
    expectClose(
      analysis.criticality.newtonDecrement,
      (2 * analysis.evaluation.loss).squareRoot(),
      within: Tolerance(relative: 1e-9, why: "3 × 3, condition 4"))
  }

  @Test func `what lies below the normal numbers is not resolved, and can be written`() throws {
    var generator = RandomStream(seed: 7)
    let least = LandscapeObjective(
      .quadratic(eigenvalues: [1e-315, 2e-315, 4e-315], using: &generator))
    let analysis = try PointAnalysis(of: least, at: [1, 1, 1])
    #expect(analysis.criticality.leastResolved == nil && analysis.criticality.newtonStep == 0)
    _ = try JSON.encode(PointRecord(analysis))
    // One sample with a margin of 726: p = e⁻⁷²⁶.
    let margin = PlainNetwork(
      widths: [1, 2], activation: .identity, loss: .softmaxCrossEntropy, inputs: [[1]], labels: [0])
    let measured = try PointMeasurement(of: NetworkObjective(margin), at: [0, 0, 726, 0])
    #expect(measured.spectrum.map { $0.radius < .leastNormalMagnitude } ?? false)
    _ = try JSON.encode(measured.record)
  }
}
