import Foundation
import Support
import Testing

/// What is told does not depend on how many threads BLAS takes.
@Suite struct ThreadCountTests {
  // Draws of dense random matrices, whose eigenvalues LAPACK takes: a last bit of one that differs moves
  // a fit, and with it the share of draws that lie further away.
  @Test func `a law's p-values are the same on one thread, two and three`() throws {
    func report(threads: Int) throws -> String {
      let found = try SaddleProcess.run(
        "law", "--ensemble", "goe", "-n", "80", "--json",
        environment: ["OPENBLAS_NUM_THREADS": "\(threads)"])
      #expect(found.status == 0, "\(found.errors)")
      return found.output
    }
    let alone = try report(threads: 1)
    #expect(try report(threads: 2) == alone)
    #expect(try report(threads: 3) == alone)
  }
}
