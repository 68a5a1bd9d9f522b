import Oracles
import Saddle
import Support
import Testing

/// The identities that define the decomposition, on matrices whose spectra are known.
@Suite struct LanczosTests {
  private let tight = Tolerance(absolute: 1e-13, why: "n = 24, norms about 10, reorthogonalized")

  private func projected(_ coefficients: LanczosCoefficients) -> Matrix<Double> {
    var t = Matrix<Double>(rows: coefficients.steps, columns: coefficients.steps)
    for j in 0..<coefficients.steps { t[j, j] = coefficients.diagonal[j] }
    for (j, beta) in coefficients.offDiagonal.enumerated() {
      t[j, j + 1] = beta
      t[j + 1, j] = beta
    }
    return t
  }

  @Test(arguments: [1, 2, 10, 23])
  func `Q·A is T·Q but for a last row of length β, orthogonal to Q`(steps: Int) throws {
    var rng = RandomStream(seed: 1)
    let a = Matrix(RandomMatrix.goe(order: 24, using: &rng))
    let b = Draw.normals(24, using: &rng)
    let krylov = try LanczosDecomposition(of: DenseOperator(a), from: b, steps: steps)
    let q = try #require(krylov.vectors)
    #expect(q.rows == steps && krylov.coefficients.steps == steps)
    let identity = DiagonalOperator(diagonal: [Double](repeating: 1, count: steps)).dense()
    expectClose((q * q.transpose).elements, identity.elements, within: tight, "Q·Qᵀ")
    let length = euclideanNorm(b.span)
    expectClose(q.row(0), b.map { $0 / length }, within: tight, "q₁")
    let rest = zip((q * a).elements, (projected(krylov.coefficients) * q).elements).map(-)
    let (inner, last) = (rest.dropLast(24), Array(rest.suffix(24)))
    expectClose(Array(inner), inner.map { _ in 0 }, within: tight, "Q·A − T·Q")
    expectClose(euclideanNorm(last.span), krylov.coefficients.remainder, within: tight, "β")
    expectClose(q * last, [Double](repeating: 0, count: steps), within: tight, "q")
  }

  @Test(.tags(.oracle), arguments: Seed.campaign(30))
  func `a full Krylov space has the spectrum that GSL finds`(seed: Seed) throws {
    var rng = seed.generator
    let a = Matrix(RandomMatrix.goe(order: 1 + rng.index(below: 12), using: &rng))
    let krylov = try LanczosDecomposition(
      of: DenseOperator(a), from: Draw.normals(a.rows, using: &rng), steps: 50)
    #expect(krylov.coefficients.steps == a.rows)
    expectClose(
      try krylov.ritzPairs().values, try GSL.eigenvalues(a.asRows),
      within: Tolerance(absolute: 1e-12, why: "n ≤ 12, norms up to 10, reorthogonalized"))
  }

  @Test func `what the recurrence calls a residual is one`() throws {
    var rng = RandomStream(seed: 2)
    let a = Matrix(RandomMatrix.goe(order: 24, using: &rng))
    let krylov = try LanczosDecomposition(
      of: DenseOperator(a), from: Draw.normals(24, using: &rng), steps: 9)
    let pairs = try krylov.ritzPairs()
    let vectors = krylov.combinations(pairs.weights)
    for k in pairs.values.indices {
      let v = vectors.row(k)
      let residual = zip(a * v, v).map { $0 - pairs.values[k] * $1 }
      expectClose(euclideanNorm(residual.span), pairs.residuals[k], within: tight)
    }
  }

  @Test func `blocks of one vector span the same space`() throws {
    var rng = RandomStream(seed: 3)
    let a = DenseOperator(Matrix(RandomMatrix.goe(order: 24, using: &rng)))
    let b = Draw.normals(24, using: &rng)
    var block = try BlockKrylov<Double>(
      order: 24, capacity: 9, block: 1, deflated: nil, start: Matrix([b]), using: &rng)
    while block.hasRoom { try block.expand(a, using: &rng) }
    let pairs = try LanczosDecomposition(of: a, from: b, steps: 9).ritzPairs()
    expectClose(pairs.values, try block.ritzPairs().values, within: tight)
    expectClose(pairs.residuals, try block.ritzPairs().residuals, within: tight)
  }

  @Test(arguments: [1, 1e-150, 1e150], [1, 1e-200, 1e200])
  func `an invariant space ends it, whatever the operator's size and the vector's`(
    size: Double, length: Double
  ) throws {
    let spectrum = [Double](repeating: -1, count: 20) + [Double](repeating: 2, count: 30) + [3]
    var rng = RandomStream(seed: 4)
    let krylov = try LanczosDecomposition(
      of: Diagonal<Double>(spectrum.map { size * $0 }),
      from: Draw.normals(51, using: &rng).map { length * $0 }, steps: 20)
    #expect(krylov.coefficients.steps == 3 && krylov.coefficients.isInvariant)
    expectClose(
      try krylov.ritzPairs().values.map { $0 / size }, [-1, 2, 3],
      within: Tolerance(absolute: 1e-13, why: "three steps"))
  }

  @Test func `sums that overflow are told apart from elements that are not finite`() {
    // From e₁, A·q₂ has 10¹⁵⁰ where 10⁻¹⁵⁰ was the scale.
    let a = DenseOperator(Matrix([[0, 1e-150, 0], [1e-150, 0, 1e150], [0, 1e150, 0]]))
    #expect(throws: KrylovError.productNotFinite(product: 2, coordinate: nil)) {
      try LanczosDecomposition(of: a, from: [1, 0, 0], steps: 3)
    }
    #expect(throws: KrylovError.productNotFinite(product: 1, coordinate: 2)) {
      try LanczosDecomposition(
        of: Spoilt<Double>(dimension: 3, value: -.infinity, at: 2), from: [1, 1, 1], steps: 3)
    }
  }
}
