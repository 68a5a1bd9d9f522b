import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Certificates at random points: not one false, and every planted fault found by one that is.
@Suite struct CertificateTests {
  /// How many points: SADDLE_CERTIFICATE_DRAWS for more.
  private let draws =
    ProcessInfo.processInfo.environment["SADDLE_CERTIFICATE_DRAWS"].flatMap { Int($0) } ?? 500

  /// False certificates among those of random cubics, and how many prove something.
  private func falseProofs(
    _ fault: NoisyCubic.Fault?, inBalls: Bool
  ) throws -> (wrong: [Int], proved: Int) {
    var generator = SplitMix64(seed: 19)
    var (wrong, proved) = ([Int](), 0)
    for draw in 0..<draws {
      let cubic = NoisyCubic.draw(using: &generator)
      let certificate = try CriticalPointCertificate(
        of: cubic.objective(fault, inBalls: inBalls), at: cubic.start)
      if certificate.isProved { proved += 1 }
      if cubic.isRefuted(certificate) { wrong.append(draw) }
    }
    return (wrong, proved)
  }

  @Test(arguments: [false, true])
  func `no certificate of a function that has no room to spare is false`(inBalls: Bool) throws {
    let (wrong, proved) = try falseProofs(nil, inBalls: inBalls)
    #expect(wrong.isEmpty, "draws \(wrong)")
    #expect(proved >= draws / 10, "\(proved) of \(draws) proved")
  }

  @Test(arguments: NoisyCubic.Fault.allCases, [false, true])
  func `a certificate's fault is found by false proofs`(
    fault: NoisyCubic.Fault, inBalls: Bool
  ) throws {
    let (wrong, proved) = try falseProofs(fault, inBalls: inBalls)
    #expect(wrong.count >= draws / 100, "\(wrong.count) false of \(proved)")
  }

  @Test(.tags(.oracle), arguments: [0, 1])
  func `from random starts a landscape's certificates name its own critical points`(
    which: Int
  ) throws {
    let objective = which == 0 ? CertifiedLandscape.himmelblau : .sixHumpCamel
    let points = objective.landscape.criticalPoints
    var generator = SplitMix64(seed: UInt64(190 + which))
    var (proved, excluded) = (0, 0)
    for draw in 0..<draws {
      // Half anywhere, half near a critical point.
      var start = [
        Draw.uniform(-5, 5, using: &generator), Draw.uniform(-5, 5, using: &generator),
      ]
      if draw % 2 == 0 {
        let near = points[Draw.integer(below: points.count, using: &generator)].location
        let size = pow(10, Draw.uniform(-9, 0, using: &generator))
        start = zip(near, Draw.direction(2, using: &generator)).map { $0 + size * $1 }
      }
      let certificate = try CriticalPointCertificate(of: objective, at: start)
      let distances = points.map { hypot($0.location[0] - start[0], $0.location[1] - start[1]) }
      // The points are known to a few ulp.
      let slack = 1e-14
      if let free = certificate.exclusionRadius {
        excluded += 1
        #expect(distances.allSatisfy { $0 + slack >= free }, "\(start): \(free)")
      }
      guard let reach = certificate.distance else { continue }
      proved += 1
      let near = points.indices.filter { distances[$0] <= reach + slack }
      #expect(near.count == 1, "\(start): \(certificate.inWords)")
      #expect(near.allSatisfy { points[$0].index == certificate.index }, "\(start)")
      let unique = try #require(certificate.uniquenessRadius)
      #expect(distances.count { $0 + slack < unique } <= 1, "\(start): \(unique)")
    }
    #expect(proved >= draws / 4 && excluded >= draws / 4, "\(proved), \(excluded) of \(draws)")
  }

  /// Small networks of every smooth activation and both losses, and a point of each.
  private func drawn(
    _ seed: Int
  ) throws -> (plain: PlainNetwork, objective: NetworkObjective<Double>, θ: [Double]) {
    var generator = SplitMix64(seed: UInt64(seed))
    let smooth = PlainNetwork.Activation.allCases.filter { $0 != .relu }
    let activation = smooth[Draw.integer(below: smooth.count, using: &generator)]
    var widths = [1 + Draw.integer(below: 3, using: &generator)]
    for _ in 0..<Draw.integer(below: 3, using: &generator) {
      widths.append(1 + Draw.integer(below: 3, using: &generator))
    }
    widths.append(2 + Draw.integer(below: 2, using: &generator))
    let inputs = (0..<1 + Draw.integer(below: 4, using: &generator)).map { _ in
      Draw.normals(widths[0], using: &generator)
    }
    let outputs = widths[widths.count - 1]
    let decay = Draw.once(in: 2, using: &generator) ? 0 : 0.01
    let plain =
      Draw.once(in: 3, using: &generator)
      ? PlainNetwork(
        widths: widths, activation: activation, weightDecay: decay, inputs: inputs,
        values: inputs.map { _ in Draw.normals(outputs, using: &generator) })
      : PlainNetwork(
        widths: widths, activation: activation,
        loss: Draw.once(in: 2, using: &generator) ? .softmaxCrossEntropy : .meanSquaredError,
        weightDecay: decay, inputs: inputs,
        labels: inputs.map { _ in Draw.integer(below: outputs, using: &generator) })
    let scale = pow(10, Draw.uniform(-1, 0.7, using: &generator))
    let θ = Draw.normals(plain.dimension, using: &generator).map { scale * $0 }
    return (plain, try NetworkObjective(plain), θ)
  }

