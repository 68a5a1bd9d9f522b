import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Certificates of small networks, each checked in double-double.
@Suite struct NetworkCertificateTests {
  /// 4-3-3, 12 samples.
  ///
  /// - Parameter shared: as many samples share five inputs and have each all labels: no plane
  ///   separates them.
  private func network(
    widths: [Int] = [4, 3, 3], loss: PlainNetwork.Loss = .softmaxCrossEntropy,
    decay: Double = 1e-2, activation: PlainNetwork.Activation = .tanh, deadInput: Bool = false,
    shared: Bool = false
  ) -> PlainNetwork {
    var generator = SplitMix64(seed: 5)
    var inputs = (0..<12).map { _ in
      var x = Draw.normals(widths[0], using: &generator)
      if deadInput { x[1] = 0 }
      return x
    }
    if shared { inputs = (0..<17).map { inputs[$0 % 5] } }
    let labels = inputs.indices.map { $0 % widths[widths.count - 1] }
    return PlainNetwork(
      widths: widths, activation: activation, loss: loss, weightDecay: decay, inputs: inputs,
      labels: labels)
  }

  private func descended(
    _ plain: PlainNetwork, seed: UInt64 = 1
  ) throws -> (objective: NetworkObjective<Double>, point: [Double]) {
    var generator = SplitMix64(seed: seed)
    let start = Draw.normals(plain.dimension, using: &generator).map { 0.5 * $0 }
    let objective = try NetworkObjective(plain)
    let found = try Descent(of: objective, from: start)
    #expect(found.report.ending == .converged, "\(found.report)")
    // How far below that rounding lets it go differs between processors; certificates go on from there.
    #expect(found.report.gradientNorm <= Descent.gradientTolerance, "\(found.report.gradientNorm)")
    #expect(found.report.loss <= found.report.startingLoss)
    return (objective, found.point)
  }

  private func verified(
    _ certificate: CriticalPointCertificate, _ plain: PlainNetwork,
    _ objective: NetworkObjective<Double>, at θ: [Double],
    _ change: (inout KantorovichClaim) -> Void = { _ in }
  ) throws -> Set<KantorovichCheck.Reason> {
    var claim = try JSONDecoder().decode(
      KantorovichClaim.self, from: JSON.encode(certificate))
    let truth = try plain.kantorovichTruth(of: claim, at: θ) { objective.hessian(at: $0).asRows }
    change(&claim)
    return try KantorovichCheck().verify(claim, against: truth)
  }

  @Test(.tags(.oracle))
  func `the end of a descent with decay is a proved minimum, and near it nothing is proved`() throws {
    let plain = network()
    let (objective, θ) = try descended(plain)
    let certificate = try CriticalPointCertificate(of: objective, at: θ)
    #expect(certificate.kind == .minimum && certificate.exactZeros == 0, "\(certificate.inWords)")
    #expect(try verified(certificate, plain, objective, at: θ) == [])
    let bound = try #require(certificate.bound)
    #expect(bound.criterion < 1e-3 && bound.distance.map { $0 < 1e-10 } ?? false, "\(bound)")

    // So far off that h > ½: nothing may be proved.
    var generator = SplitMix64(seed: 3)
    let moved = zip(θ, Draw.direction(θ.count, using: &generator)).map { $0 + 0.05 * $1 }
    let off = try CriticalPointCertificate(of: objective, at: moved)
    guard case .tooFar(let h) = off.obstacle else {
      Issue.record("\(off)")
      return
    }
    #expect(h > 0.5 && !off.isProved)
    #expect(off.exclusionRadius.map { $0 > 0 && $0 <= 0.05 } ?? false)
  }

