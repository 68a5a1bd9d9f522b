import Foundation
import Oracles
import Saddle
import Support
import Testing

/// The mean ratio of spacings as a test: how often it is wrong, and what it sees.
@Suite struct LevelRepulsionTests {
  private func levels(_ law: SpacingLaw, _ n: Int, _ rng: inout RandomStream) throws -> [Double] {
    switch law {
    case .poisson: (0..<n).map { _ in rng.uniform(0, 1) }.sorted()
    case .goe: try RandomMatrixEnsemble.goe.spectrum(order: n, using: &rng)
    case .gue: try RandomMatrixEnsemble.gue.spectrum(order: n, using: &rng)
    }
  }

  // 400 draws: a true 5 % is seen at most 47 times but for 1e-6 (binomial), and a true 1 % at most
  // 18 times. A standard error too small by a quarter would give 13 %.
  @Test(.tags(.statistical), arguments: SpacingLaw.allCases)
  func `a true hypothesis is refused as rarely as stated`(law: SpacingLaw) throws {
    var rng = RandomStream(seed: 5, name: "repulsion")
    let pValues = try (0..<400).map { _ in
      try #require(LevelRepulsion(of: try levels(law, 150, &rng)).pValue(of: law))
    }
    #expect(pValues.count { $0 < 0.05 } <= 47)
    #expect(pValues.count { $0 < 0.01 } <= 18)
    // Too rarely is wrong as well: 5 % of 400 is 20, and at least 3 but for 1e-6.
    #expect(pValues.count { $0 < 0.05 } >= 3)
  }

  // GOE and Poisson are 0.144 apart, seven standard errors at n = 230; GOE and GUE half of it.
  @Test(arguments: SpacingLaw.allCases)
  func `other classes are refused`(law: SpacingLaw) throws {
    var rng = RandomStream(seed: 6, name: "repulsion")
    for _ in 0..<5 {
      let found = try LevelRepulsion(of: try levels(law, 1500, &rng))
      for test in found.tests where test.law != law {
        #expect(test.pValue < 1e-6, "\(law) taken for \(test.law): \(test.pValue)")
      }
    }
  }

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
