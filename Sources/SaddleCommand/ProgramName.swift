import Foundation

/// What a program is called in tables and in JUnit's XML: its command without what differs from
/// machine to machine, so that results of two machines are results of one suite.
///
/// Folders fall away, and so does what stands before the program's own file: an interpreter, its
/// options, `exec` and `env` with its settings.
func programName(of command: String) -> String {
  var words = shellWords(command).map { word in
    // Up to the last "/" of each path in it.
    word.replacing(/[^"'{}\[\],:=<>]*\/(?=[^\s"'{}\[\],:=<>])/, with: "")
      .replacing(/\s+/, with: " ")
  }
  while let first = words.first, words.count > 1,
    ["exec", "env"].contains(first) || first.wholeMatch(of: /[A-Za-z_]\w*=.*/) != nil
  {
    words.removeFirst()
  }
  // `python3.11` has no extension, `adam.py` has.
  if let file = words.firstIndex(where: { $0.wholeMatch(of: /[^\s=]+\.[A-Za-z]\w*/) != nil }) {
    words.removeFirst(file)
  }
  return words.joined(separator: " ")
}

/// The words of a command about as the shell splits them, without their quotes.
private func shellWords(_ command: String) -> [String] {
  var words: [String] = []
  var word: String?
  var quote: Character?
  var isEscaped = false
  for character in command {
    if isEscaped {
      word = (word ?? "") + String(character)
      isEscaped = false
    } else if character == "\\", quote != "'" {
      isEscaped = true
    } else if character == quote {
      quote = nil
    } else if quote == nil, character == "'" || character == "\"" {
      quote = character
      word = word ?? ""
    } else if quote == nil, character.isWhitespace {
      if let word { words.append(word) }
      word = nil
    } else {
      word = (word ?? "") + String(character)
    }
  }
  if let word { words.append(word) }
  return words
}
