import Foundation
import Saddle
import Testing

@Suite struct ImageSetTests {
  private static let pixel = ImageShape(channels: 1, height: 1, width: 2)

  private func set(_ labels: [UInt8], from file: String) -> ImageSet {
    ImageSet(
      name: file, shape: Self.pixel, classes: 10, pixels: labels.flatMap { [$0, 100 + $0] },
      labels: labels,
      sources: [RecordSource(first: labels.count, of: [SourceFile(name: file, sha256: "00")])])
  }

  @Test func `a prefix of joined sets names how much of each file it is`() throws {
    let joined = try set([1, 2, 3], from: "a").appending(set([4, 5], from: "b"))
    #expect(joined.labels == [1, 2, 3, 4, 5])
    #expect(joined.pixels == [1, 101, 2, 102, 3, 103, 4, 104, 5, 105])
    let four = try joined.prefix(4)
    #expect(four.labels == [1, 2, 3, 4])
    #expect(four.pixels == [1, 101, 2, 102, 3, 103, 4, 104])
    #expect(four.sources.map(\.first) == [3, 1])
    #expect(try joined.prefix(3) == set([1, 2, 3], from: "a"))
    #expect(try joined.prefix(5) == joined)
  }

  @Test func `a prefix longer than the set is refused`() {
    let two = set([1, 2], from: "a")
    #expect(throws: DataError.tooFewRecords(path: "a", asked: 3, found: 2)) { try two.prefix(3) }
    #expect(throws: DataError.invalidCount(asked: 0)) { try two.prefix(0) }
  }

  @Test func `sets of different shape do not join`() {
    let other = ImageSet(
      name: "b", shape: ImageShape(channels: 1, height: 2, width: 1), classes: 10,
      pixels: [1, 2], labels: [1])
    #expect(throws: DataError.shapesDisagree(first: "a", second: "b")) {
      try set([1], from: "a").appending(other)
    }
  }

  @Test func `the content's hash sees images and labels and not where they came from`() throws {
    let a = try set([1, 2], from: "a").contentSHA256()
    #expect(try set([1, 2], from: "b").contentSHA256() == a)
    #expect(try set([2, 1], from: "a").contentSHA256() != a)
    // As `printf '1 1 2 10 1 \001\001e' | sha256sum` has it.
    #expect(
      try set([1], from: "a").contentSHA256()
        == "789e0bbfff317e3a3526b4af8bb8488a9957954cea243adea4cac9706ab9639f")
  }

  @Test func `provenance survives encoding`() throws {
    let sources = try set([1, 2], from: "a").appending(set([3], from: "b")).sources
    let decoded = try JSONDecoder().decode(
      [RecordSource].self, from: try JSONEncoder().encode(sources))
    #expect(decoded == sources)
  }
}
