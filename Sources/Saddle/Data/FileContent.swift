/// What a file is that is not what it should be, by its first bytes.
public enum FileContent: String, Sendable {
  case html = "an HTML page, such as a server's error"
  case xml = "an XML text, such as a server's error"
  case lfsPointer = "a pointer of Git LFS, without the file that it stands for"
  case gzip = "packed by gzip twice, or where it should be plain"
  case zip = "a zip archive"
  case pickle = "a pickle of Python's"
  case text = "a text"

  /// - Parameter bytes: those that a file begins with, unpacked; some hundred are enough.
  /// - Returns: nil for anything that is none of these.
  init?(startingWith bytes: some Collection<UInt8>) {
    func begins(_ magic: [UInt8]) -> Bool { bytes.starts(with: magic) }
    if begins([0x1F, 0x8B]) {
      self = .gzip
    } else if begins([0x50, 0x4B, 3, 4]) {
      self = .zip
    } else if bytes.first == 0x80, let version = bytes.dropFirst().first, 2...5 ~= version {
      self = .pickle
    } else {
      let text = String(decoding: bytes, as: UTF8.self).lowercased()
        .drop { $0.isWhitespace || $0 == "\u{FEFF}" }
      if ["<!doctype html", "<html", "<head"].contains(where: { text.hasPrefix($0) }) {
        self = .html
      } else if text.hasPrefix("<?xml") {
        self = text.contains("<html") ? .html : .xml
      } else if text.hasPrefix("version https://git-lfs") {
        self = .lfsPointer
      } else if !bytes.isEmpty, bytes.allSatisfy({ 0x20..<0x7F ~= $0 || 9...13 ~= $0 }) {
        self = .text
      } else {
        return nil
      }
    }
  }

  /// How many bytes it looks at.
  static let lookahead = 512
}
