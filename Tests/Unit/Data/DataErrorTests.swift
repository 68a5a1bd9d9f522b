import Foundation
import Saddle
import Testing

@Suite struct DataErrorTests {
  @Test func `a message names the file, the cause and what to do`() {
    let error = DataError.truncated(path: "/d/images", expectedBytes: 34, foundBytes: 33)
    #expect(
      error.description
        == "/d/images: truncated: 33 bytes where 34 are needed. Get the file anew.")
    #expect(error.localizedDescription == error.description)
  }

  @Test func `the magic is printed as eight hexadecimal digits`() {
    let error = DataError.wrongMagic(path: "/d/images", expected: 0x803, found: 0x3C21_444F)
    #expect(error.description.contains("0x3c21444f instead of 0x00000803"))
  }

  @Test(
    arguments: [
      DataError.datasetNotFound(.mnist, searched: ["/a", "/b"]),
      .folderEmpty(path: "/a", .mnist), .fileNotFound(path: "/a/f", .mnist),
    ])
  func `where data is missing the message ends with the command`(error: DataError) {
    #expect(error.description.hasSuffix("saddle data fetch mnist"))
    #expect(error.description.contains("/a"))
  }
}
