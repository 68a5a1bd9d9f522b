import Foundation
import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

@Suite struct CriticalPointClassificationTests {
  private func classify(
    _ landscape: Landscape, at x: [Double], zeroTolerance: Double = 1e-6,
    lengthScale: Double? = nil
  ) throws -> CriticalPointClassification {
    var rng = RandomStream(seed: 31)
    return try CriticalPointClassification(
      of: LandscapeObjective(landscape), at: x, lengthScale: lengthScale,
      zeroTolerance: zeroTolerance, using: &rng)
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
    // A witness is kept of smaller eigenvalues too, as long as they are beyond rounding.
    #expect((found.curvature != nil) == eigenvalues.contains { $0 < 0 })
    #expect(found.curvature?.isValid ?? true)
  }

  @Test func `structural zeros do not make a point degenerate, and must be there`() throws {
    func kind(_ eigenvalues: [Double], structural: Int) throws -> CriticalPointKind {
      try madeUpAnalysis(eigenvalues, structuralZeros: structural).kind
    }
    #expect(try kind([0, 0, 3], structural: 2) == .minimum)
    #expect(try kind([0, 0, 3], structural: 1) == .secondOrderCritical)
    #expect(try kind([-1, 0, 3], structural: 1) == .strictSaddle)
    #expect(try kind([1, 2, 3], structural: 1) == .undecided)
  }

  // Newton's step to (0, 0) is (0.3, −0.7)·s, of length s·‖θ‖: all of it, whatever the gradient is.
  @Test(arguments: [1.0, 1e-3, 1e-6, 1e-12])
  func `a small gradient far from every critical point is not critical`(scale: Double) throws {
    let flat = Landscape(
      name: "a saddle of small curvature", dimension: 2,
      value: { scale * (5 * $0[0] * $0[0] - $0[1] * $0[1]) },
      gradient: { [10 * scale * $0[0], -2 * scale * $0[1]] },
      hessian: { _ in [[10 * scale, 0], [0, -2 * scale]] }, criticalPoints: [],
      hasAllCriticalPoints: false)
    let found = try classify(flat, at: [0.3, -0.7])
    #expect(found.kind == .notCritical)
    expectClose(
      found.criticality.newtonStep, 0.58.squareRoot(),
      within: Tolerance(relative: 1e-14, why: "p = −θ"))
    // And near it is, however large the gradient is.
    let near = try classify(flat, at: [3e-4, -7e-4], lengthScale: 1)
    #expect(near.kind == .strictSaddle)
  }

  // e^−x has no critical point: loss, gradient and curvature go to zero together, at infinity.
  @Test func `what vanishes at infinity is no critical point`() throws {
    let decay = Landscape(
      name: "e^−x", dimension: 1, value: { exp(-$0[0]) }, gradient: { [-exp(-$0[0])] },
      hessian: { [[exp(-$0[0])]] }, criticalPoints: [], hasAllCriticalPoints: true)
    for x in [5.0, 20, 300] {
      let found = try classify(decay, at: [x])
      #expect(found.kind == .notCritical, "‖∇L‖ = \(found.gradientNorm)")
      expectClose(
        found.criticality.newtonStep, 1, within: Tolerance(relative: 1e-14, why: "g/λ = 1"))
      #expect(found.criticality.outwardCosine == 1)
    }
  }

  // s·(x + y²/2): no step changes the gradient's part in x, which the Hessian sends to zero.
  @Test(arguments: [1.0, 1e-6, 1e-12, 1e-100])
  func `a flat gradient is called that at every size`(scale: Double) throws {
    let incline = Landscape(
      name: "an incline", dimension: 2, value: { scale * ($0[0] + $0[1] * $0[1] / 2) },
      gradient: { [scale, scale * $0[1]] }, hessian: { _ in [[0, 0], [0, scale]] },
      criticalPoints: [], hasAllCriticalPoints: true)
    let found = try classify(incline, at: [0.3, 1e-9])
    #expect(found.kind == .gradientFlat && found.criticality.isGradientFlat)
    #expect(found.criticality.relativeResidual > 0.99)
    let analysis = try PointAnalysis(of: LandscapeObjective(incline), at: [0.3, 1e-9])
    let decision = PointClaim.saddle.decide(PointRecord(analysis), nil)
    #expect(decision.verdict == .undecided)
    #expect(decision.evidence.contains("gradient-flat"), "\(decision.evidence)")
  }

