import Oracles
import Saddle
import Support
import Testing

/// Gauss rules of single probes against Stieltjes' procedure, moments and closed forms.
@Suite struct LanczosQuadratureTests {
  private let spectrum = [-3, -1.5, -0.5, 0, 0.25, 1, 1, 2, 5, 11.0]

  /// The measure Σ (v·eᵢ)²/‖v‖² that a diagonal matrix has for the probe which a seed draws first.
  private func probeMeasure(_ eigenvalues: [Double], seed: UInt64) -> PrescribedMeasure {
    var generator = RandomStream(seed: seed)
    let squares = eigenvalues.map { _ in
      let x = generator.normal()
      return x * x
    }
    let sum = squares.reduce(0, +)
    return PrescribedMeasure(nodes: eigenvalues, weights: squares.map { $0 / sum })
  }

  private func density<T: Scalar>(
    _ eigenvalues: [Double], steps: Int, probes: Int = 1, seed: UInt64 = 1,
    by reorthogonalization: Reorthogonalization = .none, _: T.Type
  ) throws -> SpectralDensity {
    var generator = RandomStream(seed: seed)
    return try StochasticLanczosQuadrature(
      steps: steps, probes: probes, reorthogonalization: reorthogonalization
    ).density(of: Diagonal<T>(eigenvalues), using: &generator)
  }