  @Test(.tags(.oracle)) func `no third derivative in the ball is above the Lipschitz constant`() throws {
    var closest = 0.0
    for seed in 0..<draws {
      let (plain, objective, θ) = try drawn(seed)
      var generator = SplitMix64(seed: UInt64(seed) ^ 0xA5)
      let radius = pow(10, Draw.uniform(-3, 0, using: &generator))
      let bound = try #require(objective.hessianLipschitz(at: θ, radius: radius))
      let own = try plain.hessianLipschitz(at: θ, radius: radius)
      // The same formula by other arithmetic: a factor of two would be far outside.
      #expect(bound >= own * (1 - 1e-9) && bound <= own * 1.01 + 1e-12, "\(seed): \(bound), \(own)")
      #expect(
        try #require(objective.hessianLipschitz(at: θ, radius: radius / 2)) <= bound * (1 + 1e-5))
      let share = Draw.unit(using: &generator)
      let place = zip(θ, Draw.direction(θ.count, using: &generator)).map { $0 + share * radius * $1 }
      let third = plain.thirdDirectional(at: place, along: Draw.direction(θ.count, using: &generator))
      #expect(third.magnitude <= bound + 1e-10, "\(seed): \(third), \(bound)")
      if bound > 0 { closest = max(closest, third.magnitude / bound) }
    }
    #expect(closest > 0.01, "the closest came to \(closest) of the bound")
  }

  @Test(.tags(.oracle)) func `a network's certificates survive double-double`() throws {
    let check = KantorovichCheck()
    var (proved, tried, kinds) = (0, 0, Set<String>())
    for seed in 0..<draws / 5 {
      let (plain, objective, start) = try drawn(seed)
      guard plain.weightDecay > 0, plain.dimension <= 24 else { continue }
      tried += 1
      // Towards a minimum, and towards whatever critical point is near.
      let point =
        seed % 2 == 0
        ? try Descent(of: objective, from: start, budget: 300).point
        : try CriticalPointSearch(gradientTolerance: 1e-13, budget: 100)
          .refine(start, of: AssembledObjective(objective)).point
      let certificate = try CriticalPointCertificate(of: objective, at: point)
      let claim = try JSONDecoder().decode(KantorovichClaim.self, from: JSON.encode(certificate))
      let truth = try plain.kantorovichTruth(of: claim, at: point) { objective.hessian(at: $0).asRows }
      let reasons = try check.verify(claim, against: truth)
      #expect(reasons.isEmpty, "\(seed): \(reasons), \(certificate.inWords)")
      if let kind = claim.kind {
        proved += 1
        kinds.insert(kind)
      }
    }
    #expect(proved >= tried / 3, "\(proved) of \(tried) proved")
    #expect(draws < 500 || kinds.count >= 2, "\(kinds)")
  }

  @Test(.tags(.oracle)) func `verified counts hold the true ones, however the matrix is scaled`() throws {
    for seed in 0..<draws / 5 {
      var generator = SplitMix64(seed: UInt64(seed))
      let order = 1 + Draw.integer(below: 12, using: &generator)
      // Eigenvalues over many scales, so that factors grow.
      let grades = (0..<order).map { _ in pow(10, Draw.uniform(-6, 0, using: &generator)) }
      let rows = RandomMatrix.goe(order: order, using: &generator).enumerated().map { i, row in
        row.enumerated().map { j, entry in grades[i] * grades[j] * entry }
      }
      let error = pow(10, Draw.uniform(-14, -2, using: &generator))
      let direction = Draw.direction(order, using: &generator)
      let sign = Draw.sign(using: &generator)
      // The true matrix is off by e along a direction: e·vvᵀ has the norm e.
      let truth = rows.enumerated().map { i, row in
        row.enumerated().map { j, entry in
          entry + sign * error * 0.999 * (direction[i] * direction[j])
        }
      }
      let eigenvalues = try GSL.eigenvalues(truth)
      for threshold in [0, 1e-8, pow(10, Draw.uniform(-10, 0, using: &generator))] {
        let counted = try VerifiedInertia(
          of: Matrix(rows), matrixError: error, threshold: threshold)
        // What GSL cannot tell from the threshold counts on either side.
        let radius = eigenvalues.reduce(0) { max($0, $1.magnitude) }
        let doubt = 1e-14 * Double(order) * radius
        #expect(counted.below.upperBound >= eigenvalues.count { $0 < -threshold - doubt }, "\(seed)")
        #expect(counted.below.lowerBound <= eigenvalues.count { $0 < -threshold + doubt }, "\(seed)")
        #expect(counted.above.upperBound >= eigenvalues.count { $0 > threshold + doubt }, "\(seed)")
        #expect(counted.above.lowerBound <= eigenvalues.count { $0 > threshold - doubt }, "\(seed)")
      }
    }
  }
}
