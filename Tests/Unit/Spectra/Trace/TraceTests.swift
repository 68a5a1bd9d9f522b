import Foundation
import Oracles
import Saddle
import Support
import Testing

/// What trace estimators do exactly. What holds on average is in Property.
@Suite struct TraceTests {
  @Test(arguments: TraceMethod.allCases, Precision.allCases)
  func `with a product for every unit vector the trace is exact`(
    method: TraceMethod, precision: Precision
  ) throws {
    func check<T: Scalar>(_: T.Type) throws {
      for form in ClosedFormMatrix.all where form.rows.count <= 9 {
        var generator = RandomStream(seed: 1)
        let found = try TraceEstimator(method, products: 9)
          .trace(of: DenseOperator(Matrix(form.rows).converted(to: T.self)), using: &generator)
        let size = form.eigenvalues.reduce(1) { $0 + $1.magnitude }
        expectClose(
          found.value, form.eigenvalues.reduce(0, +),
          within: Tolerance(absolute: 4 * Double(T.ulpOfOne) * size, why: "rounded entries"),
          "\(form)")
        #expect(found.standardError == 0 && found.products == form.rows.count)
        #expect(found.interval() == found.value...found.value)
      }
    }
    switch precision {
    case .float: try check(Float.self)
    case .double: try check(Double.self)
    }
  }

  @Test(.tags(.oracle), arguments: [TraceMethod.hutchPlusPlus, .xTrace])
  func `a matrix whose rank the subspace takes up has its trace at once`(
    method: TraceMethod
  ) throws {
    for seed in 1...10 as ClosedRange<UInt64> {
      var generator = RandomStream(seed: seed)
      let eigenvalues = RandomSpectrum.lowRank(count: 40, rank: 4, using: &generator)
      let matrix = Matrix(RandomMatrix.symmetric(spectrum: eigenvalues, using: &generator))
      let trace = eigenvalues.reduce(0, +)
      let found = try TraceEstimator(method, products: 18)
        .trace(of: DenseOperator(matrix), using: &generator)
      expectClose(found.value, trace, within: Tolerance(absolute: 1e-12, why: "rank 4 in 6 or 9"))
      #expect(try #require(found.standardError) < 1e-12)
      // Exactly dependent images: the same with a zero matrix.
      let none = try TraceEstimator(method, products: 18).trace(
        of: Diagonal<Double>([Double](repeating: 0, count: 40)), using: &generator)
      #expect(none.value == 0 && none.standardError == 0)
    }
  }

  @Test(.tags(.oracle)) func `leaving one out is what it costs with QR from scratch`() throws {
    // The efficient form against the definition: for each i a new basis without vector i.
    let (n, m) = (14, 4)
    var generator = RandomStream(seed: 9)
    let rows = RandomMatrix.goe(order: n, using: &generator)
    let a = Matrix(rows)
    var again = generator
    let found = try TraceEstimator(.xTrace, products: 2 * m)
      .trace(of: DenseOperator(a), using: &generator)
    let tests = (0..<m).map { _ in (0..<n).map { _ in again.normal() } }
    let samples = (0..<m).map { i in
      var basis: [[Double]] = []
      for j in 0..<m where j != i {
        var v = a * tests[j]
        for _ in 0..<2 {
          for q in basis {
            let overlap = zip(q, v).reduce(0) { $0 + $1.0 * $1.1 }
            v = zip(v, q).map { $0 - overlap * $1 }
          }
        }
        let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
        basis.append(v.map { $0 / length })
      }
      func quadratic(_ x: [Double]) -> Double { zip(x, a * x).reduce(0) { $0 + $1.0 * $1.1 } }
      var rest = tests[i]
      for q in basis {
        let overlap = zip(q, rest).reduce(0) { $0 + $1.0 * $1.1 }
        rest = zip(rest, q).map { $0 - overlap * $1 }
      }
      let square = rest.reduce(0) { $0 + $1 * $1 }
      return basis.reduce(0) { $0 + quadratic($1) }
        + Double(n - m + 1) / square * quadratic(rest)
    }
    let mean = samples.reduce(0, +) / Double(m)
    let squares = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let near = Tolerance(relative: 1e-11, why: "one basis instead of four")
    expectClose(found.value, mean, within: near)
    expectClose(
      try #require(found.standardError), (squares / Double(m * (m - 1))).squareRoot(),
      within: near)
    #expect(found.products == 8 && found.probes == 4)
  }

