import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Settings, errors, determinism, the atom at zero and the shape of bands. What holds only on
/// average is in Property.
@Suite struct SpectralDensityTests {
  private func density(
    _ eigenvalues: [Double], steps: Int = 8, probes: Int = 4, workspace: Int = 1 << 20,
    seed: UInt64 = 1
  ) throws -> SpectralDensity {
    var generator = RandomStream(seed: seed, name: "probes")
    return try StochasticLanczosQuadrature(steps: steps, probes: probes, workspace: workspace)
      .density(of: Diagonal<Double>(eigenvalues), using: &generator)
  }

  private let spectrum = (0..<30).map { Double($0 * $0) / 30 - 4 }

  @Test func `a seed gives the same density, whatever the workspace`() throws {
    let first = try density(spectrum)
    #expect(try first == density(spectrum))
    #expect(try first == density(spectrum, workspace: 0))
    #expect(try first == density(spectrum, workspace: 3 * 30 * 8 * 3))
    #expect(try first != density(spectrum, seed: 2))
    let method = try StochasticLanczosQuadrature(steps: 8, probes: 4, workspace: 3 * 30 * 8 * 3)
    #expect(method.probesAtOnce(order: 30, Double.self) == 3)
    #expect(method.probesAtOnce(order: 30, Float.self) == 4)
    #expect(method.probesAtOnce(order: 1 << 40, Float.self) == 1)
  }

