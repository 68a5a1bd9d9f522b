import Oracles
import Saddle
import Support
import Testing

/// What rounding may have changed, where sums over samples cancel, against double-double.
@Suite struct RoundingBoundTests {
  static let inputs = [
    [0.1, -0.7], [0.3, 0.2], [-0.9, 0.4], [0.6, 1.1], [-0.2, -0.3], [0.8, -1.3],
  ]

  private func parameters(_ count: Int) -> [Double] {
    (0..<count).map { Double($0 * 5 % 11) / 10 - 0.45 }
  }

  /// Each sample twice, with targets `residual` above and below the output: the gradient is zero but
  /// for the rounding of the targets.
  private func cancelling(_ residual: Double) throws -> RoundingCase {
    let outputs = PlainNetwork(
      widths: [2, 3, 1], activation: .tanh, inputs: Self.inputs,
      values: Self.inputs.map { _ in [0] }
    ).outputs(at: parameters(13))
    let plain = PlainNetwork(
      widths: [2, 3, 1], activation: .tanh, inputs: Self.inputs + Self.inputs,
      values: outputs.map { [$0[0] + residual] } + outputs.map { [$0[0] - residual] })
    return try RoundingCase(plain, at: parameters(13))
  }

  private func figure(_ name: String, of rounding: RoundingCase) throws -> RoundingCase.Figure {
    try #require(try rounding.figures().first { $0.name == name })
  }

  // The Hessian's errors seen: 1e-8 and 8e-5, where 60·P·ulp·max|λ| is 3e-13 for both.
  @Test(arguments: [1e8, 1e12]) func `cancelling residuals are part of the eigenvalues' ±`(
    residual: Double
  ) throws {
    let hessian = try figure("Hessian", of: cancelling(residual))
    #expect(hessian.error > 1000 * hessian.formerBound)
    #expect(hessian.isWithin())
    let bound = try #require(hessian.bound)
    #expect(bound < 1000 * hessian.error, "and no more than they must")
  }

