import SaddleCommand
import Support
import Testing

/// Every command line that the documents show is one that `saddle` takes; that they run, too, is
/// another test.
@Suite struct DocumentedCommandsTests {
  @Test func `there are as many as the documents should have`() {
    #expect(DocumentedCommand.all.count >= 30)
    #expect(Set(DocumentedCommand.all.map(\.document)).count >= 5)
  }

  @Test(arguments: DocumentedCommand.all)
  func `it is a command`(line: DocumentedCommand) {
    // KIND and NAME stand for what a reader puts there.
    let words = line.words.dropFirst().map { $0 == "KIND" ? "eigensolver" : $0 }
    #expect(refusal(of: words) == nil, "\(line.document): \(line)")
  }

  @Test func `an option that is none is refused`() throws {
    #expect(try #require(refusal(of: ["doctor", "--none"])).contains("--none"))
  }
}