  // At θ = 0 a penalty's minimum is exact, and no step is short beside ‖θ‖ = 0.
  @Test func `where rounding leaves open whether a gradient vanishes nothing is ruled out`() throws {
    let objective = try NetworkObjective<Double>(
      network: Network.dense([2, 3, 2], .tanh), loss: .meanSquaredError,
      inputs: Matrix([[1, -1], [0.5, 2]]), targets: .values(Matrix([[0, 0], [0, 0]])),
      weightDecay: 1)
    let analysis = try PointAnalysis(
      of: objective, at: [Double](repeating: 0, count: objective.dimension))
    #expect(!analysis.criticality.isCritical && !analysis.criticality.isRuledOut)
    #expect(analysis.kind == .unresolved && !analysis.kind.isCritical)
    let decision = PointClaim.saddle.decide(PointRecord(analysis), nil)
    #expect(decision.verdict == .undecided)
    #expect(decision.evidence.contains("rounding leaves open"), "\(decision.evidence)")
  }

  @Test func `a kind that an eigenvalue's error decides is none`() throws {
    for (values, error, kind) in [
      ([1.0, 2, 3], 0.5, CriticalPointKind.minimum), ([1, 2, 3], 1.5, .unresolved),
      ([0, 0, 0], 0, .secondOrderCritical), ([0, 0, 0], 1e-3, .unresolved),
      ([-1, 1e-5, 2], 1e-6, .strictSaddle), ([-1, 1e-5, 2], 1e-4, .unresolved),
    ] {
      let spectrum = try Spectrum(eigenvalues: values, matrixError: error)
      let made = try madeUpAnalysis(values)
      let analysis = PointAnalysis(
        evaluation: made.evaluation, rounding: nil, spectrum: spectrum, boundsHessian: true,
        structure: [], curvature: made.curvature, secondCount: made.secondCount,
        criticality: made.criticality)
      #expect(analysis.kind == kind, "\(values) ± \(error)")
    }
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

  @Test func `the bound of zero is relative to the point's own largest eigenvalue`() throws {
    let landscape = form([1e-3, 1, 2])
    #expect(try classify(landscape, at: [0, 0, 0]).kind == .minimum)
    let coarse = try classify(landscape, at: [0, 0, 0], zeroTolerance: 0.01)
    #expect(coarse.kind == .secondOrderCritical)
    expectClose(coarse.zeroBound, 0.02, within: Tolerance(relative: 1e-14, why: "0.01·2"))
  }

  // 1e5·x⁴ + x²/2 − y²/2000: where the search begins max|λ| is 1.2e4, of which 1e-6 is more than
  // the saddle's negative eigenvalue; of its own max|λ|, 1, it is less.
  @Test func `a refined point is measured on its own scale, not on that of the search's start`()
    throws
  {
    let walls = Landscape(
      name: "a saddle between steep walls", dimension: 2,
      value: { 1e5 * pow($0[0], 4) + $0[0] * $0[0] / 2 - $0[1] * $0[1] / 2000 },
      gradient: { [4e5 * pow($0[0], 3) + $0[0], -$0[1] / 1000] },
      hessian: { [[1.2e6 * $0[0] * $0[0] + 1, 0], [0, -1e-3]] }, criticalPoints: [],
      hasAllCriticalPoints: false)
    let objective = LandscapeObjective(walls)
    #expect(objective.hessian(at: [0.1, 0])[0, 0] * PointLimits.strictZero > 1e-3)
    let refined = try Refinement(of: objective, from: [0.1, 0])
    #expect(refined.search.isConverged, "\(refined.search.ending)")
    #expect(refined.analysis.kind == .strictSaddle)
    let share = try #require(refined.record.point.spectrum?.share(at: PointLimits.strictZero))
    #expect(share.index.value == 0.5 && share.degeneracy.value == 0)
  }

  @Test func `what cannot be classified is refused, with the reason`() throws {
    let bowl = form([1, 2, 3])
    #expect(throws: CriticalPointError.wrongDimension(point: 2, objective: 3)) {
      try classify(bowl, at: [0, 0])
    }
    #expect(throws: CriticalPointError.pointNotFinite(coordinate: 2)) {
      try classify(bowl, at: [0, 0, .infinity])
    }
    #expect(throws: CriticalPointError.self) {
      try classify(bowl, at: [0, 0, 0], zeroTolerance: 0)
    }
    #expect {
      try classify(bowl, at: [0, 0, 0], zeroTolerance: 1e-15)
    } throws: {
      if case .toleranceBelowRounding = $0 as? CriticalPointError { true } else { false }
    }
    #expect(throws: CriticalPointError.self) {
      try classify(bowl, at: [0, 0, 0], lengthScale: .nan)
    }
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