  @Test func `a diagonal matrix leaves Hutchinson nothing to err`() throws {
    let eigenvalues = (0..<50).map { Double($0 * 7 % 11) - 5 }
    var generator = RandomStream(seed: 1)
    let found = try TraceEstimator(.hutchinson, products: 20)
      .trace(of: Diagonal<Double>(eigenvalues), using: &generator)
    #expect(found.value == eigenvalues.reduce(0, +) && found.standardError == 0)
    let diagonal = try DiagonalEstimate(
      of: Diagonal<Double>(eigenvalues), probes: 3, using: &generator)
    #expect(diagonal.values == eigenvalues)
    #expect(diagonal.standardErrors == eigenvalues.map { _ in 0 })
    let norm = try FrobeniusEstimate(
      of: Diagonal<Double>(eigenvalues), probes: 3, using: &generator)
    expectClose(
      norm.norm.value, eigenvalues.reduce(0) { $0 + $1 * $1 }.squareRoot(),
      within: Tolerance(relative: 1e-15, why: "signs square to 1"))
    #expect(norm.norm.standardError == 0)
  }

  @Test func `one probe has no spread, and says so`() throws {
    var generator = RandomStream(seed: 1)
    let matrix = DenseOperator(Matrix(RandomMatrix.goe(order: 8, using: &generator)))
    let found = try TraceEstimator(.hutchinson, products: 1).trace(of: matrix, using: &generator)
    #expect(found.standardError == nil && found.interval() == nil && found.products == 1)
    #expect(try DiagonalEstimate(of: matrix, probes: 1, using: &generator).standardErrors == nil)
    let norm = try FrobeniusEstimate(of: matrix, probes: 1, using: &generator)
    #expect(norm.norm.standardError == nil && norm.square.standardError == nil)
  }

  @Test(arguments: Precision.allCases)
  func `products that are not finite are refused`(precision: Precision) throws {
    func check<T: Scalar>(_: T.Type) {
      for method in TraceMethod.allCases {
        for (products, value) in [(6, T.nan), (30, .nan), (6, .infinity), (30, -.infinity)] {
          var generator = RandomStream(seed: 1)
          #expect(throws: SpectralEstimateError.self, "\(method), \(products)") {
            try TraceEstimator(method, products: products)
              .trace(of: Spoilt<T>(dimension: 25, value: value, at: 3), using: &generator)
          }
        }
      }
      var generator = RandomStream(seed: 1)
      let spoilt = Spoilt<T>(dimension: 25, value: .nan, at: 3)
      #expect(throws: SpectralEstimateError.krylov(.productNotFinite(product: 1, coordinate: 3))) {
        try DiagonalEstimate(of: spoilt, probes: 2, using: &generator)
      }
      #expect(throws: SpectralEstimateError.krylov(.productNotFinite(product: 1, coordinate: 3))) {
        try FrobeniusEstimate(of: spoilt, probes: 2, using: &generator)
      }
    }
    switch precision {
    case .float: check(Float.self)
    case .double: check(Double.self)
    }
  }

  @Test func `settings outside their domain are refused`() throws {
    var generator = RandomStream(seed: 1)
    for (method, products) in [(TraceMethod.hutchinson, 0), (.hutchPlusPlus, 2), (.xTrace, 3)] {
      #expect(throws: SpectralEstimateError.self) { try TraceEstimator(method, products: products) }
    }
    #expect(throws: SpectralEstimateError.emptyOperator) {
      try TraceEstimator(.xTrace, products: 4).trace(of: Diagonal<Double>([]), using: &generator)
    }
    #expect(throws: SpectralEstimateError.self) {
      try DiagonalEstimate(of: Diagonal<Double>([1]), probes: 0, using: &generator)
    }
    #expect(throws: SpectralEstimateError.emptyOperator) {
      try FrobeniusEstimate(of: Diagonal<Double>([]), probes: 1, using: &generator)
    }
  }

  @Test(arguments: TraceMethod.allCases)
  func `a seed gives the same estimate`(method: TraceMethod) throws {
    var generator = RandomStream(seed: 1)
    let matrix = DenseOperator(Matrix(RandomMatrix.goe(order: 30, using: &generator)))
    var (first, second) = (RandomStream(seed: 2), RandomStream(seed: 2))
    let estimator = try TraceEstimator(method, products: 12)
    #expect(
      try estimator.trace(of: matrix, using: &first)
        == estimator.trace(of: matrix, using: &second))
  }

  @Test func `the interval is Student's`() throws {
    // Samples 1, 2, 3: mean 2, standard error 1/√3, t₀.₉₇₅ with two degrees 4.302653.
    let estimate = StochasticEstimate(
      value: 2, standardError: 1 / 3.0.squareRoot(), quadratureError: 0.5, probes: 3, products: 3)
    let interval = try #require(estimate.interval())
    expectClose(
      [interval.lowerBound, interval.upperBound], [2 - 0.5 - 2.484138, 2 + 0.5 + 2.484138],
      within: Tolerance(absolute: 1e-6, why: "tabulated"))
  }
}
