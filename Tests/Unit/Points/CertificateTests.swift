import Foundation
import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

@Suite struct CertificateTests {
  // Dauphin et al. 2014: 5x² − y², away from its critical point, so that the gradient is not zero.
  private let objective = LandscapeObjective(.classicalSaddle)
  private let point = [0.3, -0.7]

  @Test func `the witness of a saddle is found and certified`() throws {
    var generator = RandomStream(seed: 1)
    let certificate = try #require(
      try NegativeCurvatureCertificate.search(
        hessian: objective.hessian(at: point), leastEigenvalue: -2, of: objective, at: point,
        using: &generator))
    #expect(certificate.isValid)
    expectClose(
      certificate.rayleighQuotient, -2, within: Tolerance(relative: 1e-12, why: "a 2 × 2 matrix"))
    expectClose(
      certificate.direction.map(\.magnitude), [0, 1],
      within: Tolerance(absolute: 1e-7, why: "inverse iteration"))
    expectClose(
      certificate.curvatureFromValues, -2,
      within: Tolerance(relative: 1e-9, why: "differences of a quadratic"))
    #expect(certificate.residual < 1e-7)
  }

  @Test func `a direction of positive curvature is no certificate`() {
    let certificate = NegativeCurvatureCertificate(witness: [2, 0], of: objective, at: point)
    #expect(!certificate.isValid)
    #expect(certificate.rayleighQuotient == 10)
    #expect(certificate.secondDifference > 0)
  }

  @Test func `a direction between has a residual, and counts only if that leaves it negative`() {
    // v = (0.3, 0.954): vᵀHv = 10·0.09 − 2·0.91 = −0.92, but the residual is 3.4.
    let certificate = NegativeCurvatureCertificate(
      witness: [0.3, 0.91.squareRoot()], of: objective, at: point)
    #expect(certificate.rayleighQuotient < 0)
    #expect(certificate.secondDifference < 0)
    #expect(certificate.residual > 3)
    #expect(!certificate.isValid)
  }

  @Test func `function values overrule a Hessian that is wrong`() {
    // A Hessian of the wrong sign claims negative curvature where the values curve up.
    let lying = Landscape(
      name: "wrong sign", dimension: 1, value: { $0[0] * $0[0] }, gradient: { [2 * $0[0]] },
      hessian: { _ in [[-2]] }, criticalPoints: [], hasAllCriticalPoints: false)
    let certificate = NegativeCurvatureCertificate(
      witness: [1], of: LandscapeObjective(lying), at: [0.5])
    #expect(certificate.rayleighQuotient == -2)
    #expect(!certificate.isValid)
  }

  @Test func `a certificate holds only if every part of it does`() {
    func certificate(
      quotient: Double = -2, residual: Double = 0.1, difference: Double = -0.5,
      half: Double? = nil, noise: Double = 1e-9
    ) -> NegativeCurvatureCertificate {
      NegativeCurvatureCertificate(
        direction: [1], rayleighQuotient: quotient, residual: residual, step: 0.5,
        secondDifference: difference, halfStepDifference: half ?? difference / 4, noise: noise)
    }
    #expect(certificate().isValid)
    #expect(!certificate(quotient: 2).isValid)
    #expect(!certificate(residual: 2).isValid, "an eigenvalue may lie at zero")
    #expect(!certificate(difference: 0.5).isValid)
    #expect(!certificate(noise: 0.05).isValid, "ten times the noise is not exceeded")
    #expect(!certificate(difference: -2).isValid, "function values say −8")
    #expect(!certificate(quotient: .nan).isValid)
    #expect(!certificate(difference: .nan).isValid)
    #expect(!certificate(noise: .nan).isValid)
  }

  // vᵀHv = −326 where function values give −288: both negative, and one of them wrong.
  @Test func `a product and function values that contradict each other certify nothing`() {
    let step = 0.25
    let difference = -288 * step * step
    let certificate = NegativeCurvatureCertificate(
      direction: [1], rayleighQuotient: -326, residual: 0.1, step: step,
      secondDifference: difference, halfStepDifference: difference / 4, noise: 1e-12)
    #expect(!certificate.isValid && certificate.isContradicted)
    #expect(NegativeCurvature(certificate).outcome == .contradicted)
    // Within their stated error they agree.
    let coarse = NegativeCurvatureCertificate(
      direction: [1], rayleighQuotient: -326, residual: 0.1, step: step,
      secondDifference: difference, halfStepDifference: difference / 4 - 0.445, noise: 1e-12)
    #expect(coarse.isValid && coarse.curvatureFromValuesError > 9)
  }

  @Test func `what contradicts itself decides no claim and no kind, and is called that`() throws {
    let difference = -288.0 / 16
    let analysis = try madeUpAnalysis(
      [-326, 1],
      curvature: NegativeCurvature(
        NegativeCurvatureCertificate(
          direction: [1, 0], rayleighQuotient: -326, residual: 0.1, step: 0.25,
          secondDifference: difference, halfStepDifference: difference / 4, noise: 1e-12)))
    #expect(analysis.criticality.isCritical && analysis.kind == .undecided)
    for claim in [PointClaim.negativeCurvature, .saddle] {
      let decision = claim.decide(PointRecord(analysis), 1)
      #expect(decision.verdict == .undecided, "\(claim.id)")
      #expect(decision.evidence.contains("contradict each other"), "\(decision.evidence)")
    }
    #expect(
      analysis.table().contains {
        $0.name == "negative curvature" && $0.value.contains("contradict each other")
      })
  }

  @Test(arguments: [-1.0, -0.5, 0.01, 1.5])
  func `the stated error of the curvature from values holds, far from quadratics too`(x: Double) {
    // cos(3x)·eˣ, whose second derivative is eˣ(−8·cos 3x − 6·sin 3x).
    let wave = Landscape(
      name: "wave", dimension: 1, value: { cos(3 * $0[0]) * exp($0[0]) },
      gradient: { [exp($0[0]) * (cos(3 * $0[0]) - 3 * sin(3 * $0[0]))] },
      hessian: { [[exp($0[0]) * (-8 * cos(3 * $0[0]) - 6 * sin(3 * $0[0]))]] },
      criticalPoints: [], hasAllCriticalPoints: false)
    let certificate = NegativeCurvatureCertificate(
      witness: [1], of: LandscapeObjective(wave), at: [x])
    let truth = wave.hessian([x])[0][0]
    let error = (certificate.curvatureFromValues - truth).magnitude
    #expect(error <= certificate.curvatureFromValuesError)
    #expect(certificate.curvatureFromValuesError < 1e-3 * truth.magnitude)
    #expect(certificate.isValid == (truth < 0))
  }

  @Test func `curvature that drowns in the noise of the values is not certified`() throws {
    // Rounding to multiples of 2⁻³⁰ stands for the noise of long sums; the curvature is −1e-10.
    let grain = 0x1p-30
    let noisy = Landscape(
      name: "noisy", dimension: 2,
      value: { x in ((1 - 5e-11 * x[0] * x[0] + 0.3 * x[1]) / grain).rounded() * grain },
      gradient: { x in [-1e-10 * x[0], 0.3] }, hessian: { _ in [[-1e-10, 0], [0, 0]] },
      criticalPoints: [], hasAllCriticalPoints: false)
    let objective = LandscapeObjective(noisy)
    let certificate = NegativeCurvatureCertificate(
      witness: [1, 0], of: objective, at: [0.3, 0.7])
    #expect(certificate.rayleighQuotient < 0)
    #expect(!certificate.isValid)

    // Rounding to a grid has the standard deviation grain/√12; a second difference √6 of that.
    // Along a slope every value falls elsewhere between two points of the grid.
    let sloped = NegativeCurvatureCertificate(
      witness: [0, 1],
      of: LandscapeObjective(
        Landscape(
          name: "slope", dimension: 2,
          value: { x in ((1 + 3e4 * x[1]) / grain).rounded() * grain },
          gradient: { _ in [0, 3e4] }, hessian: { _ in [[0, 0], [0, 0]] }, criticalPoints: [],
          hasAllCriticalPoints: false)), at: [0.3, 0.7])
    let expected = grain / 12.0.squareRoot() * 6.0.squareRoot()
    #expect(sloped.noise > expected / 3 && sloped.noise < expected * 3, "\(sloped.noise)")
    #expect(!sloped.isValid)
  }

  @Test func `no witness is sought where no eigenvalue is negative`() throws {
    var generator = RandomStream(seed: 1)
    let bowl = LandscapeObjective(.quadratic(eigenvalues: [1, 2], using: &generator))
    #expect(
      try NegativeCurvatureCertificate.search(
        hessian: bowl.hessian(at: [0, 0]), leastEigenvalue: 1, of: bowl, at: [0, 0],
        using: &generator) == nil)
  }
}
