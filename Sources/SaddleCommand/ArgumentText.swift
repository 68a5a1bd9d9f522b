import Foundation

/// Arguments that would name another file than the user meant.
enum ArgumentText {
  enum Problem: Error, Equatable, CustomStringConvertible {
    case notUTF8(place: Int, text: String)
    case tilde(text: String)

    var description: String {
      switch self {
      case .notUTF8(let place, let text):
        "argument \(place), '\(text)', is no UTF-8, and would name another file: rename the file"
      case .tilde(let text):
        "'\(text)': the shell left ~ as it is, which it does in quotes and after =: give the whole "
          + "path, with $HOME say, or ./~ for a file of that name"
      }
    }
  }

  static func check() throws(Problem) {
    try check(
      UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
        .dropFirst().map { $0.map { Array(UnsafeBufferPointer(start: $0, count: strlen($0))) } ?? [] })
  }

  /// - Parameter arguments: the bytes of each, without the program's name.
  static func check(_ arguments: [[CChar]]) throws(Problem) {
    for (i, bytes) in arguments.enumerated() {
      let bytes = bytes.map(UInt8.init(bitPattern:))
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .notUTF8(place: i + 1, text: String(decoding: bytes, as: UTF8.self))
      }
      let value = text.hasPrefix("--") ? text.drop { $0 != "=" }.dropFirst() : text[...]
      if value.hasPrefix("~") { throw .tilde(text: text) }
    }
  }
}
