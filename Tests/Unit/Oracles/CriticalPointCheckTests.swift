import Foundation
import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// The independent check: it must confirm what is right and find every part of a claim that is not.
@Suite struct CriticalPointCheckTests {
  private func check(_ landscape: Landscape) -> CriticalPointCheck {
    CriticalPointCheck(value: landscape.value, gradient: landscape.gradient)
  }

  /// A classification by the core, as it is read from its file.
  private func claim(
    _ landscape: Landscape, at x: [Double]
  ) throws -> CriticalPointClaim {
    var rng = RandomStream(seed: 41)
    let refined = try CriticalPointSearch(budget: 60).refine(x, of: LandscapeObjective(landscape))
    let found = try CriticalPointClassification(
      of: LandscapeObjective(landscape), at: refined,
      using: &rng)
    return try JSONDecoder().decode(
      CriticalPointClaim.self, from: JSONEncoder().encode(found))
  }

  @Test(
    .tags(.oracle), arguments: [Landscape.himmelblau, .sixHumpCamel, .rosenbrock(dimension: 4)])
  func `every classification of a known critical point is confirmed`(landscape: Landscape) throws {
    for point in landscape.criticalPoints {
      let claim = try claim(landscape, at: point.location.map { $0 + 0.003 })
      #expect(claim.inertia.negative == point.index)
      let report = try check(landscape).verify(claim)
      #expect(report.verdict == .confirmed, "\(landscape.name), \(point): \(report.reasons)")
      #expect(report.eigenvalueError < claim.zeroBound)
      let own = try CriticalPointCheck(
        value: landscape.value, gradient: landscape.gradient, hessian: landscape.hessian
      ).verify(claim)
      #expect(own.verdict == .confirmed, "\(landscape.name), \(point): \(own.reasons)")
    }
  }

  @Test func `degenerate points and flat gradients are confirmed too`() throws {
    var rng = SplitMix64(seed: 42)
    for (eigenvalues, kind): ([Double], CriticalPointClaim.Kind) in [
      ([-2, 0, 1, 3], .degenerateSaddle), ([0, 1, 3], .secondOrderCritical),
      ([-1, 0], .degenerateMaximum), ([-1, -3], .maximum), ([2, 5], .minimum),
    ] {
      let form = Landscape.quadratic(eigenvalues: eigenvalues, using: &rng)
      let claim = try claim(form, at: eigenvalues.map { _ in 0.0 })
      #expect(claim.kind == kind)
      let report = try check(form).verify(claim)
      #expect(report.verdict == .confirmed, "\(eigenvalues): \(report.reasons)")
    }
    for (landscape, start) in [
      (CriticalPointSearchTests.inflection, [0.8]), (CriticalPointSearchTests.valley, [0.8, -0.5]),
    ] {
      let claim = try claim(landscape, at: start)
      #expect(claim.kind == .gradientFlat)
      let report = try check(landscape).verify(claim)
      #expect(report.verdict == .confirmed, "\(landscape.name): \(report.reasons)")
      #expect((report.relativeResidual ?? 0) > 0.99)
    }
  }

  private func reasons(
    _ landscape: Landscape, _ claim: CriticalPointClaim,
    _ change: (inout CriticalPointClaim) -> Void
  ) throws -> [CriticalPointReport.Reason] {
    var changed = claim
    change(&changed)
    let report = try check(landscape).verify(changed)
    #expect(report.verdict == .refuted, "\(report.reasons)")
    return report.reasons
  }

