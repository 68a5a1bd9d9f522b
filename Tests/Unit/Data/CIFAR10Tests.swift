import Saddle
import Testing

@Suite struct CIFAR10Tests {
  private let three =
    Made.record(3, red: 10, green: 20, blue: 30) + Made.record(9, red: 1, green: 2, blue: 3)
    + Made.record(0, red: 255, green: 0, blue: 128)

  @Test func `what was written is read, plane by plane`() throws {
    let scratch = try DataScratch()
    let set = try CIFAR10.read(try scratch.write(three, to: "three.bin"), name: "made")
    #expect(set.shape == ImageShape(channels: 3, height: 32, width: 32))
    #expect(set.labels == [3, 9, 0])
    #expect(set.pixels.count == 3 * 3072)
    #expect([0, 1023, 1024, 2048, 3071].map { set.pixels[$0] } == [10, 10, 20, 30, 30])
    #expect(Array(set.image(2)) == Array(three.suffix(3072)))
  }

  @Test func `the first n are the beginning, and the hash is of the whole file`() throws {
    let scratch = try DataScratch()
    let set = try CIFAR10.read(try scratch.write(three, to: "three.bin"), first: 2, name: "made")
    #expect(set.labels == [3, 9])
    let sum = try Digest(.sha256, of: three).hexadecimal
    #expect(
      set.sources == [RecordSource(first: 2, of: [SourceFile(name: "three.bin", sha256: sum)])])
  }

  @Test(arguments: [1, 3072, 3074, 9218])
  func `a part of a record is refused`(bytes: Int) throws {
    let scratch = try DataScratch()
    let path = try scratch.write(Array(three.prefix(bytes)), to: "part.bin")
    let error = dataError { () throws(DataError) in
      try CIFAR10.read(path, first: 1, name: "made")
    }
    #expect(error == .partialRecord(path: path, bytes: bytes, recordBytes: 3073))
  }

  @Test func `a label beyond the classes is refused`() throws {
    let scratch = try DataScratch()
    let path = try scratch.write(
      three + Made.record(10, red: 0, green: 0, blue: 0), to: "labels.bin")
    let error = dataError { () throws(DataError) in try CIFAR10.read(path, name: "made") }
    #expect(error == .labelOutOfRange(path: path, record: 3, label: 10, classes: 10))
  }

  @Test func `asking for more than there is, for nothing, or of nothing`() throws {
    let scratch = try DataScratch()
    let path = try scratch.write(three, to: "three.bin")
    let more = dataError { () throws(DataError) in try CIFAR10.read(path, first: 4, name: "made") }
    #expect(more == .tooFewRecords(path: path, asked: 4, found: 3))
    let none = dataError { () throws(DataError) in try CIFAR10.read(path, first: 0, name: "made") }
    #expect(none == .invalidCount(asked: 0))
    let empty = try scratch.write([], to: "empty.bin")
    let nothing = dataError { () throws(DataError) in try CIFAR10.read(empty, name: "made") }
    #expect(nothing == .noRecords(path: empty))
  }
}
