/// The text of an SVG picture on its way into a page, from literal to literal: regular expressions take
/// seconds for the pictures of a page.
struct PictureRewriting {
  private let source: [UInt8]
  private var place = 0
  private var result: [UInt8] = []

  init(_ text: String) {
    source = Array(text.utf8)
    result.reserveCapacity(source.count + source.count / 8)
  }

  var isAtEnd: Bool { place == source.count }

  /// What has been taken over and put in.
  var text: String { String(decoding: result, as: UTF8.self) }

  /// Takes over what is next.
  mutating func copy() {
    result.append(source[place])
    place += 1
  }

  mutating func put(_ text: String) { result.append(contentsOf: text.utf8) }

  func hasPut(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { result.count >= $0.count && result[(result.count - $0.count)...].elementsEqual($0) }
  }

  /// Whether what was last put ends a word, and not within one.
  var isBetweenWords: Bool {
    guard let last = result.last else { return true }
    let letter = last | 0x20
    return !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
      && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(last) && last != UInt8(ascii: "_")
  }

  func isNext(_ literal: StaticString) -> Bool { isLiteral(literal, at: place) }

  private func isLiteral(_ literal: StaticString, at start: Int) -> Bool {
    literal.withUTF8Buffer { bytes in
      guard start + bytes.count <= source.count else { return false }
      for i in bytes.indices where source[start + i] != bytes[i] { return false }
      return true
    }
  }

  /// Passes over a literal if it is next.
  mutating func skip(_ literal: StaticString) -> Bool {
    guard isNext(literal) else { return false }
    place += literal.utf8CodeUnitCount
    return true
  }

  mutating func skipSpace() {
    while place < source.count, source[place] == 0x20 || (9...13).contains(source[place]) { place += 1 }
  }

  /// What stands before the next literal, which is passed over; nil where there is none, and nothing is
  /// passed over then.
  mutating func skip(through literal: StaticString) -> String? {
    var end = place
    while end < source.count {
      if isLiteral(literal, at: end) {
        let found = String(decoding: source[place..<end], as: UTF8.self)
        place = end + literal.utf8CodeUnitCount
        return found
      }
      end += 1
    }
    return nil
  }

  /// Does `body`, which passes over something, or else goes back to where it was.
  mutating func attempt(_ body: (inout Self) -> Bool) -> Bool {
    let (start, count) = (place, result.count)
    if body(&self) { return true }
    place = start
    result.removeSubrange(count...)
    return false
  }
}
