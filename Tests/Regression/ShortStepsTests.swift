import Foundation
import Support
import Testing

/// Steps of few flops stay on one thread, however many BLAS would take.
@Suite struct ShortStepsTests {
  @Test func `training ends at the same bits on any number of threads`() throws {
    try withTemporaryFolder { folder in
      func parameters(threads: Int) throws -> Data {
        let made = try SaddleProcess.shell(
          """
          saddle train --dataset synthetic --first 300 --hidden 100 --epochs 3 --batch 64 \
          --precision float --quiet --out \(threads)
          """,
          in: folder, environment: ["OPENBLAS_NUM_THREADS": "\(threads)", "SADDLE_DATA": "/no-data"])
        #expect(made.status == 0, "\(made.text)")
        return try Data(contentsOf: folder.appending(path: "\(threads)/parameters.bin"))
      }
      let alone = try parameters(threads: 1)
      #expect(try parameters(threads: 2) == alone)
      #expect(try parameters(threads: 4) == alone)
    }
  }
}
