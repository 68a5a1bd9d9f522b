import Foundation
import Oracles
import Saddle
import Support
import Testing

@Suite struct CriticalPointClassificationTests {
  private func classify(
    _ landscape: Landscape, at x: [Double], structuralZeros: Int = 0, zeroTolerance: Double = 1e-6,
    scale: Double? = nil
  ) throws -> CriticalPointClassification {
    var rng = RandomStream(seed: 31)
    return try CriticalPointClassification(
      of: LandscapeObjective(landscape), at: x, gradientLimit: 1e-5,
      zeroTolerance: zeroTolerance, scale: scale, structuralZeros: structuralZeros, using: &rng)
  }

  private func form(_ eigenvalues: [Double]) -> Landscape {
    var rng = SplitMix64(seed: 32)
    return .quadratic(eigenvalues: eigenvalues, using: &rng)
  }

  static let kinds: [([Double], CriticalPointKind)] = [
    ([1, 2, 3], .minimum), ([0, 2, 3], .secondOrderCritical), ([0, 0, 0], .secondOrderCritical),
    ([-1, 2, 3], .strictSaddle), ([-1, 0, 3], .degenerateSaddle), ([-1, -2, -3], .maximum),
    ([-1, 0, -3], .degenerateMaximum), ([-1e-4, 1, 0], .degenerateSaddle),
    ([-1e-9, 1, 2], .secondOrderCritical),
  ]

  @Test(arguments: kinds)
  func `quadratic forms are called what their signs say`(
    eigenvalues: [Double], kind: CriticalPointKind
  ) throws {
    let found = try classify(form(eigenvalues), at: [0, 0, 0])
    #expect(found.kind == kind)
    #expect(found.index == eigenvalues.count { $0 < -1e-6 })
    #expect(found.nullity == eigenvalues.count { $0.magnitude <= 1e-6 })
    #expect((found.curvature != nil) == (found.index > 0))
    #expect(found.curvature?.isValid ?? true)
    #expect(kind.isStrictSaddleOrMaximum == (found.index > 0))
  }

  @Test func `structural zeros do not make a point degenerate, and must be there`() throws {
    #expect(try classify(form([0, 0, 3]), at: [0, 0, 0], structuralZeros: 2).kind == .minimum)
    #expect(
      try classify(form([0, 0, 3]), at: [0, 0, 0], structuralZeros: 1).kind == .secondOrderCritical)
    #expect(
      try classify(form([-1, 0, 3]), at: [0, 0, 0], structuralZeros: 1).kind == .strictSaddle)
    #expect(try classify(form([1, 2, 3]), at: [0, 0, 0], structuralZeros: 1).kind == .undecided)
  }

  @Test func `a slope is not a saddle`() throws {
    let found = try classify(.classicalSaddle, at: [0.3, -0.7])
    #expect(found.kind == .notCritical && !found.kind.isCritical)
    // What is said about curvature stands all the same.
    #expect(found.curvature?.isValid == true && found.index == 1)
    let flatness = try #require(found.flatness)
    #expect(flatness.relativeResidual < 1e-9)
  }

  @Test func `negative curvature that function values do not bear out is undecided`() throws {
    let lying = Landscape(
      name: "wrong sign", dimension: 1, value: { $0[0] * $0[0] }, gradient: { [2 * $0[0]] },
      hessian: { _ in [[-2]] }, criticalPoints: [], hasAllCriticalPoints: false)
    #expect(try classify(lying, at: [0]).kind == .undecided)
  }

  @Test func `the bound of zero is relative to the scale that is given`() throws {
    let landscape = form([1e-3, 1, 2])
    #expect(try classify(landscape, at: [0, 0, 0]).kind == .minimum)
    let coarse = try classify(landscape, at: [0, 0, 0], zeroTolerance: 0.01, scale: 2)
    #expect(coarse.kind == .secondOrderCritical && coarse.zeroBound == 0.02)
    // Without a scale, the largest row sum: at least max|λ| and at most √3 times that.
    let bound = try classify(landscape, at: [0, 0, 0], zeroTolerance: 0.01).zeroBound
    #expect(bound >= 0.02 * (1 - 1e-14) && bound <= 0.02 * 3.0.squareRoot())
  }

  @Test func `what cannot be classified is refused, with the reason`() throws {
    let bowl = form([1, 2, 3])
    #expect(throws: CriticalPointError.wrongDimension(point: 2, objective: 3)) {
      try classify(bowl, at: [0, 0])
    }
    #expect(throws: CriticalPointError.pointNotFinite(coordinate: 2)) {
      try classify(bowl, at: [0, 0, .infinity])
    }
    #expect(throws: CriticalPointError.structuralZeros(4, order: 3)) {
      try classify(bowl, at: [0, 0, 0], structuralZeros: 4)
    }
    #expect(throws: CriticalPointError.self) {
      try classify(bowl, at: [0, 0, 0], zeroTolerance: 0)
    }
    #expect {
      try classify(bowl, at: [0, 0, 0], zeroTolerance: 1e-15)
    } throws: {
      if case .toleranceBelowRounding = $0 as? CriticalPointError { true } else { false }
    }
    #expect(throws: CriticalPointError.self) { try classify(bowl, at: [0, 0, 0], scale: .nan) }
    let broken = Landscape(
      name: "no Hessian", dimension: 1, value: { $0[0] * $0[0] }, gradient: { [2 * $0[0]] },
      hessian: { _ in [[.nan]] }, criticalPoints: [], hasAllCriticalPoints: false)
    #expect(throws: CriticalPointError.hessianRefused(.notFinite(row: 0, column: 0))) {
      try classify(broken, at: [0])
    }
  }

  @Test func `a classification survives its encoding`() throws {
    for x in [[0.0, 0.0], [0.3, -0.7]] {
      let found = try classify(.classicalSaddle, at: x)
      let read = try JSONDecoder().decode(
        CriticalPointClassification.self, from: JSONEncoder().encode(found))
      #expect(read == found)
    }
  }
}
