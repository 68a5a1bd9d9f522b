import Saddle
import Testing
import Threads

@Suite struct ParallelTests {
  @Test(arguments: [0, 1, 2, 7, 64, 1000, 1001], [1, 2, 3, 8])
  func `pieces cover every element once`(count: Int, pieces: Int) {
    let seen = Mutex<[Range<Int>]>([])
    forEachPiece(of: count, pieces: pieces) { piece in seen.withLock { $0.append(piece) } }
    let elements = seen.withLock { $0 }.sorted { $0.lowerBound < $1.lowerBound }.flatMap { $0 }
    #expect(elements == Array(0..<count))
  }
}
