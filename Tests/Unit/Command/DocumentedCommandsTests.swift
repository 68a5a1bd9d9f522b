// What `saddle` takes can be asked of a build for debugging alone, in which modules open up to tests.
#if DEBUG
  import ArgumentParser
  import Support
  import Testing

  @testable import SaddleCommand

  /// Every command line that the documents show is one that `saddle` takes; that they run, too, is a
  /// test of the release build.
  @Suite struct DocumentedCommandsTests {
    @Test func `there are as many as the documents should have`() {
      #expect(DocumentedCommand.all.count >= 30)
      #expect(Set(DocumentedCommand.all.map(\.document)).count >= 5)
    }

    @Test(arguments: DocumentedCommand.all)
    func `it is a command`(line: DocumentedCommand) throws {
      // KIND and NAME stand for what a reader puts there.
      let words = line.words.dropFirst().map { $0 == "KIND" ? "eigensolver" : $0 }
      do {
        _ = try SaddleCommand.parseAsRoot(words)
      } catch {
        let isHelp = SaddleCommand.exitCode(for: error) == .success
        #expect(isHelp, "\(line.document): \(line): \(SaddleCommand.message(for: error))")
      }
    }
  }
#endif