  @Test(arguments: Precision.allCases)
  func `products that are not finite are refused by number and coordinate`(precision: Precision) throws {
    func check<T: Scalar>(_: T.Type) throws {
      for value in [T.nan, .infinity, -.infinity] {
        let spoilt = Spoilt<T>(dimension: 20, value: value, at: 7)
        var generator = RandomStream(seed: 1)
        #expect(throws: SpectralEstimateError.krylov(.productNotFinite(product: 1, coordinate: 7))) {
          try StochasticLanczosQuadrature(steps: 5, probes: 2)
            .density(of: spoilt, using: &generator)
        }
        #expect(throws: SpectralEstimateError.krylov(.productNotFinite(product: 1, coordinate: 7))) {
          try KernelPolynomialMethod(moments: 8, probes: 1)
            .density(of: spoilt, bounds: -1...1, using: &generator)
        }
      }
    }
    switch precision {
    case .float: try check(Float.self)
    case .double: try check(Double.self)
    }
  }

  @Test func `settings outside their domain are refused by name`() throws {
    var generator = RandomStream(seed: 1)
    #expect(
      throws: SpectralEstimateError.invalidSetting(
        "the number of steps", value: 0, requirement: "at least 1")
    ) { try StochasticLanczosQuadrature(steps: 0, probes: 1) }
    #expect(throws: SpectralEstimateError.self) {
      try StochasticLanczosQuadrature(steps: 1, probes: -2)
    }
    #expect(throws: SpectralEstimateError.emptyOperator) {
      try StochasticLanczosQuadrature(steps: 3, probes: 2)
        .density(of: Diagonal<Float>([]), using: &generator)
    }
    for (n, t, η) in [
      (0, 0.1, 0.1), (9, 0, 0.1), (9, 1, 0.1), (9, .nan, 0.1), (9, 0.1, 0), (9, 0.1, 1),
    ] {
      #expect(throws: SpectralEstimateError.self) {
        try DensityPlan(dimension: n, error: t, failureProbability: η)
      }
    }
    #expect(throws: SpectralEstimateError.self) { try DensityPlan(dimension: 9, error: 1e-30) }
  }

  @Test func `a plan is the theorem's, worked by hand`() throws {
    // 12/0.1 + ½ = 120.5; 4·ln(2·1000/0.05)/(1002·0.01) = 4·10.5966/10.02 = 4.23.
    let plan = try DensityPlan(dimension: 1000, error: 0.1, failureProbability: 0.05)
    #expect(plan.steps == 121 && plan.probes == 5 && plan.products == 605)
    // 12/0.5 + ½ = 24.5; ln(4)·4/(3·0.25) = 7.39 for n = 1, η = ½.
    let small = try DensityPlan(dimension: 1, error: 0.5, failureProbability: 0.5)
    #expect(small.steps == 25 && small.probes == 8)
    let method = try StochasticLanczosQuadrature(plan)
    #expect(method.steps == 121 && method.probes == 5)
  }

  @Test func `one probe has no spread, and says so`() throws {
    let one = try density(spectrum, probes: 1)
    let average = one.average { $0 }
    #expect(average.standardError == nil && average.interval() == nil)
    #expect(try one.wassersteinError().betweenProbes == nil)
    #expect(one.smoothedCumulative(at: [0], width: 1, from: .spread) == nil)
    // The probes' law needs none.
    #expect(one.standardErrorByLaw { $0 } > 0)
    let band = try #require(one.smoothedCumulative(at: [0], width: 1))
    #expect(band.lower[0] < band.estimate[0] && band.estimate[0] < band.upper[0])
  }

  @Test(.tags(.oracle)) func `the standard error by law is the exact one`() throws {
    // All nodes are eigenvalues, so that only the weights are random.
    let exact = try density(spectrum, steps: 200, probes: 40)
    let variance = ProbeVariance.sphere(spectrum.map { $0 * $0 })
    expectClose(
      exact.standardErrorByLaw { $0 * $0 }, (variance / 40).squareRoot(),
      within: Tolerance(relative: 0.15, why: "the variance itself is of 40 probes"))
  }

  @Test(.tags(.oracle), arguments: Precision.allCases)
  func `the atom of a spectrum that is nine tenths zero is found with its error`(
    precision: Precision
  ) throws {
    func check<T: Scalar>(_: T.Type) throws {
      var generator = RandomStream(seed: 3)
      let eigenvalues = RandomSpectrum.lowRank(count: 60, rank: 6, using: &generator)
      let rows = RandomMatrix.symmetric(spectrum: eigenvalues, using: &generator)
      let found = try StochasticLanczosQuadrature(steps: 20, probes: 30).density(
        of: DenseOperator(Matrix(rows).converted(to: T.self)), using: &generator)
      let atom = found.atom()
      #expect((atom.fraction - 0.9).magnitude <= 4 * atom.standardError)
      #expect(atom.interval.contains(0.9))
      // Six eigenvalues in twenty steps: all is resolved, and little is left open at 1 %, below
      // the least of them.
      let open = found.atom(tolerance: 0.01).bracket
      #expect(open.upperBound - open.lowerBound < 0.01)
      #expect(found.atom(tolerance: 0.01).fraction == atom.fraction)
      let spread = (2 * 0.9 * 0.1 / (62.0 * 30)).squareRoot()
      expectClose(
        atom.standardError, spread, within: Tolerance(relative: 0.1, why: "F(1 − F) near 0.9"))
    }
    switch precision {
    case .float: try check(Float.self)
    case .double: try check(Double.self)
    }
  }

  @Test func `where the spectrum about zero is not resolved, the bracket stays open`() throws {
    // 400 eigenvalues through zero, six steps: no moment says how many lie within 1 %.
    let atom = try density((0..<400).map { Double($0) / 200 - 1 }, steps: 6).atom(tolerance: 0.01)
    #expect(atom.bracket.lowerBound == 0)
    #expect(atom.bracket.upperBound > 0.3)
    #expect(atom.interval.contains(0.01))
  }

  @Test func `bands lie about their estimate, inside 0 and 1, wider for more points at once`()
    throws
  {
    let found = try density(spectrum, steps: 20, probes: 5)
    let points = stride(from: -6.0, through: 26, by: 2).map { $0 }
    let bands = [
      found.cumulativeBand(at: points),
      try #require(found.smoothedCumulative(at: points, width: 2)),
      try #require(found.smoothedCumulative(at: points, width: 2, from: .spread)),
    ]
    for band in bands {
      for i in points.indices {
        #expect(0 <= band.lower[i] && band.lower[i] <= band.estimate[i] + 1e-14)
        #expect(band.estimate[i] <= band.upper[i] + 1e-14 && band.upper[i] <= 1)
      }
      #expect(band.contains(band.estimate.map { min(max($0, 0), 1 - 1e-15) }))
    }
    let wide = found.cumulativeBand(at: points, simultaneous: true)
    for i in points.indices {
      #expect(wide.lower[i] <= bands[0].lower[i] && wide.upper[i] >= bands[0].upper[i])
    }
    #expect(wide.lower != bands[0].lower && wide.upper != bands[0].upper, "wider, not the same")
    #expect(!bands[0].contains(points.map { _ in 0.5 }))
  }

  @Test func `weights are shares of one`() throws {
    let found = try density(spectrum)
    expectClose(found.mean.mass, 1, within: Tolerance(absolute: 1e-14, why: "weights are squares"))
    #expect(found.massDefect < 1e-14)
  }

  @Test func `the error seen from within falls with steps and with probes`() throws {
    let spectrum = (0..<200).map { Double($0) / 100 }
    let coarse = try density(spectrum, steps: 4, probes: 2).wassersteinError()
    let finer = try density(spectrum, steps: 32, probes: 2).wassersteinError()
    let more = try density(spectrum, steps: 32, probes: 32).wassersteinError()
    #expect(finer.betweenSteps < coarse.betweenSteps / 3)
    expectClose(
      more.byLaw, finer.byLaw / 4, within: Tolerance(relative: 0.1, why: "1/√16, one spectrum"))
    let spread = try #require(more.betweenProbes)
    expectClose(spread, more.byLaw, within: Tolerance(relative: 0.3, why: "32 probes"))
  }

  @Test func `a density survives encoding bit for bit`() throws {
    let found = try density(spectrum)
    #expect(
      try JSONDecoder().decode(SpectralDensity.self, from: JSONEncoder().encode(found)) == found)
  }
}
