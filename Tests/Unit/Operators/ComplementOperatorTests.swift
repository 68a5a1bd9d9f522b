import Oracles
import Saddle
import Support
import Testing

/// An operator on what is orthogonal to some vectors.
@Suite struct ComplementOperatorTests {
  @Test(.tags(.oracle), arguments: Seed.campaign(20))
  func `without some eigenvectors it has the other eigenvalues`(seed: Seed) throws {
    var rng = seed.generator
    let n = 2 + Int(seed.value % 12)
    let values = (0..<n).map { _ in rng.normal() }.sorted()
    let rows = RandomMatrix.symmetric(spectrum: values, using: &rng)
    let vectors = try Matrix(rows).eigensystem().vectors
    let k = Int(seed.value) % n
    let basis = Matrix(rows: k, columns: n, elements: Array(vectors.elements[..<(k * n)]))
    let complement = DenseOperator(Matrix(rows)).complement(of: basis)
    #expect(complement.dimension == n - k)
    expectClose(
      try GSL.eigenvalues(complement.dense().symmetrized().asRows), Array(values[k...]),
      within: Tolerance(absolute: 1e-13, why: "k reflections of n ≤ 13 elements"))
  }

  @Test func `a coordinate is left out, whatever its sign`() throws {
    let a = Matrix([[1, 2, 3], [2, 5, 6], [3, 6, 9.0]])
    for sign in [1.0, -1] {
      let complement = DenseOperator(a).complement(of: Matrix([[0, sign, 0]]))
      expectClose(
        try GSL.eigenvalues(complement.dense().symmetrized().asRows),
        try GSL.eigenvalues([[1, 3], [3, 9]]),
        within: Tolerance(absolute: 1e-14, why: "by hand"))
    }
  }

  @Test func `of no vectors it is the operator`() {
    let a = Matrix([[1, 2], [2, -1.0]])
    let none = Matrix<Double>(rows: 0, columns: 2)
    #expect(DenseOperator(a).complement(of: none).dense() == a)
  }
}
