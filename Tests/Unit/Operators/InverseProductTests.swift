import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// Inverse products against GSL's eigenvectors, and what they say of their own errors.
@Suite struct InverseProductTests {
  private struct System {
    let rows: [[Double]]
    let a: PlainOperator
    let b: [Double]
    /// A⁻¹b.
    let exact: [Double]

    init(spectrum: [Double], seed: UInt64) throws {
      var rng = RandomStream(seed: seed, name: "inverse")
      rows = RandomMatrix.symmetric(spectrum: spectrum, using: &rng)
      a = PlainOperator(rows: rows)
      b = Draw.normals(spectrum.count, using: &rng)
      let (values, vectors) = try GSL.eigensystem(rows)
      var exact = b.map { _ in 0.0 }
      for (λ, v) in zip(values, vectors) {
        let share = zip(b, v).reduce(0) { $0 + $1.0 * $1.1 } / λ
        for i in b.indices { exact[i] += share * v[i] }
      }
      self.exact = exact
    }

    func distance(_ x: [Double]) -> Double {
      zip(x, exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }

    /// ‖b − Ax‖ in plain loops.
    func residual(_ x: [Double]) -> Double {
      zip(a.apply(x), b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
  }

  private static let definite: [[Double]] = [
    [1, 2, 3, 4, 5], [0.01, 0.1, 1, 1, 1, 0.5], [7], [0.3, 0.3, 2, 2, 2, 2, 2, 2, 2],
  ]

  @Test(.tags(.oracle), arguments: definite)
  func `conjugate gradients solve in as many steps as there are eigenvalues`(
    spectrum: [Double]
  ) throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      let system = try System(spectrum: spectrum, seed: seed)
      let found = try ConjugateGradients(budget: 100).solve(system.a, system.b)
      #expect(found.ending == .solved)
      #expect(found.iterations <= Set(spectrum).count + 1)
      #expect(found.relativeResidual <= 1e-9)
      let own = system.residual(found.solution)
      #expect((own - found.residual).magnitude <= 1e-12)
      // The bound holds of the error, with GSL's own rounding beside it.
      let least = spectrum.min()!
      #expect(
        system.distance(found.solution) <= found.errorBound(leastMagnitude: least) * (1 + 1e-6) + 1e-11)
    }
  }

  @Test(.tags(.oracle)) func `a preconditioner that is the inverse leaves one step`() throws {
    let system = try System(spectrum: [0.001, 0.1, 1, 10, 1000], seed: 2)
    let (values, vectors) = try GSL.eigensystem(system.rows)
    let inverse = PlainOperator(
      rows: system.b.indices.map { i in
        system.b.indices.map { j in
          zip(values, vectors).reduce(0) { $0 + $1.1[i] * $1.1[j] / $1.0 }
        }
      })
    let plain = try ConjugateGradients(tolerance: 1e-6, budget: 100).solve(system.a, system.b)
    let helped = try ConjugateGradients(tolerance: 1e-6, budget: 100).solve(
      system.a, system.b, preconditioner: inverse)
    #expect(helped.ending == .solved && helped.iterations <= 2)
    #expect(plain.iterations > helped.iterations)
  }

  @Test func `what is indefinite is told, and a budget is kept`() throws {
    let system = try System(spectrum: [-1, 1, 2], seed: 3)
    #expect(try ConjugateGradients(budget: 50).solve(system.a, system.b).ending == .notDefinite)
    let definite = try System(spectrum: [1, 2, 3, 4, 5], seed: 3)
    let cut = try ConjugateGradients(budget: 2).solve(definite.a, definite.b)
    #expect(cut.ending == .budgetSpent && cut.iterations == 2)
    #expect((definite.residual(cut.solution) - cut.residual).magnitude <= 1e-12)
    let none = try ConjugateGradients(budget: 2).solve(definite.a, [0, 0, 0, 0, 0])
    #expect(none.ending == .solved && none.solution == [0, 0, 0, 0, 0])
    #expect(none.relativeResidual == 0)
  }

  @Test(.tags(.oracle)) func `Neumann's series is the sum it says, and converges where it must`() throws {
    let system = try System(spectrum: [0.5, 1, 1.5], seed: 4)
    let found = try NeumannSeries(step: 1, tolerance: 1e-10, budget: 200)
      .solve(system.a, system.b)
    #expect(found.ending == .solved)
    #expect(system.distance(found.solution) <= found.errorBound(leastMagnitude: 0.5) + 1e-13)
    // α(b + (I − αA)b + (I − αA)²b).
    let three = try NeumannSeries(step: 0.3, budget: 3).solve(system.a, system.b)
    var (term, sum) = (system.b.map { 0.3 * $0 }, system.b.map { 0.3 * $0 })
    for _ in 0..<2 {
      term = zip(term, system.a.apply(term)).map { $0 - 0.3 * $1 }
      sum = zip(sum, term).map(+)
    }
    expectClose(
      three.solution, sum, within: Tolerance(absolute: 1e-14, why: "a sum of three terms"))
    #expect(three.ending == .budgetSpent && three.iterations == 3)
    #expect((system.residual(three.solution) - three.residual).magnitude <= 1e-13)
    let far = try System(spectrum: [0.5, 1, 3], seed: 4)
    let lost = try NeumannSeries(step: 1, budget: 500).solve(far.a, far.b)
    #expect(lost.ending == .diverged && lost.residual > 1e5)
  }

  @Test func `settings and right-hand sides that are none are refused`() throws {
    #expect(throws: KrylovError.self) { try ConjugateGradients(tolerance: 1, budget: 3) }
    #expect(throws: KrylovError.self) { try ConjugateGradients(budget: 0) }
    #expect(throws: KrylovError.self) { try NeumannSeries(step: 0, budget: 3) }
    #expect(throws: KrylovError.self) { try NeumannSeries(step: .infinity, budget: 3) }
    let system = try System(spectrum: [1, 2], seed: 1)
    #expect(throws: KrylovError.self) {
      try ConjugateGradients(budget: 3).solve(system.a, [1, .nan])
    }
  }
}
