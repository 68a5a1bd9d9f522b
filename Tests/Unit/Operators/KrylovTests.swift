import Oracles
import Saddle
import Support
import Testing

@Suite struct KrylovTests {
  private let tight = Tolerance(absolute: 1e-13, why: "n = 24, norms about 10, reorthogonalized")

  /// Q·A = H·Q + C·F, Q·Qᵀ = I, H = Q·A·Qᵀ.
  private func expectDecomposition(
    _ krylov: BlockKrylov<Double>, of a: Matrix<Double>,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let q = krylov.vectors
    let identity = DiagonalOperator(diagonal: [Double](repeating: 1, count: q.rows)).dense()
    expectClose(
      (q * q.transpose).elements, identity.elements, within: tight, "Q·Qᵀ",
      sourceLocation: sourceLocation)
    expectClose(
      (q * a * q.transpose).elements, krylov.projected.elements, within: tight, "H",
      sourceLocation: sourceLocation)
    let right = (krylov.projected * q).elements.adding(krylov.remainder.elements)
    expectClose(
      (q * a).elements, right, within: tight, "Q·A", sourceLocation: sourceLocation)
  }

  @Test func `a dense operator takes one vector as it takes a block, and as a plain loop does`() {
    var rng = RandomStream(seed: 5)
    let rows = RandomMatrix.goe(order: 9, using: &rng)
    let v = RandomMatrix.goe(order: 9, using: &rng)
    let a = DenseOperator(Matrix(rows))
    let expected = v.map { v in rows.map { zip($0, v).reduce(0) { $0 + $1.0 * $1.1 } } }
    expectClose(a.apply(Matrix(v)).elements, Array(expected.joined()), within: tight)
    for i in 0..<9 { expectClose(a.apply(v[i]), expected[i], within: tight) }
    let single = DenseOperator(Matrix(rows).converted(to: Float.self))
    expectClose(
      single.apply(v[0].map { Float($0) }).map { Double($0) }, expected[0],
      within: Tolerance(relative: 1e-6, why: "Float"))
  }

  @Test(arguments: [1, 2, 3])
  func `the decomposition holds at every step and after a restart`(block: Int) throws {
    var rng = RandomStream(seed: 1)
    let a = Matrix(RandomMatrix.goe(order: 24, using: &rng))
    var krylov = try BlockKrylov<Double>(
      order: 24, capacity: 15, block: block, deflated: nil, start: nil, using: &rng)
    while krylov.hasRoom {
      try krylov.expand(DenseOperator(a), using: &rng)
      expectDecomposition(krylov, of: a)
    }
    let last = krylov.count - 1
    krylov.restart(keeping: [0, 1, last - 1, last], of: try krylov.ritzPairs())
    expectDecomposition(krylov, of: a)
    while krylov.hasRoom {
      try krylov.expand(DenseOperator(a), using: &rng)
      expectDecomposition(krylov, of: a)
    }
  }

  @Test(arguments: [1, 2])
  func `what the recurrence calls a residual is one`(block: Int) throws {
    var rng = RandomStream(seed: 2)
    let a = Matrix(RandomMatrix.goe(order: 20, using: &rng))
    var krylov = try BlockKrylov<Double>(
      order: 20, capacity: 8, block: block, deflated: nil, start: nil, using: &rng)
    while krylov.hasRoom { try krylov.expand(DenseOperator(a), using: &rng) }
    let pairs = try krylov.ritzPairs()
    let vectors = krylov.vectors(pairs.weights)
    for k in 0..<pairs.values.count {
      let v = vectors.row(k)
      let residual = zip(a * v, v).map { $0 - pairs.values[k] * $1 }
      expectClose(euclideanNorm(residual.span), pairs.residuals[k], within: tight)
    }
  }

  @Test(arguments: [1, 3])
  func `an invariant space is left by a random direction, until all of space is spanned`(
    block: Int
  ) throws {
    // Two distinct eigenvalues: from one vector the Krylov space has dimension two.
    let spectrum = [Double](repeating: -1, count: 5) + [Double](repeating: 2, count: 6)
    var rng = RandomStream(seed: 3)
    let a = Matrix(RandomMatrix.symmetric(spectrum: spectrum, using: &rng))
    var krylov = try BlockKrylov<Double>(
      order: 11, capacity: 11, block: block, deflated: nil, start: nil, using: &rng)
    while !krylov.isComplete {
      try krylov.expand(DenseOperator(a), using: &rng)
      expectDecomposition(krylov, of: a)
    }
    #expect(krylov.count == 11)
    expectClose(try krylov.ritzPairs().values, spectrum, within: tight)
  }

  @Test func `nothing comes from deflated vectors, and dependent ones are named`() throws {
    var rng = RandomStream(seed: 4)
    let spectrum = [0.0, 0, 0, 1, 2, 3, 4, 5]
    let a = Matrix(RandomMatrix.symmetric(spectrum: spectrum, using: &rng))
    let null = Matrix(Array(try GSL.eigensystem(a.asRows).vectors.prefix(3)))
    // Any basis of the space will do.
    let mixed = Matrix([[1.0, 2, 0], [0, 1, 0], [3, 0, 1e-3]]) * null
    var krylov = try BlockKrylov<Double>(
      order: 8, capacity: 8, block: 2, deflated: mixed, start: nil, using: &rng)
    while !krylov.isComplete { try krylov.expand(DenseOperator(a), using: &rng) }
    #expect(krylov.count == 5)
    expectClose(try krylov.ritzPairs().values, [1, 2, 3, 4, 5], within: tight)
    #expect(throws: KrylovError.dependent(row: 1)) {
      _ = try BlockKrylov<Double>(
        order: 2, capacity: 2, block: 1, deflated: Matrix([[1, 2], [2, 4]]), start: nil,
        using: &rng)
    }
  }
}

extension [Double] {
  fileprivate func adding(_ other: [Double]) -> [Double] { zip(self, other).map(+) }
}
