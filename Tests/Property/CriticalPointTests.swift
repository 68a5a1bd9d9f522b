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
        network: FullyConnectedNetwork(widths: widths, activation: .tanh), loss: loss,
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

  @Test(.tags(.oracle), arguments: Seed.campaign(12), CriticalPointSearch.Method.allCases)
  func `a tanh network is refined to a critical point, classified and confirmed`(
    seed: Seed, method: CriticalPointSearch.Method
  ) throws {
    let network = try Case(seed, widths: [3, 4, 2], loss: .meanSquaredError, weightDecay: 0)
    let objective = network.objective
    let refined = try CriticalPointSearch(method: method, budget: 3000).refine(
      network.start, of: objective)
    var rng = seed.generator
    let found = try CriticalPointClassification(
      of: objective, at: refined, gradientLimit: 1e-8, zeroTolerance: 1e-9, using: &rng)
    print(
      "TANH", method, seed.value, refined.ending, refined.gradientNorm, refined.trajectory.count,
      found.kind, found.inertia)
    let report = try network.check(found)
    #expect(report.verdict == .confirmed, "\(found.kind): \(report.reasons)")
  }
}