  @Test(.tags(.oracle), arguments: Reorthogonalization.allCases, [1, 2, 5, 7])
  func `nodes and weights are Stieltjes' of the probe's own measure`(
    reorthogonalization: Reorthogonalization, steps: Int
  ) throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      let rule = try GaussRule(probeMeasure(spectrum, seed: seed), steps: steps)
      let found = try density(
        spectrum, steps: steps, seed: seed, by: reorthogonalization, Double.self
      ).probes[0]
      let near = Tolerance(relative: 1e-11, why: "7 steps of 9 in either recurrence")
      expectClose(found.coefficients.diagonal, rule.diagonal, within: near)
      expectClose(
        found.coefficients.offDiagonal + [found.coefficients.remainder], rule.offDiagonal,
        within: near)
      expectClose(found.measure.nodes, rule.nodes, within: near)
      expectClose(found.measure.weights, rule.weights, within: near)
      // In single precision the same, to its own rounding.
      let single = try density(
        spectrum, steps: steps, seed: seed, by: reorthogonalization, Float.self
      ).probes[0]
      let coarse = Tolerance(relative: 2e-4, why: "Float, 7 steps of 9")
      expectClose(single.measure.nodes, rule.nodes, within: coarse)
      expectClose(single.measure.weights, rule.weights, within: coarse)
    }
  }

  @Test(.tags(.oracle), arguments: [1, 2, 3, 4])
  func `k steps are exact to degree 2k − 1, and not beyond`(steps: Int) throws {
    let truth = probeMeasure(spectrum, seed: 3)
    let rule = try density(spectrum, steps: steps, seed: 3, Double.self).probes[0].measure
    for degree in 0..<(2 * steps) {
      expectClose(
        rule.moment(degree), truth.moment(degree),
        within: Tolerance(
          absolute: 1e-14
            * PrescribedMeasure(
              nodes: spectrum.map(\.magnitude), weights: truth.weights
            ).moment(degree) * Double(degree + 1), why: "rounding of the powers"),
        "degree \(degree)")
    }
    #expect(rule.moment(2 * steps) < truth.moment(2 * steps) * (1 - 1e-6))
  }

  @Test(.tags(.oracle)) func `a full Krylov space has the spectrum GSL finds`() throws {
    var generator = RandomStream(seed: 5)
    let rows = RandomMatrix.goe(order: 12, using: &generator)
    let found = try StochasticLanczosQuadrature(steps: 12, probes: 3, reorthogonalization: .full)
      .density(of: DenseOperator(Matrix(rows)), using: &generator)
    for probe in found.probes {
      expectClose(
        probe.measure.nodes, try GSL.eigenvalues(rows),
        within: Tolerance(relative: 1e-12, why: "order 12, orthogonalized"))
    }
    #expect(found.massDefect < 1e-14)
    #expect(found.products == 36)
  }

  @Test(arguments: Precision.allCases)
  func `an identity, a zero and a single element are invariant at once`(
    precision: Precision
  ) throws {
    func check<T: Scalar>(_: T.Type) throws {
      for (eigenvalues, node) in [
        ([0.0, 0, 0], 0.0), ([2.0, 2, 2, 2], 2), ([-7.0], -7), ([0.0], 0),
      ] {
        let found = try density(eigenvalues, steps: 5, probes: 2, T.self)
        #expect(found.products == 2)
        for probe in found.probes {
          #expect(probe.coefficients.isInvariant && probe.coefficients.steps == 1)
          expectClose(
            probe.measure.nodes, [node], within: Tolerance(relative: 1e-6, why: "Float"))
          #expect(probe.measure.weights == [1])
          #expect(probe.residuals == [0])
        }
      }
    }
    switch precision {
    case .float: try check(Float.self)
    case .double: try check(Double.self)
    }
  }

  @Test(arguments: [-1000, -660, -12, 12, 660, 1000])
  func `a power of two scales nodes and leaves weights, bit for bit`(exponent: Int) throws {
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    let plain = try density(spectrum, steps: 6, probes: 2, Double.self)
    let scaled = try density(spectrum.map { $0 * factor }, steps: 6, probes: 2, Double.self)
    for (a, b) in zip(plain.probes, scaled.probes) {
      #expect(b.measure.nodes == a.measure.nodes.map { $0 * factor })
      #expect(b.measure.weights == a.measure.weights)
    }
  }

  @Test func `a rank-one matrix has two Ritz values and ends`() throws {
    let found = try density([0, 0, 0, 0, 3, 0], steps: 6, Double.self).probes[0]
    #expect(found.coefficients.isInvariant && found.coefficients.steps == 2)
    expectClose(found.measure.nodes, [0, 3], within: Tolerance(absolute: 1e-14, why: "two steps"))
    let truth = probeMeasure([0, 0, 0, 0, 3, 0], seed: 1)
    expectClose(
      found.measure.weights[1], truth.weights[4], within: Tolerance(relative: 1e-13, why: "exact"))
  }

  @Test(.tags(.oracle), arguments: [2, 4, 6])
  func `the bracket holds the probe's own distribution function everywhere`(steps: Int) throws {
    for seed in 1...10 as ClosedRange<UInt64> {
      let truth = probeMeasure(spectrum, seed: seed)
      let probe = try density(spectrum, steps: steps, seed: seed, Double.self).probes[0]
      var widest = 0.0
      for x in stride(from: -4.0, through: 12, by: 0.0625) {
        let bracket = probe.cumulativeBracket(at: x, resolution: 1e-13)
        let value = truth.cumulative(x)
        #expect(
          bracket.lowerBound <= value + 1e-12 && value <= bracket.upperBound + 1e-12,
          "\(value) at \(x), seed \(seed)")
        widest = max(widest, bracket.upperBound - bracket.lowerBound)
        let mass = PrescribedMeasure(nodes: truth.nodes, weights: truth.weights).mean {
          (x...(x + 2)).contains($0) ? 1 : 0
        }
        let window = probe.massBracket(in: x...(x + 2), resolution: 1e-13)
        #expect(window.lowerBound <= mass + 1e-12 && mass <= window.upperBound + 1e-12)
      }
      #expect(widest > 0.05)
    }
  }

  @Test func `residuals bound the distance to an eigenvalue`() throws {
    let probe = try density(spectrum, steps: 5, Double.self).probes[0]
    for (node, residual) in zip(probe.measure.nodes, probe.residuals) {
      let nearest = spectrum.reduce(.infinity) { min($0, ($1 - node).magnitude) }
      #expect(nearest <= residual + 1e-13)
      #expect(residual > 0)
    }
  }
}
