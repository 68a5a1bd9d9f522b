import Oracles
import Testing

/// Faults planted in a good eigensystem, each of which a ratio must see.
struct LAPACKRatiosTests {
  let rows: [[Double]]
  let values: [Double]
  let vectors: [[Double]]

  init() throws {
    var rng = SplitMix64(seed: 31)
    rows = RandomMatrix.goe(order: 12, using: &rng)
    (values, vectors) = try GSL.eigensystem(rows)
  }

  @Test func `a good eigensystem passes`() {
    #expect(LAPACKRatios.residual(rows, values: values, vectors: vectors) < 60)
    #expect(LAPACKRatios.partialResidual(rows, values: values, vectors: vectors) < 60)
    #expect(LAPACKRatios.orthogonality(vectors) < 60)
  }

  @Test func `an eigenvalue off by 10⁻¹¹ fails`() {
    var wrong = values
    wrong[3] += 1e-11
    #expect(LAPACKRatios.residual(rows, values: wrong, vectors: vectors) > 60)
    #expect(LAPACKRatios.partialResidual(rows, values: wrong, vectors: vectors) > 60)
    #expect(LAPACKRatios.values(values, wrong) > 60)
  }

  @Test func `two vectors exchanged fail, though they stay orthogonal`() {
    var wrong = vectors
    wrong.swapAt(2, 7)
    #expect(LAPACKRatios.orthogonality(wrong) < 60)
    #expect(LAPACKRatios.residual(rows, values: values, vectors: wrong) > 60)
  }

  @Test func `a vector repeated fails, though each pair has a small residual`() {
    var wrong = vectors
    wrong[5] = wrong[4]
    #expect(LAPACKRatios.orthogonality(wrong) > 60)
  }

  @Test func `NaN is infinitely wrong`() {
    var bad = vectors
    bad[0][0] = .nan
    #expect(LAPACKRatios.orthogonality(bad) == .infinity)
    #expect(LAPACKRatios.residual(rows, values: values, vectors: bad) == .infinity)
    #expect(LAPACKRatios.values([.nan], [.nan]) == .infinity)
  }

  // ‖diag(2, 1) − diag(2, 1 + 2⁻⁵⁰)‖ = 2⁻⁵⁰ over n‖A‖ulp = 2·2·2⁻⁵²: exactly 1. By hand.
  @Test func `the residual of a known error is exactly its ratio`() {
    let ratio = LAPACKRatios.residual(
      [[2, 0], [0, 1]], values: [1 + 0x1p-50, 2], vectors: [[0, 1], [1, 0]])
    #expect(ratio == 1)
  }

  @Test func `an empty eigensystem has ratio 0`() {
    #expect(LAPACKRatios.residual([], values: [], vectors: []) == 0)
    #expect(LAPACKRatios.orthogonality([]) == 0)
  }
}
