import Saddle
import Support
import Testing

/// The mean ratio of spacings as a test. How often it is wrong and what it sees is among the checks
/// of `VerifierMutantTests`.
@Suite struct LevelRepulsionTests {
  @Test func `too few and repeated levels are refused`() throws {
    #expect(throws: RandomMatrixError.tooFewLevels(count: 51, needed: 52)) {
      try LevelRepulsion(of: (0..<51).map(Double.init))
    }
    #expect(throws: RandomMatrixError.repeated(position: 3)) {
      try LevelRepulsion(of: [0, 1, 2] + [Double](repeating: 3, count: 60))
    }
  }

  // Holm 1979 by hand: 3·0.01, max of that and 2·0.02, and 1·0.5.
  @Test func `Holm's adjustment`() {
    expectClose(
      holmAdjusted([0.5, 0.01, 0.02]), [0.5, 0.03, 0.04],
      within: Tolerance(absolute: 1e-15, why: "products of two numbers"))
    expectClose(
      holmAdjusted([0.02, 0.019]), [0.038, 0.038],
      within: Tolerance(absolute: 1e-15, why: "products of two numbers"))
    #expect(holmAdjusted([0.9, 0.8]) == [1, 1])
    #expect(holmAdjusted([]).isEmpty)
  }
}
