import Oracles
import Saddle
import Support
import Testing

@Suite struct LOBPCGTests {
  private static let ends: [SpectralEnds] = [
    .least(2), .greatest(3), .bothEnds(2), .largestMagnitude(3),
  ]

  @Test(.tags(.oracle), arguments: Precision.allCases, ends)
  func `closed-form spectra have their ends, with multiplicity`(
    precision: Precision, ends: SpectralEnds
  ) throws {
    func check<T: Scalar>(_: T.Type) throws {
      var rng = RandomStream(seed: 5)
      for form in ClosedFormMatrix.all {
        let a = Matrix(form.rows).converted(to: T.self)
        let result = try LOBPCG<T>(ends: ends, guards: 3).run(on: DenseOperator(a), using: &rng)
        let rounded =
          T.self == Float.self ? try GSL.eigenvalues(a.converted(to: Double.self).asRows) : nil
        expectHolds(result, ends, of: rounded ?? form.eigenvalues, "\(form)")
        #expect(result.ending == .converged, "\(form)")
      }
    }
    switch precision {
    case .float: try check(Float.self)
    case .double: try check(Double.self)
    }
  }

  @Test(.tags(.oracle), arguments: TortureSpectrum.allCases)
  func `degenerate spectra end in bounded time with figures that hold`(
    name: TortureSpectrum
  ) throws {
    var rng = RandomStream(seed: 7)
    let a = Matrix(RandomMatrix.symmetric(spectrum: name.values, using: &rng))
    for ends in Self.ends {
      let result = try LOBPCG<Double>(ends: ends, maximumProducts: 800).run(
        on: DenseOperator(a), using: &rng)
      #expect(result.products < 820, "\(name), \(ends)")
      // Without a preconditioner 2⁻²⁹ is not told from 2⁻²⁸ beside 1 in so few.
      let isHard = name == .graded && result.ending == .budgetSpent
      #expect(result.ending == .converged || isHard, "\(name), \(ends)")
      expectHolds(result, ends, of: name.values, missesNone: !isHard, "\(name), \(ends)")
    }
  }

  @Test func `a hypercube's multiplicities fit into the block`() throws {
    let form = ClosedFormMatrix.hypercubeLaplacian(dimension: 6)
    var rng = RandomStream(seed: 6)
    let result = try LOBPCG<Double>(ends: .bothEnds(7)).run(
      on: DenseOperator(Matrix(form.rows)), using: &rng)
    expectHolds(result, .bothEnds(7), of: form.eigenvalues)
    #expect(result.clusters.map(\.multiplicity) == [1, 6, 6, 1])
  }

  @Test func `a preconditioner that knows the operator's size saves products`() throws {
    // 1 … 10⁴ on the diagonal, coupled weakly: Jacobi's preconditioner is nearly the inverse.
    let diagonal = (0..<60).map { 1 + 10 * Double($0 * $0) }
    var a = DiagonalOperator(diagonal: diagonal).dense()
    for i in 1..<60 {
      a[i, i - 1] = 0.3
      a[i - 1, i] = 0.3
    }
    let lobpcg = try LOBPCG<Double>(ends: .least(3), tolerance: 1e-10)
    var rng = RandomStream(seed: 17)
    let plain = try lobpcg.run(on: DenseOperator(a), using: &rng)
    let scaled = try lobpcg.run(
      on: DenseOperator(a), preconditioner: diagonal.map { 1 / $0 }, using: &rng)
    let exact = try GSL.eigenvalues(a.asRows)
    expectHolds(plain, .least(3), of: exact)
    expectHolds(scaled, .least(3), of: exact)
    #expect(2 * scaled.products < plain.products, "\(scaled.products), \(plain.products)")
  }

  // κ = (λ₄₀₀ − λ₁)/(λ₂ − λ₁) = 399, and a random start is about √400 times too far off:
  // Chebyshev's bound is ½·√κ·ln(2·20/1.5e-8) = 217 steps. Steepest descent, which is what is left
  // without P, takes of the order of κ·ln(…)/4 ≈ 2000.
  @Test func `it converges like the root of the condition number`() throws {
    let diagonal = (0..<400).map { 1 + Double($0) }
    var rng = RandomStream(seed: 19)
    let result = try LOBPCG<Double>(ends: .least(1), guards: 0).run(
      on: DiagonalOperator(diagonal: diagonal), using: &rng)
    #expect(result.ending == .converged)
    #expect(result.steps < 240, "\(result.steps) steps")
  }

  @Test func `deflated vectors are left out, and a start is used`() throws {
    let path = ClosedFormMatrix.pathLaplacian(order: 20)
    let ones = Matrix([[Double](repeating: 1, count: 20)])
    var rng = RandomStream(seed: 18)
    let lobpcg = try LOBPCG<Double>(ends: .least(2))
    let a = DenseOperator(Matrix(path.rows))
    let cold = try lobpcg.run(on: a, deflating: ones, using: &rng)
    expectHolds(cold, .least(2), of: Array(path.eigenvalues.dropFirst()))
    let warm = try lobpcg.run(on: a, deflating: ones, startingFrom: cold.vectors, using: &rng)
    #expect(warm.products < cold.products / 2)
  }

  @Test func `orders 0 and 1, too many pairs, spent products, refusals`() throws {
    var rng = RandomStream(seed: 9)
    let none = try LOBPCG<Double>(ends: .least(3)).run(
      on: DiagonalOperator(diagonal: [Double]()), using: &rng)
    #expect(none.values == [])
    let one = try LOBPCG<Double>(ends: .bothEnds(3)).run(
      on: DiagonalOperator(diagonal: [-4.0]), using: &rng)
    #expect(one.values == [-4])
    let all = try LOBPCG<Double>(ends: .greatest(9)).run(
      on: DiagonalOperator(diagonal: [1, 1, 1, 0.5]), using: &rng)
    expectClose(all.values, [0.5, 1, 1, 1], within: Tolerance(absolute: 1e-14, why: "n = 4"))

    let a = DenseOperator(Matrix(RandomMatrix.goe(order: 30, using: &rng)))
    let spent = try LOBPCG<Double>(ends: .least(2), maximumProducts: 12).run(on: a, using: &rng)
    #expect(spent.ending == .budgetSpent)
    expectHolds(spent, .least(2), of: try GSL.eigenvalues(a.matrix.asRows), missesNone: false)
    let lobpcg = try LOBPCG<Double>(ends: .least(2))
    #expect(throws: KrylovError.self) {
      try lobpcg.run(on: FailingOperator(matrix: a, bound: 0), using: &rng)
    }
    #expect(throws: KrylovError.self) {
      try lobpcg.run(on: a, preconditioner: [Double](repeating: -1, count: 30), using: &rng)
    }
    #expect(throws: KrylovError.self) { try LOBPCG<Double>(ends: .least(1), guards: -1) }
  }
}
