import Oracles
import Saddle
import Support
import Testing

@Suite struct VerifiedInertiaTests {
  @Test func `a diagonal matrix is counted by hand`() throws {
    var matrix = Matrix<Double>(rows: 5, columns: 5)
    for (i, value) in [-3, -0.5, 0, 0.5, 2].enumerated() { matrix[i, i] = value }
    let inertia = try VerifiedInertia(of: matrix, matrixError: 1e-3, threshold: 0.1)
    #expect(inertia.below == 2...2 && inertia.within == 1...1 && inertia.above == 2...2)
    // With an error of 0.45 a half may be a twentieth, and zero nearly a half.
    let vague = try VerifiedInertia(of: matrix, matrixError: 0.45, threshold: 0.1)
    #expect(vague.below == 1...3 && vague.above == 1...3 && vague.within == 0...3)
    // A threshold at an eigenvalue leaves it in doubt.
    let edge = try VerifiedInertia(of: matrix, matrixError: 0, threshold: 0.5)
    #expect(edge.below == 1...2 && edge.above == 1...2)
    // Zero is neither below nor above.
    let zero = try VerifiedInertia(of: matrix, matrixError: 0, threshold: 0)
    #expect(zero.below == 2...3 && zero.above == 2...3 && zero.within == 0...1)
  }

  @Test func `an indefinite block without a diagonal has one of each sign`() throws {
    let matrix = Matrix([[0.0, 1], [1, 0]])
    let inertia = try VerifiedInertia(of: matrix, matrixError: 0, threshold: 0.9)
    #expect(inertia.below == 1...1 && inertia.above == 1...1 && inertia.within == 0...0)
  }

  @Test func `an infinite error proves nothing, and bad matrices are refused`() throws {
    let one = Matrix([[1.0]])
    let inertia = try VerifiedInertia(of: one, matrixError: .infinity, threshold: 0)
    #expect(inertia.below == 0...1 && inertia.above == 0...1)
    #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 0)) {
      try VerifiedInertia(of: Matrix([[Double.nan]]), matrixError: 0, threshold: 0)
    }
    #expect(throws: LinearAlgebraError.notSquare(rows: 1, columns: 2)) {
      try VerifiedInertia(of: Matrix([[1.0, 2]]), matrixError: 0, threshold: 0)
    }
    let none = try VerifiedInertia(
      of: Matrix(rows: 0, columns: 0), matrixError: 0, threshold: 1)
    #expect(none.below == 0...0 && none.within == 0...0)
  }

  @Test(.tags(.oracle), arguments: [1, 2, 3, 17, 130])
  func `counts are GSL's wherever its eigenvalues are clear of the threshold`(order: Int) throws {
    var generator = SplitMix64(seed: UInt64(order))
    let rows = RandomMatrix.goe(order: order, using: &generator)
    let eigenvalues = try GSL.eigenvalues(rows)
    for threshold in [0, 0.3, 1] {
      for error in [0, 1e-3] {
        let inertia = try VerifiedInertia(
          of: Matrix(rows), matrixError: error, threshold: threshold)
        let (low, high) = (
          eigenvalues.count { $0 < -threshold }, eigenvalues.count { $0 > threshold }
        )
        #expect(inertia.below.contains(low) && inertia.above.contains(high))
        // No wider than the eigenvalues within the error demand.
        let near = eigenvalues.count { ($0.magnitude - threshold).magnitude < 3 * error + 1e-11 }
        #expect(inertia.below.count + inertia.above.count <= 2 + 2 * near, "\(inertia)")
      }
    }
  }
}