  @Test func `what is printed of a point has the matrix's rounding in its ±`() throws {
    let rounding = try cancelling(1e12)
    let (objective, θ) = (rounding.objective, rounding.parameters)
    let truth = try GSL.eigenvalues(rounding.truth.hessian.map { $0.map { Double($0) } }).sorted()
    let measured = try PointMeasurement(of: objective, at: θ)
    let spectrum = try #require(measured.spectrum)
    let worst = zip(spectrum.eigenvalues, truth).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
    #expect(worst <= spectrum.errorBound, "\(worst)")
    #expect(worst > 1000 * spectrum.resolution * spectrum.radius, "\(worst)")
    let figures = try #require(measured.record.spectrum)
    let ends = (truth[0], truth[truth.count - 1])
    #expect(figures.least.lower <= ends.0 && ends.0 <= figures.least.upper, "\(figures.least)")
    #expect(
      figures.greatest.lower <= ends.1 && ends.1 <= figures.greatest.upper, "\(figures.greatest)")
    let bounds = try #require(objective.rounding(at: θ))
    let rows = try #require(measured.analysis).table()
    for (name, value, error) in [
      ("training loss", measured.record.evaluation.loss, bounds.loss),
      ("gradient norm ‖∇L‖", measured.record.evaluation.gradientNorm, bounds.gradientNorm),
    ] {
      #expect(rows.first { $0.name == name }?.value == "\(short(value)) ± \(short(error))")
    }
    for kind in [CurvatureKind.gaussNewton, .empiricalFisher, .gradientCovariance] {
      var settings = PointSettings()
      settings.curvature = kind
      let bound = try #require(objective.curvatureRounding(kind, at: θ))
      let other = try PointMeasurement(of: objective, at: θ, settings: settings).spectrum
      #expect(bound > 0 && other?.matrixError == bound, "\(kind)")
    }
  }

  // The computed norm is 5.5e-17 or so, the true one 2.3e-17: of residuals of 1, half a rounding.
  @Test func `a gradient of nothing but rounding says so`() throws {
    let rounding = try cancelling(1)
    #expect((Double(rounding.truth.gradientNorm) / 2.347324376851616e-17 - 1).magnitude < 1e-12)
    let norm = try figure("gradient norm", of: rounding)
    #expect(norm.isWithin())
    let bound = try #require(norm.bound)
    #expect(bound > Double(rounding.truth.gradientNorm) && bound < 1e-14)
  }

  // Three samples: rank 2 of 17, so the least eigenvalue is 0, whatever sign its rounding has.
  @Test func `a covariance's least eigenvalue is zero to within its ±`() throws {
    let plain = PlainNetwork(
      widths: [2, 3, 2], activation: .tanh, loss: .softmaxCrossEntropy,
      inputs: Array(Self.inputs.prefix(3)), labels: [0, 1, 1])
    let rounding = try RoundingCase(plain, at: parameters(17))
    let matrix = rounding.objective.curvatureMatrix(
      .gradientCovariance, at: rounding.parameters, includingPenalty: true)
    let bound = try #require(
      rounding.objective.curvatureRounding(.gradientCovariance, at: rounding.parameters))
    let spectrum = try Spectrum(
      eigenvalues: GSL.eigenvalues(matrix.asRows), matrixError: bound)
    #expect(spectrum.least.magnitude <= spectrum.errorBound)
    #expect(try figure("gradient covariance", of: rounding).isWithin())
    #expect(bound < 1e-13)
  }

  @Test func `a spectrum's ± is the eigensolver's and the matrix's`() throws {
    let exact = try Spectrum(eigenvalues: [-2, 1])
    let rounded = try Spectrum(eigenvalues: [-2, 1], matrixError: 0.5)
    #expect(rounded.errorBound == exact.errorBound + 0.5)
    #expect(rounded.uncertain(about: 1.25, below: true, above: true) == 1)
  }

  // z = 0 exactly at θ = 0, and nothing comes back from behind: ∇L is the same on both sides of the
  // kinks, and ∂²L/∂w₁∂w₂ = δ·φ′·x is not.
  @Test func `at exact kinks that the loss does not see the Hessian alone is in doubt`() throws {
    let plain = PlainNetwork(
      widths: [2, 3, 2], activation: .relu, loss: .softmaxCrossEntropy, inputs: Self.inputs,
      labels: [0, 1, 1, 0, 1, 0])
    let rounding = try RoundingCase(plain, at: [Double](repeating: 0, count: 17))
    let bound = try #require(rounding.objective.rounding(at: rounding.parameters))
    #expect(bound.gradientNorm < 1e-13)
    let hessian = try #require(
      rounding.objective.curvatureRounding(.hessian, at: rounding.parameters))
    #expect(hessian > 0.1)
  }

  // δ = 1 and w₂ = 2 behind z = 0: ∂L/∂b₁ is 2 on one side and 0 on the other.
  @Test func `where the gradient jumps at an exact kink no Hessian is claimed`() throws {
    let plain = PlainNetwork(
      widths: [1, 1, 1], activation: .relu, inputs: [[1]], values: [[0]])
    let (objective, θ) = (try NetworkObjective(plain), [0.0, 0, 2, 1])
    let bound = try #require(objective.rounding(at: θ))
    #expect(bound.gradientNorm >= 8.0.squareRoot())
    let hessian = try #require(objective.curvatureRounding(.hessian, at: θ))
    #expect(hessian > 1e15)
    let gradient = try #require(objective.gradientEnclosure(at: θ.map { Ball($0) }))
    #expect(gradient[0].radius >= 2 && gradient[1].radius >= 2)
    // A step to the side, where there is one.
    let aside = try #require(objective.curvatureRounding(.hessian, at: [0, 1e-3, 2, 1]))
    #expect(aside < 1e-12)
  }

  // L falls by t²/6 along (1, 0, 1, 0)/√2, and by t²/9 against it.
  @Test func `at an exact kink nothing is said of the kind of point`() throws {
    let plain = PlainNetwork(
      widths: [1, 1, 1], activation: .relu, inputs: [[1], [2], [-1]], values: [[1], [1], [0]])
    let (objective, θ) = (try NetworkObjective(plain), [0, 0, 0, 2.0 / 3])
    let record = try PointMeasurement(of: objective, at: θ).record
    #expect(record.curvature?.outcome == .notResolved)
    #expect(record.kind == .unresolved)
    let least = try #require(record.spectrum?.least)
    #expect(least.lower < -1.0 / 3)
    #expect(
      Claim.all(for: record, startingLoss: nil).allSatisfy {
        $0.statement != PointClaim.saddle.statement || $0.verdict == .undecided
      })
    #expect(try !CriticalPointCertificate(of: objective, at: θ).isProved)
  }

  // w·x = 1/3·3 rounds to 1 and z to 0, truly −2⁻⁵⁴: the unit's slope may be either.
  @Test func `a ReLU whose sign rounding may turn has both slopes within its ±`() throws {
    let plain = PlainNetwork(
      widths: [1, 1, 1], activation: .relu, inputs: [[3]], values: [[0]])
    let rounding = try RoundingCase(plain, at: [1.0 / 3, -1, 2, 1])
    let bound = try #require(rounding.objective.rounding(at: rounding.parameters))
    // δ = z = 1, times the slope, w = 2 and (x, 1): √10·2 in doubt.
    #expect(bound.gradientNorm > 6)
    #expect(try figure("gradient norm", of: rounding).isWithin())
  }

  @Test func `what overflows has no ±, and single precision has none`() throws {
    let plain = PlainNetwork(
      widths: [1, 1], activation: .identity, inputs: [[1e200]], values: [[0]])
    let objective = try RoundingCase(plain, at: [1, 0]).objective
    #expect(objective.rounding(at: [1e200, 0]) == nil)
    let single = try NetworkObjective<Float>(
      network: Network.dense([1, 1], .tanh), loss: .meanSquaredError,
      inputs: Matrix([[1]]), targets: .values(Matrix([[1]])))
    #expect(single.rounding(at: [1, 0]) == nil)
    #expect(single.curvatureRounding(.hessian, at: [1, 0]) == nil)
  }

  // A few of the networks that the property draws in release.
  @Test func `the true value is within every bound`() throws {
    for seed in 0..<12 {
      var generator = SplitMix64(seed: UInt64(seed))
      let drawn = AdversarialNetwork.draw(using: &generator)
      guard drawn.parameters.count <= 20 else { continue }
      for figure in try RoundingCase(drawn).figures() {
        #expect(figure.isWithin(), "draw \(seed), \(drawn.kind): \(figure)")
      }
    }
  }
}
