import Foundation

/// A line of a document that calls `saddle`.
public struct DocumentedCommand: Sendable, CustomStringConvertible {
  public let document: String
  /// As the shell splits it, `saddle` first.
  public let words: [String]

  /// As a line of the shell.
  public var description: String {
    words.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " ")
  }

  /// All lines in all documents, some of which show the same.
  public static let all: [DocumentedCommand] = {
    let docs = try? FileManager.default.contentsOfDirectory(
      atPath: projectFolder.appending(path: "docs").path)
    let documents =
      ["README.md", "python/README.md", "Benchmarks/README.md"]
      + (docs ?? []).filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 }
    return documents.flatMap { document -> [DocumentedCommand] in
      let text =
        (try? String(contentsOf: projectFolder.appending(path: document), encoding: .utf8)) ?? ""
      return text.replacing("\\\n", with: " ").split(separator: "\n")
        .filter { $0.hasPrefix("    ") }.map { $0.drop { $0 == " " } }
        .filter { $0.hasPrefix("saddle ") }
        .map { DocumentedCommand(document: document, words: words(of: String($0))) }
    }
  }()

  /// Without what follows a `#`.
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
}
