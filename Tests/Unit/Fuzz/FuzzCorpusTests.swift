import Foundation
import SaddleFuzz
import Support
import Testing

/// What `script/fuzz` starts from, and all that ever crashed a reader.
@Suite struct FuzzCorpusTests {
  private func files(_ reader: FuzzedReader) throws -> [URL] {
    let folder = projectFolder.appending(path: "Tests/Fuzz/corpus/\(reader.rawValue)")
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
  }

  @Test(arguments: FuzzedReader.allCases)
  func `every file of the corpus is taken or refused in words`(reader: FuzzedReader) throws {
    try withTemporaryFolder { folder in
      let folder = try ReadersFolder(folder)
      var taken = 0
      for file in try files(reader) {
        let bytes = try [UInt8](Data(contentsOf: file))
        #expect(throws: Never.self, "\(file.lastPathComponent)") {
          if try reader.read(bytes, in: folder) == nil { taken += 1 }
        }
      }
      // A corpus that is refused at the door shows nothing of what is behind it.
      #expect(taken > 0)
    }
  }
}
