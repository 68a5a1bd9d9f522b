import Saddle
import Support
import Testing

@Suite struct SymmetricTests {
  private let tight = Tolerance(relative: 1e-14, why: "orders up to 4")

  @Test(arguments: TridiagonalReduction.allCases)
  func `small matrices have the eigenvalues worked by hand`(
    reduction: TridiagonalReduction
  ) throws {
    #expect(try Matrix<Double>(rows: 0, columns: 0).eigenvalues(reduction: reduction) == [])
    #expect(try Matrix<Double>([[-3]]).eigenvalues(reduction: reduction) == [-3])
    // [[2, 1], [1, 2]] has 1 and 3; the saddle [[0, 1], [1, 0]] has −1 and 1.
    expectClose(
      try Matrix([[2.0, 1], [1, 2]]).eigenvalues(reduction: reduction), [1, 3], within: tight)
    expectClose(
      try Matrix([[0.0, 1], [1, 0]]).eigenvalues(reduction: reduction), [-1, 1], within: tight)
  }

  @Test func `eigenvectors satisfy A v = λ v, one a row`() throws {
    let a = Matrix([[4.0, 1, 0], [1, 3, -1], [0, -1, -2]])
    let system = try a.eigensystem()
    for k in 0..<3 {
      let v = system.vectors.row(k)
      expectClose(a * v, v.map { system.values[k] * $0 }, within: tight)
      expectClose(euclideanNorm(v.span), 1, within: tight)
    }
  }

  @Test func `the matrix that was passed is not changed`() throws {
    let a = Matrix([[2.0, 1], [1, 2]])
    let copy = a
    _ = try a.eigenvalues()
    _ = try SymmetricFactorization(a)
    #expect(a == copy)
  }

  @Test func `single precision has the same spectrum to its own rounding`() throws {
    let values = try Matrix<Float>([[2, 1], [1, 2]]).eigenvalues()
    expectClose(
      values.map { Double($0) }, [1, 3], within: Tolerance(relative: 1e-6, why: "Float"))
  }

  @Test func `what is not symmetric, square or finite is refused by name`() {
    #expect(throws: LinearAlgebraError.notSquare(rows: 1, columns: 2)) {
      try Matrix([[1.0, 2]]).eigenvalues()
    }
    #expect(throws: LinearAlgebraError.notSymmetric(row: 0, column: 1, difference: -1)) {
      try Matrix([[1.0, 2], [3, 4]]).eigenvalues()
    }
    #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 1)) {
      try Matrix([[1.0, .nan], [.nan, 4]]).eigensystem()
    }
    #expect(throws: LinearAlgebraError.notFinite(row: 1, column: 1)) {
      try SymmetricFactorization(Matrix([[1.0, 0], [0, .infinity]]))
    }
  }

  @Test func `the factorization counts signs, with pivots of order one and two`() throws {
    // [[0, 1], [1, 0]] needs a pivot of order two: one eigenvalue of each sign.
    let a = Matrix([[0.0, 1, 0, 0], [1, 0, 0, 0], [0, 0, -3, 0], [0, 0, 0, 0]])
    #expect(
      try SymmetricFactorization(a).inertia == Inertia(negative: 2, zero: 1, positive: 1))
    #expect(
      try SymmetricFactorization(a, shift: -2).inertia
        == Inertia(negative: 1, zero: 0, positive: 3))
  }

  @Test func `the factorization solves its system, and says where it cannot`() throws {
    let a = Matrix([[0.0, 1, 2], [1, 0, 3], [2, 3, 0]])
    let x = [1.0, -2, 0.5]
    expectClose(try SymmetricFactorization(a).solve(a * x), x, within: tight)
    #expect(throws: LinearAlgebraError.singular(pivot: 1)) {
      try SymmetricFactorization(Matrix([[1.0, 0], [0, 0]])).solve([1, 1])
    }
  }

  @Test(arguments: [0x1p-1074, 0x1p-1060, 0x1p-600, 1, 0x1p600, 0x1p1018])
  func `counts are right where pivots' reciprocals or squares are no numbers`(scale: Double) throws {
    let a = Matrix([[-9.0, 1, 4], [1, -1, 2], [4, 2, 5]].map { $0.map { $0 * scale } })
    let counts = try SymmetricFactorization(a).inertia
    #expect(counts == Inertia(negative: 2, zero: 0, positive: 1))
    #expect(
      try SymmetricFactorization(a, shift: 16 * scale).inertia
        == Inertia(negative: 3, zero: 0, positive: 0))
    let single = Matrix([[-9, 0], [0, -1]].map { $0.map { Float($0) * Float(0x1p-149) } })
    #expect(
      try SymmetricFactorization(single).inertia == Inertia(negative: 2, zero: 0, positive: 0))
  }

  @Test(arguments: [0x1p-600, 0x1p600])
  func `systems of tiny and of huge entries are solved`(scale: Double) throws {
    let a = Matrix([[-9.0, 1, 4], [1, -1, 2], [4, 2, 5]].map { $0.map { $0 * scale } })
    let x = [1.0, -2, 3]
    expectClose(try SymmetricFactorization(a).solve(a * x), x, within: tight)
  }
}
