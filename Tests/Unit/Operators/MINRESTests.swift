import Oracles
import Saddle
import SaddleOracles
import Support
import Testing

/// MINRES against solutions that are known: prescribed spectra, GSL's eigenvectors, work by hand.
@Suite struct MINRESTests {
  /// A matrix of a prescribed spectrum, b, and A⁺b by GSL's eigenvectors.
  private struct Case {
    let a: PlainOperator
    let b: [Double]
    /// A⁺b.
    let shortest: [Double]
    /// ‖b − AA⁺b‖.
    let distance: Double

    init(spectrum: [Double], inRange: Bool = false, seed: UInt64) throws {
      var rng = RandomStream(seed: seed, name: "minres")
      let rows = RandomMatrix.symmetric(spectrum: spectrum, using: &rng)
      var b = Draw.normals(spectrum.count, using: &rng)
      if inRange { b = PlainOperator(rows: rows).apply(b) }
      let system = try GSL.eigensystem(rows)
      var shortest = b.map { _ in 0.0 }
      var outside = 0.0
      for (λ, v) in zip(system.values, system.vectors) {
        let overlap = zip(b, v).reduce(0) { $0 + $1.0 * $1.1 }
        if λ.magnitude < 1e-10 {
          outside += overlap * overlap
        } else {
          for i in b.indices { shortest[i] += overlap / λ * v[i] }
        }
      }
      a = PlainOperator(rows: rows)
      self.b = b
      self.shortest = shortest
      distance = outside.squareRoot()
    }
  }

  private func length(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  static let spectra: [[Double]] = [
    [2, 3, 5, 7, 11], [-4, -1, 0.5, 2, 8, 9], [-1, 1], [-3, -3, -3, 2, 2], [1e-3, -1, 1000],
    [1, 1, 1, 1], [-5], [0.01, 0.1, 1, 10, -0.03, -0.3, -3],
  ]

  @Test(.tags(.oracle), arguments: spectra)
  func `a regular system is solved, definite or not`(spectrum: [Double]) throws {
    let system = try Case(spectrum: spectrum, seed: 1)
    let found = try MINRES(budget: 4 * spectrum.count).solve(system.a, system.b)
    #expect(found.ending == .solved)
    // As many steps as there are different eigenvalues, and some for rounding.
    #expect(found.iterations <= Set(spectrum).count + 3, "\(found.iterations)")
    let size = length(system.b)
    let condition =
      (spectrum.map(\.magnitude).max() ?? 1) / (spectrum.map(\.magnitude).min() ?? 1)
    // What the short recurrence can reach (Sleijpen, van der Vorst and Modersitzki 2000).
    #expect(found.residual <= (1e-12 + 4 * .ulpOfOne * condition) * size)
    expectClose(
      found.solution, system.shortest,
      within: Tolerance(relative: 1e-11 * condition, why: "‖Δx‖ ≤ ‖A⁻¹‖‖r‖, r at 1e-12‖b‖"))
  }

  static let singular: [[Double]] = [
    [0, 0, 1, 2, 5], [-2, -1, 0, 3], [0, -1, -1, 4, 4, 0], [0, 7], [0, 0, 0, 0, -3, 0.5],
  ]

  @Test(.tags(.oracle), arguments: singular)
  func `a singular system with a solution gives the shortest one`(spectrum: [Double]) throws {
    let system = try Case(spectrum: spectrum, inRange: true, seed: 2)
    let found = try MINRES(budget: 4 * spectrum.count).solve(system.a, system.b)
    #expect(found.ending == .solved)
    expectClose(
      found.solution, system.shortest, within: Tolerance(relative: 1e-10, why: "κ ≤ 10"))
  }

  @Test(.tags(.oracle), arguments: singular)
  func `a singular system without one gives the shortest of the least-squares solutions`(
    spectrum: [Double]
  ) throws {
    let system = try Case(spectrum: spectrum, seed: 3)
    #expect(system.distance > 0.05, "b is nearly in the range")
    let found = try MINRES(budget: 4 * spectrum.count).solve(system.a, system.b)
    #expect(found.ending == .leastSquares)
    expectClose(
      found.residual, system.distance, within: Tolerance(relative: 1e-10, why: "κ ≤ 10"))
    #expect(found.normalResidual <= 1e-10 * found.operatorScale * found.residual)
    expectClose(
      found.solution, system.shortest, within: Tolerance(relative: 1e-9, why: "κ ≤ 10"))
  }

  @Test func `the residual never grows with the budget, and the image stands square to it`() throws {
    let system = try Case(spectrum: [-7, -2, -0.4, 0, 0.3, 1, 3, 6], seed: 4)
    var last = length(system.b)
    for budget in 1...7 {
      let found = try MINRES(budget: budget).solve(system.a, system.b)
      #expect(found.iterations == budget && found.ending == .budgetSpent)
      #expect(found.residual <= last * (1 + 1e-14))
      // ‖b‖² = ‖Ax‖² + ‖r‖²: the residual is least, so Ax is a projection of b.
      let sum = found.imageNorm * found.imageNorm + found.residual * found.residual
      let square = length(system.b) * length(system.b)
      expectClose(sum, square, within: Tolerance(relative: 1e-12, why: "8 numbers"))
      last = found.residual
    }
  }

  // A = diag(1, −1), b = (1, 1): the best multiple of b is 0, since bᵀAb = 0. Worked by hand.
  @Test func `a step on which the best residual does not move is gone through`() throws {
    let a = PlainOperator(rows: [[1, 0], [0, -1]])
    let first = try MINRES(budget: 1).solve(a, [1, 1])
    #expect(first.solution == [0, 0] && first.residual == 2.0.squareRoot())
    let second = try MINRES(budget: 2).solve(a, [1, 1])
    expectClose(second.solution, [1, -1], within: Tolerance(absolute: 1e-15, why: "by hand"))
    #expect(second.ending == .solved)
  }

  @Test func `right-hand sides of nothing and operators of nothing end at once`() throws {
    let zero = PlainOperator(rows: [[0, 0], [0, 0]])
    let flat = try MINRES(budget: 5).solve(zero, [3, 4])
    #expect(flat.ending == .leastSquares && flat.solution == [0, 0] && flat.residual == 5)
    let none = try MINRES(budget: 5).solve(PlainOperator(rows: [[2, 1], [1, 0]]), [0, 0])
    #expect(none.ending == .solved && none.solution == [0, 0] && none.iterations == 0)
  }

  @Test func `what is not a number is refused, with its place`() throws {
    let a = PlainOperator(rows: [[1, 0], [0, .nan]])
    #expect(throws: KrylovError.productNotFinite(product: 1, coordinate: 1)) {
      try MINRES(budget: 5).solve(a, [1, 1])
    }
    #expect(throws: KrylovError.badVectors("the right-hand side is not finite")) {
      try MINRES(budget: 5).solve(PlainOperator(rows: [[1]]), [.infinity])
    }
    #expect(throws: KrylovError.self) { try MINRES(budget: 0) }
    #expect(throws: KrylovError.self) { try MINRES(residualTolerance: .nan, budget: 1) }
    #expect(throws: KrylovError.self) {
      try MINRES(leastSquaresTolerance: 1, budget: 1)
    }
  }
}