  @Test(.tags(.oracle)) func `what a certificate may do wrong, the oracle finds`() throws {
    let plain = network()
    let (objective, θ) = try descended(plain)
    let certificate = try CriticalPointCertificate(of: objective, at: θ)
    let right = try JSONDecoder().decode(KantorovichClaim.self, from: JSON.encode(certificate))
    let truth = try plain.kantorovichTruth(of: right, at: θ) { objective.hessian(at: $0).asRows }
    func reasons(
      _ change: (inout KantorovichClaim) -> Void
    ) throws -> Set<KantorovichCheck.Reason> {
      var claim = right
      change(&claim)
      return try KantorovichCheck().verify(claim, against: truth)
    }
    #expect(try reasons { _ in } == [])
    #expect(try reasons { $0.bound?.lipschitz /= 2 }.contains(.lipschitzTooSmall))
    #expect(try reasons { $0.hessianError = 0 }.contains(.hessianBeyondError))
    // e left out of β alone: 1/σ is less than 1/(σ − e).
    #expect(
      try reasons { $0.bound?.inverseNorm = 1 / ($0.separation ?? 0) }
        .contains(.inverseNormTooSmall))
    #expect(try reasons { $0.index = 1 }.isSuperset(of: [.indexDiffers, .kindDoesNotFollow]))
    #expect(try reasons { $0.kind = "strictSaddle" } == [.kindDoesNotFollow])
    #expect(
      try reasons {
        $0.gradientError = 0
        $0.gradientNorm = 0
      }.contains(.gradientBeyondBound))
    #expect(
      try reasons {
        guard let β = $0.bound?.inverseNorm, let shifted = $0.shifted else { return }
        $0.bound?.newtonStep = β * shifted.gradientNorm
      }.contains(.newtonStepTooSmall))
    #expect(try reasons { $0.shifted?.shift /= 2 } == [.criticalPointElsewhere])
    #expect(try reasons { $0.shifted?.offset = 1e-3 }.contains(.inverseNormTooSmall))
    #expect(try reasons { $0.bound?.criterion /= 2 }.contains(.criterionTooSmall))
    #expect(try reasons { $0.bound?.criterion = 0.6 }.contains(.criterionAboveHalf))
    #expect(
      try reasons { if let t = $0.bound?.distance { $0.bound?.distance = t / 2 } }
        == [.distanceTooSmall])
    #expect(try reasons { $0.bound?.radius = 0 }.contains(.ballTooSmall))
    #expect(try reasons { $0.bound?.uniquenessRadius = 10 }.contains(.uniquenessTooLarge))
    #expect(try reasons { $0.separation = 10 }.contains(.eigenvalueInGap))
    #expect(try reasons { $0.exactZeros = 1 }.contains(.zerosMissing))
    #expect(try reasons { $0.separation = nil } == [.figureMissing])
    #expect(try reasons { $0.bound?.lipschitz = 1e30 }.contains(.kindMayChange))
  }

  // Softmax regression of labels that no plane separates is strictly convex, but for the same vector
  // added to all rows; an input that is always zero has weights that play no part.
  @Test(.tags(.oracle), arguments: [false, true])
  func `without decay the point is the only one but for directions of constant loss`(
    deadInput: Bool
  ) throws {
    let plain = network(widths: [2, 3], decay: 0, deadInput: deadInput, shared: true)
    let (objective, θ) = try descended(plain)
    let certificate = try CriticalPointCertificate(of: objective, at: θ)
    #expect(certificate.kind == .minimum, "\(certificate.inWords)")
    // Two weights and a bias of each class; the dead input has one of each class, and no shift.
    #expect(certificate.exactZeros == (deadInput ? 5 : 3))
    #expect(certificate.exactZeros == objective.structuralNullSpace.dimension)
    #expect(try verified(certificate, plain, objective, at: θ) == [])
    #expect(
      try verified(certificate, plain, objective, at: θ) { $0.exactZeros += 1 }
        .contains(.zerosMissing))
  }

  // Without a penalty the loss of separable classes falls for ever: small gradients, no critical point.
  @Test func `nothing is proved where the loss has no critical point`() throws {
    let plain = PlainNetwork(
      widths: [2, 3], activation: .tanh, loss: .softmaxCrossEntropy,
      inputs: [[1, 0], [0, 1], [-1, -1]], labels: [0, 1, 2])
    var generator = SplitMix64(seed: 1)
    let start = Draw.normals(plain.dimension, using: &generator)
    let objective = try NetworkObjective(plain)
    let found = try Descent(of: objective, from: start)
    #expect(found.report.gradientNorm < 1e-9 && found.report.loss < 1e-9, "\(found.report)")
    let certificate = try CriticalPointCertificate(of: objective, at: found.point)
    #expect(!certificate.isProved, "\(certificate.inWords)")
  }

  @Test func `directions of constant loss are that, and a penalty leaves none`() throws {
    for (widths, loss) in [
      ([4, 3, 3], PlainNetwork.Loss.softmaxCrossEntropy), ([4, 3, 3], .meanSquaredError),
      ([4, 3], .softmaxCrossEntropy), ([4, 2, 1], .softmaxCrossEntropy),
    ] {
      let objective = try NetworkObjective(
        network(widths: widths, loss: loss, decay: 0, deadInput: true))
      let directions = objective.exactNullDirections
      #expect(directions.count == objective.structuralNullSpace.dimension, "\(widths) \(loss)")
      var generator = SplitMix64(seed: 2)
      let θ = Draw.normals(objective.dimension, using: &generator)
      let hessian = objective.hessian(at: θ)
      for direction in directions {
        for i in 0..<objective.dimension {
          let sum = direction.coordinates.reduce(0) { $0 + hessian[i, $1] }
          #expect(sum.magnitude < 1e-14, "\(direction): \(sum)")
        }
      }
      #expect(
        try NetworkObjective(network(widths: widths, loss: loss, deadInput: true))
          .exactNullDirections.isEmpty)
    }
  }

  @Test func `ReLU and single precision have no Lipschitz constant, and so no proof`() throws {
    let plain = network(activation: .relu)
    let objective = try NetworkObjective(plain)
    let θ = [Double](repeating: 0.1, count: plain.dimension)
    #expect(objective.hessianLipschitz(at: θ, radius: 1) == nil)
    let certificate = try CriticalPointCertificate(of: objective, at: θ)
    #expect(!certificate.isProved && certificate.exclusionRadius == nil)
  }
}
