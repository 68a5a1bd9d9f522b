import Oracles
import Saddle
import Support
import Testing

/// Every route of the core's to eigenvalues, held to every law.
@Suite(.tags(.oracle)) struct EigensolverOracleTests {
  @Test(arguments: EigensolverOracle.all)
  func `LAPACK as the core calls it obeys every law`(oracle: EigensolverOracle) throws {
    let cases = try #require(try oracle.check(.core, samples: 300, corpus: failuresOfThePast()))
    #expect(cases >= 10)
  }

  @Test(arguments: EigensolverOracle.all, TridiagonalReduction.allCases)
  func `either reduction obeys every law`(
    oracle: EigensolverOracle, reduction: TridiagonalReduction
  ) throws {
    let subject = EigensolverSubject(eigenvalues: {
      try Matrix($0).eigenvalues(reduction: reduction)
    })
    try oracle.check(subject)
  }

  @Test(arguments: EigensolverOracle.all)
  func `single precision obeys every law in its own rounding`(oracle: EigensolverOracle) throws {
    #expect(try #require(try oracle.check(.single, samples: 300)) >= 10)
  }

  @Test func `laws that list their matrices miss none`() throws {
    func cases(_ name: String) throws -> Int? {
      try #require(EigensolverOracle.all.first { $0.name == name }).check(.core)
    }
    #expect(try cases("LAPACK's matrix types") == 22 * 7)
    #expect(try cases("closed forms") == ClosedFormMatrix.all.count)
    #expect(try cases("Golub–Welsch") == 14)
    #expect(EigensolverOracle.all.count == Set(EigensolverOracle.all.map(\.name)).count)
  }
}