  @Test func `every part of a claim that is changed is found`() throws {
    let saddle = Landscape.himmelblau
    let right = try claim(saddle, at: [-3.07, -0.08])
    #expect(right.kind == .strictSaddle)
    func found(_ change: (inout CriticalPointClaim) -> Void) throws
      -> [CriticalPointReport.Reason]
    { try reasons(saddle, right, change) }

    #expect(try found { $0.kind = .minimum }.contains(.kindDoesNotFollow))
    #expect(try found { $0.kind = .degenerateSaddle } == [.kindDoesNotFollow])
    #expect(
      try found {
        $0.kind = .minimum
        $0.inertia = .init(negative: 0, zero: 0, positive: 2)
        $0.curvature = nil
      } == [.countsDiffer])
    #expect(
      try found { $0.inertia = .init(negative: 2, zero: 0, positive: 0) }
        .contains(.countsDiffer))
    #expect(try found { $0.structuralZeros = 1 } == [.kindDoesNotFollow])
    #expect(try found { $0.curvature = nil } == [.witnessMissing])
    #expect(try found { $0.curvature?.direction.swapAt(0, 1) } == [.witnessFails])
    #expect(try found { $0.curvature?.rayleighQuotient *= 1.01 } == [.witnessFails])
    #expect(try found { $0.value += 1e-6 } == [.valueDiffers])
    #expect(try found { $0.gradientNorm += 1e-6 } == [.gradientNormDiffers])
    #expect(try found { $0.criticality.lengthScale = 1e3 } == [.limitsTooWide])
    #expect(try found { $0.criticality.gradientError = 1e-3 }.contains(.limitsTooWide))
    #expect(try found { $0.criticality.newtonStep += 1e-3 } == [.newtonStepDiffers])
    #expect(try found { $0.kind = .notCritical } == [.critical])
    #expect(try found { $0.point[0] += 1e-2 }.contains(.notCritical))
    #expect(try found { $0.zeroBound = 1e3 }.contains(.countsDiffer))
  }

  @Test func `false claims of flatness are found`() throws {
    let slope = Landscape.classicalSaddle
    var rng = RandomStream(seed: 43)
    let found = try CriticalPointClassification(
      of: LandscapeObjective(slope), at: [0.3, -0.7], using: &rng)
    let right = try JSONDecoder().decode(
      CriticalPointClaim.self, from: JSONEncoder().encode(found))
    #expect(right.kind == .notCritical)
    #expect(try check(slope).verify(right).verdict == .confirmed)
    // r = 1 for a step of 0, which is not the best one.
    #expect(
      try reasons(slope, right) {
        $0.kind = .gradientFlat
        $0.flatness?.step = [0, 0]
      } == [.stepNotLeastSquares])
    #expect(
      try reasons(slope, right) {
        $0.kind = .gradientFlat
        $0.flatness?.step = [0, 0]
        $0.flatness?.tolerance = 10
      } == [.stepNotLeastSquares])
    #expect(try reasons(slope, right) { $0.kind = .gradientFlat } == [.residualDisagrees])
    #expect(
      try reasons(slope, right) {
        $0.kind = .gradientFlat
        $0.flatness = nil
      } == [.stepMissing])
    let flat = try claim(CriticalPointSearchTests.valley, at: [0.8, -0.5])
    #expect(
      try reasons(CriticalPointSearchTests.valley, flat) { $0.flatness?.curvatureScale *= 2 }
        == [.scaleNotFound])
    #expect(
      try reasons(CriticalPointSearchTests.valley, flat) { $0.kind = .notCritical }
        == [.residualDisagrees])
  }

  @Test func `functions that contradict each other are found`() throws {
    let saddle = Landscape.himmelblau
    let right = try claim(saddle, at: [-3.07, -0.08])
    let wrongValue = CriticalPointCheck(
      value: { saddle.value($0) + 1e-3 * ($0[0] - right.point[0]) }, gradient: saddle.gradient)
    #expect(try wrongValue.verify(right).reasons.contains(.valuesDisagree))
    // A Hessian whose mixed entries are 1 % off.
    let wrongHessian = CriticalPointCheck(
      value: saddle.value, gradient: saddle.gradient,
      hessian: { x in
        var rows = saddle.hessian(x)
        rows[0][1] *= 1.01
        rows[1][0] *= 1.01
        return rows
      })
    #expect(try wrongHessian.verify(right).reasons.contains(.hessianDisagrees))
  }

  @Test func `what the error of the Hessian hides is undecided`() throws {
    var rng = SplitMix64(seed: 44)
    let form = Landscape.quadratic(eigenvalues: [0.5, 1], using: &rng)
    var edge = try claim(form, at: [0, 0])
    edge.zeroBound = 0.5
    let report = try check(form).verify(edge)
    #expect(report.verdict == .undecided && report.reasons == [.eigenvalueAtBound])
    edge.zeroBound = 1e-6
    edge.kind = .undecided
    #expect(try check(form).verify(edge).reasons == [.nothingClaimed])
  }

  @Test func `claims that are not numbers are refused`() throws {
    var rng = SplitMix64(seed: 45)
    let form = Landscape.quadratic(eigenvalues: [0.5, 1], using: &rng)
    var claim = try claim(form, at: [0, 0])
    claim.gradientNorm = .nan
    #expect(throws: OracleError.self) { try check(form).verify(claim) }
  }
}
