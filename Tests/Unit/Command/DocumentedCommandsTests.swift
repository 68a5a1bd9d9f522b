// What `saddle` takes can be asked of a build for debugging alone, in which modules open up to tests.
#if DEBUG
  import ArgumentParser
  import Foundation
  import Saddle
  import Support
  import Testing

  @testable import SaddleCommand

  /// Every command line that the documents show is one that `saddle` takes; those on a run are run.
  @Suite struct DocumentedCommandsTests {
    struct Line: Sendable, CustomTestStringConvertible {
      let document: String
      let words: [String]
      var testDescription: String { "\(document): \(words.joined(separator: " "))" }
    }

    static let all: [Line] = {
      let documents =
        ["README.md", "python/README.md", "Benchmarks/README.md"]
        + ((try? FileManager.default.contentsOfDirectory(
          atPath: projectFolder.appending(path: "docs").path)) ?? [])
        .filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 }
      return documents.flatMap { document -> [Line] in
        let text =
          (try? String(contentsOf: projectFolder.appending(path: document), encoding: .utf8)) ?? ""
        return text.replacing("\\\n", with: " ").split(separator: "\n")
          .filter { $0.hasPrefix("    saddle ") }
          .map { Line(document: document, words: words(of: String($0))) }
      }
    }()

    /// As the shell splits them, without what follows a `#`.
    private static func words(of line: String) -> [String] {
      var words: [String] = []
      var word: String?
      var isQuoted = false
      for character in line {
        switch character {
        case "'":
          isQuoted.toggle()
          word = word ?? ""
        case "#" where !isQuoted && word == nil: return words
        case " " where !isQuoted:
          if let whole = word { words.append(whole) }
          word = nil
        default: word = (word ?? "") + String(character)
        }
      }
      return words + (word.map { [$0] } ?? [])
    }

    @Test func `there are as many as the documents should have`() {
      #expect(Self.all.count >= 30)
      #expect(Set(Self.all.map(\.document)).count >= 5)
    }

    @Test(arguments: all)
    func `it is a command`(line: Line) throws {
      // KIND and NAME stand for what a reader puts there.
      let words = line.words.dropFirst().map { $0 == "KIND" ? "eigensolver" : $0 }
      do {
        _ = try SaddleCommand.parseAsRoot(words)
      } catch {
        let isHelp = SaddleCommand.exitCode(for: error) == .success
        #expect(isHelp, "\(line.testDescription): \(SaddleCommand.message(for: error))")
      }
    }

    @Test(.tags(.slow)) func `those on a run do on a small one`() throws {
      try withTemporaryFolder { folder in
        let run = folder.appending(path: "run").path
        let trained = try SaddleProcess.run(
          "train", "--dataset", "synthetic", "--first", "120", "--pool", "4", "--hidden", "4",
          "--epochs", "3", "--quiet", "--out", run)
        #expect(trained.status == 0, "\(trained.errors)")
        let onRun = Self.all.filter {
          $0.words.count > 2 && $0.words[2] == "run"
            // Those that descend for long are tried by tests of their own.
            && !$0.words.contains("--descend") && !$0.words.contains("--refine")
        }
        #expect(onRun.count >= 5)
        for line in onRun {
          let words = line.words.dropFirst().map { word in
            word == "run"
              ? run
              : word.hasSuffix(".safetensors") ? folder.appending(path: word).path : word
          }
          let result = try SaddleProcess.run(arguments: Array(words))
          #expect(result.status == 0, "\(line.testDescription): \(result.errors)")
        }
      }
    }
  }
#endif
