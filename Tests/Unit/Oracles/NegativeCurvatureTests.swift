import Oracles
import Testing

struct NegativeCurvatureTests {
  private func check(_ landscape: Landscape) -> NegativeCurvatureCheck {
    NegativeCurvatureCheck(value: landscape.value, gradient: landscape.gradient)
  }

  private func lowest(_ rows: [[Double]]) throws -> (value: Double, vector: [Double]) {
    let system = try GSL.eigensystem(rows)
    return (system.values[0], system.vectors[0])
  }

  @Test func `every saddle and maximum of Himmelblau and the camel is confirmed`() throws {
    for landscape in [Landscape.himmelblau, .sixHumpCamel] {
      for point in landscape.criticalPoints where point.index > 0 {
        let (λ, v) = try lowest(landscape.hessian(point.location))
        let report = try check(landscape).verify(
          at: point.location, along: v, eigenvalue: λ, residual: 1e-12)
        #expect(report.verdict == .confirmed, "\(landscape.name): \(report)")
        #expect(report.gradientNorm < 1e-12)
        #expect(report.curvature.admits(λ, factor: 2) && report.curvature.error < 1e-6)
      }
    }
  }

  @Test func `negative curvature of a network is confirmed away from critical points`() throws {
    var rng = SplitMix64(seed: 61)
    let inputs = (0..<8).map { _ in Draw.normals(3, using: &rng) }
    let network = PlainNetwork(
      widths: [3, 4, 3], activation: .tanh, loss: .softmaxCrossEntropy, inputs: inputs,
      labels: [0, 1, 2, 0, 1, 2, 0, 1])
    let θ = Draw.normals(network.dimension, using: &rng)
    let (λ, v) = try lowest(network.hessian(at: θ))
    #expect(λ < 0)
    let report = try NegativeCurvatureCheck(value: network.value, gradient: network.gradient)
      .verify(at: θ, along: v, eigenvalue: λ, residual: 1e-12)
    #expect(report.verdict == .confirmed, "\(report)")
    #expect(report.gradientNorm > 0.01)
  }

  private func verdict(
    _ landscape: Landscape, at x: [Double], along v: [Double], _ λ: Double, residual: Double = 0
  ) throws -> (NegativeCurvatureReport.Verdict, [NegativeCurvatureReport.Reason]) {
    let report = try check(landscape).verify(at: x, along: v, eigenvalue: λ, residual: residual)
    return (report.verdict, report.reasons)
  }

  @Test func `false claims are refuted for their reason`() throws {
    let saddle = Landscape.classicalSaddle
    #expect(try verdict(saddle, at: [0, 0], along: [0, 1], -2) == (.confirmed, []))
    #expect(try verdict(saddle, at: [0, 0], along: [0, 1], -2.02).1.contains(.eigenvalueDisagrees))
    #expect(try verdict(saddle, at: [0, 0], along: [0, 1.1], -2).1.contains(.witnessNotUnit))
    #expect(try verdict(saddle, at: [0, 0], along: [1, 0], 10).1.contains(.eigenvalueNotNegative))
    #expect(try verdict(saddle, at: [0, 0], along: [1, 0], -2).1.contains(.curvatureNotNegative))
    // v halfway between: vᵀHv = −1.9568 is close, but the residual is not.
    let tilted = [0.06, (1 - 0.06 * 0.06).squareRoot()]
    let (found, reasons) = try verdict(saddle, at: [0, 0], along: tilted, -1.9568)
    #expect(found == .refuted && reasons == [.residualTooLarge])
  }

  @Test func `a maximum claimed from a gradient with the wrong sign is refuted`() throws {
    // The gradient says −x², the values say +x²: only the values can tell.
    let lying = NegativeCurvatureCheck(
      value: { $0[0] * $0[0] }, gradient: { [-2 * $0[0]] })
    let report = try lying.verify(at: [0.3], along: [1], eigenvalue: -2, residual: 0)
    #expect(report.verdict == .refuted)
    #expect(report.reasons == [.valuesDisagree, .secondDifferenceNotNegative])
  }

  @Test func `a flat direction with a rounding-sized claim is undecided`() throws {
    let flat = Landscape.flatSaddle
    let (found, _) = try verdict(flat, at: [0, 0], along: [0, 1], -1e-30, residual: 1e-12)
    #expect(found == .undecided)
  }

  @Test func `claims that are not numbers are refused`() {
    #expect(throws: OracleError.self) {
      try verdict(.classicalSaddle, at: [0, 0], along: [0, 1], .nan)
    }
    #expect(throws: OracleError.wrongLength(of: "witness", expected: 2, found: 1)) {
      try verdict(.classicalSaddle, at: [0, 0], along: [1], -2)
    }
  }
}
