import Oracles
import Testing

struct SturmCountTests {
  private func diagonals(_ rows: [[Double]]) throws -> SturmCount {
    try SturmCount(
      diagonal: rows.indices.map { rows[$0][$0] },
      offDiagonal: rows.indices.dropFirst().map { rows[$0][$0 - 1] })
  }

  @Test func `the count between consecutive eigenvalues of Clement and Kac is their rank`() throws {
    let matrix = ClosedFormMatrix.clementKac(order: 9)
    let sturm = try diagonals(matrix.rows)
    for (k, λ) in matrix.eigenvalues.enumerated() {
      #expect(sturm.below(λ - 1) == k)
      #expect(sturm.below(λ + 1) == k + 1)
    }
  }

  // x on the diagonal makes the first pivot exactly zero: [[0, 1], [1, 0]] has −1 below 0.
  @Test func `a pivot of exactly zero is survived`() throws {
    #expect(try SturmCount(diagonal: [0, 0], offDiagonal: [1]).below(0) == 1)
    #expect(try SturmCount(diagonal: [0, 0, 0], offDiagonal: [1, 1]).below(0.1) == 2)
    // Unguarded, 0/0 would hide the −1.
    #expect(try SturmCount(diagonal: [0, -1], offDiagonal: [0]).below(0) >= 1)
  }

  @Test(arguments: [1e-300, 1e-160, 1, 1e160, 1e300])
  func `scale does not change the count`(scale: Double) throws {
    let sturm = try SturmCount(
      diagonal: [2, 2, 2].map { $0 * scale }, offDiagonal: [-1, -1].map { $0 * scale })
    // 2 − √2, 2, 2 + √2.
    #expect([0.5, 1, 3, 4].map { sturm.below($0 * scale) } == [0, 1, 2, 3])
    #expect(sturm.below(.infinity) == 3 && sturm.below(-.infinity) == 0)
  }

  @Test func `GSL's eigenvalues of random tridiagonals are certified`() throws {
    var rng = SplitMix64(seed: 21)
    for order in [0, 1, 2, 3, 8, 20] {
      let rows = RandomMatrix.tridiagonal(order: order, using: &rng)
      let values = try GSL.eigenvalues(rows)
      #expect(try diagonals(rows).firstRefuted(values, tolerance: 60) == nil)
    }
  }

  @Test func `a cluster of equal eigenvalues is certified as a whole`() throws {
    let identity = try SturmCount(diagonal: [1, 1, 1], offDiagonal: [0, 0])
    #expect(try identity.firstRefuted([1, 1, 1], tolerance: 2) == nil)
    let wrong = try #require(try identity.firstRefuted([0, 1, 1], tolerance: 2))
    #expect(wrong.claimed == 1 && wrong.found == 0)
  }

  @Test func `one eigenvalue off by a part in 10¹² is refuted`() throws {
    let matrix = ClosedFormMatrix.pathLaplacian(order: 10)
    var claims = try GSL.eigenvalues(matrix.rows)
    claims[4] *= 1 + 1e-12
    #expect(try diagonals(matrix.rows).firstRefuted(claims, tolerance: 60) != nil)
  }

  @Test func `shapes and numbers are checked`() throws {
    #expect(throws: OracleError.wrongLength(of: "off-diagonal", expected: 1, found: 2)) {
      try SturmCount(diagonal: [1, 2], offDiagonal: [1, 2])
    }
    #expect(throws: OracleError.notFinite(row: 1, column: 0, entry: "nan")) {
      try SturmCount(diagonal: [1, 2], offDiagonal: [.nan])
    }
    let one = try SturmCount(diagonal: [1], offDiagonal: [])
    #expect(throws: OracleError.self) { try one.firstRefuted([.nan], tolerance: 1) }
  }
}
