import Foundation
import Saddle
import Support
import Testing

@Suite struct DataPartTests {
  private let source = DataSource.syntheticDigits(seed: 1, count: 23)

  private func images(_ part: DataPart?) throws -> ImageSet {
    try DatasetDescription(source, part: part).load()
  }

  @Test func `the parts are all images, each once, in turns`() throws {
    let whole = try images(nil)
    let parts = try (1...4).map { try images(DataPart(number: $0, of: 4)) }
    try #require(parts.map(\.count) == [6, 6, 6, 5])
    for (i, label) in whole.labels.enumerated() {
      let part = parts[i % 4]
      #expect(part.labels[i / 4] == label && part.image(i / 4) == whole.image(i).map { $0 }[...])
    }
    #expect(parts[1].name == "SyntheticDigits, first 23 of seed 1, part 2 of 4")
    #expect(try parts[0].contentSHA256() != parts[1].contentSHA256())
    #expect(try images(DataPart(number: 1, of: 1)).contentSHA256() == whole.contentSHA256())
  }

  @Test func `a part that there is not is refused`() throws {
    for (number, of) in [(0, 4), (5, 4), (1, 0), (-1, 3)] {
      #expect(throws: DataError.invalidPart(number: number, of: of)) {
        try DataPart(number: number, of: of)
      }
    }
    #expect(
      throws: DataError.tooFewRecords(
        path: "SyntheticDigits, first 23 of seed 1", asked: 24, found: 23)
    ) { try images(DataPart(number: 24, of: 30)) }
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(DataPart.self, from: Data(#"{"number":3,"of":2}"#.utf8))
    }
  }
}
