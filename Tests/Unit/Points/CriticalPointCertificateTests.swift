import Foundation
import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// Certificates of critical points, where everything is known.
@Suite struct CriticalPointCertificateTests {
  @Test(.tags(.oracle), arguments: [0, 1])
  func `every known critical point of a landscape is proved, with its index`(which: Int) throws {
    let objective = which == 0 ? CertifiedLandscape.himmelblau : .sixHumpCamel
    #expect(objective.landscape.criticalPoints.count == (which == 0 ? 9 : 15))
    for point in objective.landscape.criticalPoints {
      let certificate = try CriticalPointCertificate(of: objective, at: point.location)
      let kind: CriticalPointKind =
        point.index == 0 ? .minimum : point.index == 2 ? .maximum : .strictSaddle
      #expect(certificate.kind == kind, "\(point): \(certificate.inWords)")
      #expect(certificate.index == point.index)
      let distance = try #require(certificate.distance)
      let unique = try #require(certificate.uniquenessRadius)
      #expect(distance < 1e-13 && unique > 1e-4, "\(distance), \(unique)")
      for other in objective.landscape.criticalPoints where other != point {
        let apart = hypot(
          other.location[0] - point.location[0], other.location[1] - point.location[1])
        #expect(apart >= unique, "\(point), \(other): \(unique)")
      }
      #expect(!certificate.refutes(within: 1e-12))
    }
  }

  // At the origin W₂W₁ = 0 and the Hessian is ±σᵢ, each once per hidden unit, without zeros where
  // there are as many inputs as outputs. Along a unit direction z″ = 2V₂V₁x ≤ ‖x‖ and z‴ = 0, so that
  // the third derivative is 3z′·z″ ≤ 3(‖W₁‖ + ‖W₂‖)‖x‖².
  @Test func `the strict saddle of a linear network is proved where it is nondegenerate`() throws {
    let samples = [[1.0, 0], [0, 2], [1, 1], [-2, 1]]
    for outputs in [2, 1] {
      let targets = samples.map { x in [x[0] + x[1] / 2, x[0] - 2 * x[1]].prefix(outputs).map { $0 } }
      let network = TwoLayerLinearNetwork(hidden: 3, samples: samples, targets: targets)
      let landscape = try network.landscape()
      let square = samples.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } } / 4
      let objective = CertifiedLandscape(
        landscape, gradientError: { _ in 0 }, hessianError: { _ in 1e-14 },
        lipschitz: { θ, r in 3 * (2 * θ.reduce(0) { $0 + $1.magnitude } + 2 * r) * square })
      let origin = try #require(landscape.criticalPoints.first)
      let certificate = try CriticalPointCertificate(of: objective, at: origin.location)
      if outputs == 2 {
        #expect(certificate.kind == .strictSaddle && certificate.index == 6, "\(certificate.inWords)")
      } else {
        guard case .singular = certificate.obstacle else {
          Issue.record("\(certificate)")
          return
        }
      }
    }
  }

  // f′ = x²/2 + c has no root, and h = ½ + c/x² is above ½ by as little as one likes.
  @Test func `a false proof is one half of the Lipschitz constant away`() throws {
    let cubic = NoisyCubic(c: -0.01, s: 1, start: [1, 0])
    let honest = try CriticalPointCertificate(of: cubic.objective(), at: cubic.start)
    guard case .tooFar(let h) = honest.obstacle else {
      Issue.record("\(honest)")
      return
    }
    #expect(h > 0.5 && h < 0.52)
    let faulty = try CriticalPointCertificate(
      of: cubic.objective(.lipschitzHalved), at: cubic.start)
    #expect(faulty.isProved && cubic.isRefuted(faulty))
  }

  @Test func `what is missing is said`() throws {
    let point = Landscape.himmelblau.criticalPoints[0].location
    let bare = try CriticalPointCertificate(of: LandscapeObjective(.himmelblau), at: point)
    #expect(bare.obstacle == .gradientUnbounded && !bare.isProved)
    var objective = CertifiedLandscape.himmelblau
    objective.lipschitz = { _, _ in nil }
    let without = try CriticalPointCertificate(of: objective, at: point)
    guard case .lipschitzUnknown = without.obstacle else {
      Issue.record("\(without)")
      return
    }
    objective = .himmelblau
    objective.hessianError = { _ in 1e3 }
    let vague = try CriticalPointCertificate(of: objective, at: point)
    guard case .singular = vague.obstacle else {
      Issue.record("\(vague)")
      return
    }
    objective = .himmelblau
    objective.gradientError = { _ in 1e3 }
    let unsure = try CriticalPointCertificate(of: objective, at: point)
    guard case .tooFar = unsure.obstacle else {
      Issue.record("\(unsure)")
      return
    }
  }

  // Sums of fewer outer products than rows: what is left of their zeros is rounding, of either sign.
  // The matrix itself is taken as exact, so that nothing but the factorizations' residual says so.
  @Test func `a Hessian that is singular but for rounding proves nothing`() throws {
    var generator = SplitMix64(seed: 4)
    for order in [4, 6, 9] {
      let vectors = (0..<order / 2).map { _ in Draw.normals(order, using: &generator) }
      let rows = (0..<order).map { i in
        (0..<order).map { j in vectors.reduce(0) { $0 + $1[i] * $1[j] } }
      }
      let objective = CertifiedLandscape(
        Landscape(
          name: "singular", dimension: order, value: { _ in 0 },
          gradient: { $0.map { _ in 0 } }, hessian: { _ in rows }, criticalPoints: [],
          hasAllCriticalPoints: false),
        gradientError: { _ in 0 }, hessianError: { _ in 0 }, lipschitz: { _, _ in 0 })
      let certificate = try CriticalPointCertificate(
        of: objective, at: [Double](repeating: 0, count: order))
      guard case .singular(_, let error) = certificate.obstacle else {
        Issue.record("\(certificate)")
        continue
      }
      #expect(error > 0 && error < 1e-12)
    }
  }

  @Test func `bad points are refused`() throws {
    let objective = CertifiedLandscape.himmelblau
    #expect(throws: CriticalPointError.wrongDimension(point: 0, objective: 2)) {
      try CriticalPointCertificate(of: objective, at: [])
    }
    #expect(throws: CriticalPointError.pointNotFinite(coordinate: 1)) {
      try CriticalPointCertificate(of: objective, at: [0, .nan])
    }
    #expect(throws: CriticalPointError.gradientNotFinite(coordinate: nil)) {
      try CriticalPointCertificate(of: objective, at: [1e200, 1])
    }
  }

  @Test func `a certificate reads back from its JSON, as the oracle reads it`() throws {
    let objective = CertifiedLandscape.himmelblau
    for point in [objective.landscape.criticalPoints[4].location, [0, 0]] {
      let certificate = try CriticalPointCertificate(of: objective, at: point)
      let json = try JSON.encode(certificate)
      #expect(try JSONDecoder().decode(CriticalPointCertificate.self, from: json) == certificate)
      let claim = try JSONDecoder().decode(KantorovichClaim.self, from: json)
      #expect(claim.kind == certificate.kind?.rawValue && claim.index == certificate.index)
    }
  }
}
