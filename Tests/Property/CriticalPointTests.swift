import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Networks refined to critical points, classified, and checked by an independent implementation of
/// the same network.
@Suite struct CriticalPointTests {
  private struct Case {
    let objective: NetworkObjective<Double>
    let oracle: PlainNetwork
    let start: [Double]

    /// A tanh network on Gaussian inputs with random labels: more samples than it can fit.
    init(_ seed: Seed, widths: [Int], loss: Loss, weightDecay: Double) throws {
      var rng = seed.generator
      let inputs = (0..<40).map { _ in Draw.normals(widths[0], using: &rng) }
      let labels = (0..<40).map { _ in
        Draw.integer(below: widths[widths.count - 1], using: &rng)
      }
      objective = try NetworkObjective(
        network: Network.dense(widths, .tanh), loss: loss,
        inputs: Matrix(inputs), targets: .classes(labels.map { Int32($0) }),
        weightDecay: weightDecay)
      oracle = PlainNetwork(
        widths: widths, activation: .tanh, loss: try #require(.init(rawValue: loss.rawValue)),
        weightDecay: weightDecay, inputs: inputs, labels: labels)
      start = Draw.normals(objective.dimension, using: &rng).map { 0.5 * $0 }
    }

    func check(_ classification: CriticalPointClassification) throws -> CriticalPointReport {
      let claim = try JSONDecoder().decode(
        CriticalPointClaim.self, from: JSONEncoder().encode(classification))
      return try CriticalPointCheck(
        value: { [oracle] in oracle.value(at: $0) },
        gradient: { [oracle] in oracle.gradient(at: $0) },
        hessian: { [oracle] in oracle.hessian(at: $0) }
      ).verify(claim)
    }
  }

  /// θ after some steps of L-BFGS on the loss.
  private func trained(_ network: Case, steps: Int) throws -> [Double] {
    let optimizer = try LBFGS<Double>()
    var model = ObjectiveModel(network.objective)
    var state = optimizer.initialState(dimension: network.objective.dimension)
    var θ = network.start
    for _ in 0..<steps { try optimizer.step(&θ, on: &model, state: &state) }
    return θ
  }

  private func trainedCase(_ seed: Seed) throws -> (network: Case, start: [Double]) {
    let network = try Case(
      seed, widths: [3, 4, 2], loss: seed.value % 2 == 0 ? .meanSquaredError : .softmaxCrossEntropy,
      weightDecay: 0.02)
    return (network, try trained(network, steps: 25))
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(12), CriticalPointSearch.Method.allCases)
  func `a trained tanh network is refined, classified and confirmed`(
    seed: Seed, method: CriticalPointSearch.Method
  ) throws {
    let (network, θ) = try trainedCase(seed)
    let refined = try CriticalPointSearch(method: method, budget: 600).refine(
      θ, of: network.objective)
    switch refined.ending {
    case .converged: #expect(refined.gradientNorm <= 1e-10)
    case .gradientFlat(let r): #expect(r > 0.9)
    case .budgetSpent, .stalled:
      // Without second-order steps the last digits take thousands of steps.
      #expect(method == .gradientNorm, "\(refined.ending)")
      #expect(refined.gradientNorm < 0.1 * network.objective.evaluate(at: θ).gradientNorm)
    }
    if method == .newtonMINRES { #expect(refined.trajectory.count <= 100) }
    var rng = seed.generator
    let found = try CriticalPointClassification(
      of: network.objective, at: refined, using: &rng)
    let report = try network.check(found)
    #expect(report.verdict == .confirmed, "\(found.kind): \(report.reasons)")
  }

  @Test func `two methods end at the same gradient-flat point of a tanh network`() throws {
    let (network, θ) = try trainedCase(Seed(11))
    let ends = try CriticalPointSearch.Method.allCases.map {
      try CriticalPointSearch(method: $0, budget: 2000).refine(θ, of: network.objective)
    }
    for end in ends {
      guard case .gradientFlat = end.ending else {
        Issue.record("\(end.ending), ‖g‖ = \(end.gradientNorm)")
        continue
      }
    }
    // ‖g‖ has a minimum there, far above what counts as critical.
    #expect(ends[0].gradientNorm > 1e-3)
    expectClose(
      ends[0].gradientNorm, ends[1].gradientNorm,
      within: Tolerance(relative: 1e-6, why: "a minimum of ‖g‖, to the second order of its place"))
  }

  // From random weights searches meet saddles, and also end elsewhere: whatever they end at must
  // be called what it is.
  @Test(.tags(.oracle))
  func `what a search from random weights ends at is called what it is`() throws {
    var kinds: [CriticalPointKind: Int] = [:]
    for seed in Seed.campaign(24) {
      let network = try Case(
        seed, widths: [3, 4, 2], loss: .meanSquaredError,
        weightDecay: seed.value % 2 == 0 ? 0 : 0.02)
      let refined = try CriticalPointSearch(budget: 100).refine(
        network.start, of: network.objective)
      var rng = seed.generator
      let found = try CriticalPointClassification(
        of: network.objective, at: refined, zeroTolerance: 1e-9, using: &rng)
      kinds[found.kind, default: 0] += 1
      let report = try network.check(found)
      // Where rounding leaves it open nothing is claimed, and nothing is to be confirmed.
      guard found.kind != .unresolved else {
        #expect(report.verdict == .undecided, "\(seed): \(report.reasons)")
        continue
      }
      #expect(found.kind.isCritical == found.criticality.isCritical)
      #expect(report.verdict == .confirmed, "\(seed), \(found.kind): \(report.reasons)")
    }
    // 14 of 24 here; the paths are chaotic, and another BLAS may make others of them.
    let critical = kinds.reduce(0) { $0 + ($1.key.isCritical ? $1.value : 0) }
    #expect(critical >= 8, "\(kinds)")
    #expect(kinds[.strictSaddle, default: 0] >= 3 && kinds[.degenerateSaddle, default: 0] >= 1)
  }

  @Test func `a classification of a Hessian that is one per cent wrong is refuted`() throws {
    var refuted = 0
    for seed in Seed.campaign(12) {
      let (network, θ) = try trainedCase(seed)
      let refined = try CriticalPointSearch(budget: 100).refine(θ, of: network.objective)
      guard refined.isConverged else { continue }
      let planted = PlantedObjective(base: network.objective)
      var rng = seed.generator
      let found = try CriticalPointClassification(
        of: planted, at: refined, using: &rng)
      // Only a claim of negative curvature has figures of the Hessian in it.
      guard found.index > 0 else { continue }
      let report = try network.check(found)
      #expect(
        found.kind == .undecided || report.reasons.contains(.witnessFails), "\(report.reasons)")
      refuted += 1
    }
    #expect(refuted >= 6)
  }
}

/// A network whose Hessian is one per cent wrong in the block of the two layers' weights.
private struct PlantedObjective: Objective {
  let base: NetworkObjective<Double>
  var dimension: Int { base.dimension }

  func value(at parameters: [Double]) -> Double { base.value(at: parameters) }

  func gradient(at parameters: [Double]) -> (value: Double, gradient: [Double]) {
    base.gradient(at: parameters)
  }

  func linearized(at parameters: [Double]) -> DenseOperator<Double> {
    let layers = base.network.denseLayers
    return DenseOperator(
      base.hessian(at: parameters).scaling(layers[0].weights, layers[1].weights, by: 1.01))
  }
}
