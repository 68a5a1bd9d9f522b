import Foundation
import Saddle
import Testing

@Suite struct DatasetStatusTests {
  @Test func `nothing there is said with the command that gets it`() {
    let status = DatasetStatus(.cifar10, in: DataFolder("/no/such"))
    #expect(!status.isFound && !status.isOriginal && status.files.isEmpty)
    #expect(status.description.hasSuffix("saddle data fetch cifar10"))
  }

  @Test func `each file says what it is`() throws {
    let scratch = try DataScratch()
    try scratch.write(Made.gzip(Made.images(3)), to: "mnist/train-images-idx3-ubyte.gz")
    try scratch.write(
      Made.labels([1, 2, 3]).dropLast(), to: "mnist/train-labels.idx1-ubyte")
    let labels = Made.labels(Array(repeating: 1, count: 10_000))
    try scratch.write(labels, to: "mnist/t10k-labels-idx1-ubyte")
    let status = DatasetStatus(.mnist, in: DataFolder(scratch.path))
    #expect(status.folder == "\(scratch.path)/mnist")
    #expect(!status.isOriginal)
    let broken = DataError.truncated(
      path: "\(scratch.path)/mnist/train-labels.idx1-ubyte", expectedBytes: 11, foundBytes: 10)
    #expect(
      status.files.map(\.condition) == [
        .subset(of: 60_000), .unreadable(broken.description), .missing, .unverified,
      ])
    #expect(status.files.map(\.records) == [3, 0, 0, 10_000])
    #expect(status.files[3].sha256 == (try Digest(.sha256, of: labels).hexadecimal))
  }

  @Test func `a status survives encoding`() throws {
    let scratch = try DataScratch()
    try scratch.write(Made.images(3), to: "train-images-idx3-ubyte")
    let status = DatasetStatus(.mnist, in: DataFolder(scratch.path))
    let decoded = try JSONDecoder().decode(
      DatasetStatus.self, from: try JSONEncoder().encode(status))
    #expect(decoded == status)
  }
}
