import Foundation
import Oracles
import Saddle
import Support
import Testing

/// Means, spreads and rates of randomized estimates over fixed seeds. Bounds of 5 standard
/// deviations, or χ² quantiles of 1e-6, on each side.
@Suite(.tags(.statistical)) struct TraceStatisticsTests {
  private static let seeds = 1500

  private func decaying(_ n: Int, power: Double) -> (rows: [[Double]], trace: Double) {
    var generator = RandomStream(seed: 31)
    let eigenvalues = (1...n).map { pow(Double($0), -power) * ($0 % 3 == 0 ? -1 : 1) }
    return (
      RandomMatrix.symmetric(spectrum: eigenvalues, using: &generator), eigenvalues.reduce(0, +)
    )
  }

  private func estimates(_ run: (inout RandomStream) throws -> StochasticEstimate) rethrows
    -> [StochasticEstimate]
  {
    try (1...Self.seeds).map { seed in
      var generator = RandomStream(seed: UInt64(seed), name: "trace")
      return try run(&generator)
    }
  }

  /// Mean, variance and mean stated variance.
  private func summary(
    _ found: [StochasticEstimate]
  ) throws -> (mean: Double, variance: Double, stated: Double) {
    let count = Double(found.count)
    let mean = found.reduce(0) { $0 + $1.value } / count
    let variance = found.reduce(0) { $0 + pow($1.value - mean, 2) } / (count - 1)
    let stated = try found.reduce(0) { $0 + pow(try #require($1.standardError), 2) } / count
    return (mean, variance, stated)
  }

  /// What the ratio of a sample variance to the true one may be.
  private var ratios: ClosedRange<Double> {
    let freedom = Double(Self.seeds - 1)
    return GSL.chiSquaredQuantile(1e-6, freedom: freedom) / freedom...GSL.chiSquaredQuantile(
      1 - 1e-6, freedom: freedom) / freedom
  }

  @Test(.tags(.oracle))
  func `Hutchinson's estimate has the trace as mean and the exact variance, stated as well`()
    throws
  {
    let (rows, trace) = decaying(40, power: 0.3)
    let matrix = DenseOperator(Matrix(rows))
    let found = try estimates {
      try TraceEstimator(.hutchinson, products: 20).trace(of: matrix, using: &$0)
    }
    let (mean, variance, stated) = try summary(found)
    let exact = ProbeVariance.signs(rows) / 20
    #expect((mean - trace).magnitude < 5 * (exact / Double(Self.seeds)).squareRoot())
    #expect(ratios.contains(variance / exact), "\(variance / exact)")
    // 20 samples a run make the stated variance's mean at least as sharp as one variance.
    #expect(ratios.contains(stated / exact), "\(stated / exact)")
  }

  @Test(arguments: [TraceMethod.hutchPlusPlus, .xTrace], [0.5, 1.5])
  func `the better estimates are unbiased, and state their own spread`(
    method: TraceMethod, power: Double
  ) throws {
    let (rows, trace) = decaying(40, power: power)
    let matrix = DenseOperator(Matrix(rows))
    let found = try estimates {
      try TraceEstimator(method, products: 24).trace(of: matrix, using: &$0)
    }
    let (mean, variance, stated) = try summary(found)
    #expect(
      (mean - trace).magnitude < 5 * (variance / Double(Self.seeds)).squareRoot(),
      "\(mean), not \(trace)")
    switch method {
    // Given the subspace, samples are independent: the stated variance is unbiased.
    case .hutchinson, .hutchPlusPlus: #expect(ratios.contains(stated / variance))
    // The samples share a subspace, and vary less than independent ones: documented as 13 to 17 %
    // in the error, 0.68 to 0.77 in the variance.
    case .xTrace: #expect(stated / variance > 0.6 && stated / variance < 0.9)
    }
  }

  @Test func `on a decaying spectrum errors fall by their known rates`() throws {
    // λ = ±i^−1.5: what a subspace of rank k leaves has ‖·‖_F ~ k^−1, and the error falls by one
    // half power more.
    let (rows, trace) = decaying(200, power: 1.5)
    let matrix = DenseOperator(Matrix(rows))
    func error(_ method: TraceMethod, _ products: Int) throws -> Double {
      var squares = 0.0
      for seed in 1...150 {
        var generator = RandomStream(seed: UInt64(seed), name: "rate")
        let found = try TraceEstimator(method, products: products)
          .trace(of: matrix, using: &generator)
        squares += pow(found.value - trace, 2) / 150
      }
      return squares.squareRoot()
    }
    // Root mean squares over 150 runs: each ratio is known to about 8 %.
    for (method, slopes) in [
      (TraceMethod.hutchinson, 0.4...0.6), (.hutchPlusPlus, 1.1...2.2), (.xTrace, 1.1...2.2),
    ] {
      let (few, many) = (try error(method, 24), try error(method, 96))
      let slope = log(few / many) / log(4)
      #expect(slopes.contains(slope), "\(method): \(slope)")
      if method != .hutchinson { #expect(many < 0.1 * (try error(.hutchinson, 96))) }
    }
  }

  @Test(.tags(.oracle)) func `each element of the diagonal has its mean and its own error`()
    throws
  {
    let (rows, _) = decaying(12, power: 0.3)
    let matrix = DenseOperator(Matrix(rows))
    let exact = ProbeVariance.diagonalBySigns(rows)
    var sums = [Double](repeating: 0, count: 12)
    var (squares, stated) = (sums, sums)
    for seed in 1...Self.seeds {
      var generator = RandomStream(seed: UInt64(seed), name: "diagonal")
      let found = try DiagonalEstimate(of: matrix, probes: 20, using: &generator)
      let errors = try #require(found.standardErrors)
      for i in 0..<12 {
        sums[i] += found.values[i] - rows[i][i]
        squares[i] += pow(found.values[i] - rows[i][i], 2) / Double(Self.seeds)
        stated[i] += pow(errors[i], 2) / Double(Self.seeds)
      }
    }
    for i in 0..<12 {
      #expect(sums[i].magnitude < 5 * (Double(Self.seeds) * exact[i] / 20).squareRoot())
      #expect(ratios.contains(squares[i] * 20 / exact[i]))
      #expect(ratios.contains(stated[i] * 20 / exact[i]))
    }
  }

  @Test(.tags(.oracle)) func `the Frobenius norm's square is unbiased, with the exact variance`()
    throws
  {
    let (rows, _) = decaying(40, power: 0.3)
    let matrix = DenseOperator(Matrix(rows))
    let square = rows.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
    let product = Matrix(rows) * Matrix(rows)
    let exact = ProbeVariance.signs(product.asRows) / 20
    let found = try estimates { try FrobeniusEstimate(of: matrix, probes: 20, using: &$0).square }
    let (mean, variance, stated) = try summary(found)
    #expect((mean - square).magnitude < 5 * (exact / Double(Self.seeds)).squareRoot())
    #expect(ratios.contains(variance / exact) && ratios.contains(stated / exact))
    var generator = RandomStream(seed: 1)
    let norm = try FrobeniusEstimate(of: matrix, probes: 400, using: &generator).norm
    #expect((norm.value - square.squareRoot()).magnitude < 5 * (try #require(norm.standardError)))
  }

  @Test(.tags(.oracle)) func `spectral sums are unbiased, by spread and by law`() throws {
    let n = 40
    let eigenvalues = (1...n).map { 0.5 + Double($0) / 10 }
    var generator = RandomStream(seed: 32)
    let matrix = DenseOperator(
      Matrix(RandomMatrix.symmetric(spectrum: eigenvalues, using: &generator)))
    let method = try StochasticLanczosQuadrature(steps: 20, probes: 8)
    let sums: [(String, (SpectralDensity) throws -> StochasticEstimate, (Double) -> Double)] = [
      ("log-determinant", { try $0.logDeterminant(shift: 0.1) }, { log($0 + 0.1) }),
      ("effective dimension", { try $0.effectiveDimension(precision: 2) }, { $0 / ($0 + 2) }),
      ("trace", { $0.trace }, { $0 }),
    ]
    let densities = try (1...Self.seeds).map { seed in
      var generator = RandomStream(seed: UInt64(seed), name: "sums")
      return try method.density(of: matrix, using: &generator)
    }
    for (name, sum, f) in sums {
      let values = eigenvalues.map(f)
      let exact = Double(n * n) * ProbeVariance.sphere(values) / 8
      let found = try densities.map(sum)
      let (mean, variance, stated) = try summary(found)
      #expect(
        (mean - values.reduce(0, +)).magnitude < 5 * (exact / Double(Self.seeds)).squareRoot(),
        "\(name)")
      #expect(ratios.contains(variance / exact), "\(name): \(variance / exact)")
      #expect(ratios.contains(stated / exact), "\(name): \(stated / exact)")
      let byLaw = densities.reduce(0) {
        $0 + pow(Double(n) * $1.standardErrorByLaw(of: f), 2) / Double(Self.seeds)
      }
      #expect((byLaw / exact - 1).magnitude < 0.02, "\(name): \(byLaw / exact)")
    }
  }
}
