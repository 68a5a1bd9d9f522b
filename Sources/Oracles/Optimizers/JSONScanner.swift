/// Reads JSON (RFC 8259, and NaN and infinities bare) without making values of it.
struct JSONScanner {
  private let bytes: [UInt8]
  private var position: Int
  /// Deeper nesting is no message, and would exhaust the stack.
  private static let deepest = 200

  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// An object's members and where their values stand; the last of a name counts.
  ///
  /// - Parameter isWhole: Whether nothing but white space may follow.
  mutating func object(
    isWhole: Bool = true
  ) throws(ProgramMessage.NotAMessage) -> [String: Range<Int>] {
    skipSpace()
    guard next == UInt8(ascii: "{") else { throw failure("an object must begin with {") }
    var members: [String: Range<Int>] = [:]
    try list(closedBy: "}") { (scanner) throws(ProgramMessage.NotAMessage) in
      let name = try scanner.string()
      scanner.skipSpace()
      try scanner.take(":")
      members[name] = try scanner.value(depth: 1)
    }
    skipSpace()
    guard !isWhole || position == bytes.count else {
      throw failure("something follows the object")
    }
    return members
  }

  /// Where the elements of an array stand.
  mutating func elements() throws(ProgramMessage.NotAMessage) -> [Range<Int>] {
    skipSpace()
    guard next == UInt8(ascii: "[") else { throw failure("an array must begin with [") }
    var elements: [Range<Int>] = []
    try list(closedBy: "]") { (scanner) throws(ProgramMessage.NotAMessage) in
      elements.append(try scanner.value(depth: 1))
    }
    return elements
  }

  mutating func string() throws(ProgramMessage.NotAMessage) -> String {
    skipSpace()
    try take("\"")
    var units: [UInt16] = []
    var plain = position
    var text = ""
    func flush(_ text: inout String) {
      text += String(decoding: units, as: UTF16.self)
      units = []
    }
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        flush(&text)
        return text + String(decoding: bytes[plain..<(position - 1)], as: UTF8.self)
      case UInt8(ascii: "\\"):
        if plain < position - 1 {
          flush(&text)
          text += String(decoding: bytes[plain..<(position - 1)], as: UTF8.self)
        }
        units.append(try escape())
        plain = position
      case ..<0x20: throw failure("a control character in a string")
      default: break
      }
    }
    throw failure("a string does not end")
  }

  private mutating func escape() throws(ProgramMessage.NotAMessage) -> UInt16 {
    guard let byte = next else { throw failure("a string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt16(byte)
    case UInt8(ascii: "b"): return 8
    case UInt8(ascii: "f"): return 12
    case UInt8(ascii: "n"): return 10
    case UInt8(ascii: "r"): return 13
    case UInt8(ascii: "t"): return 9
    case UInt8(ascii: "u"):
      let digits = bytes[position..<min(position + 4, bytes.count)]
      guard digits.count == 4, digits.first != UInt8(ascii: "+"),
        let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
      else { throw failure("\\u wants four hexadecimal digits") }
      position += 4
      return unit
    default: throw failure("an unknown escape")
    }
  }

  /// Goes past a value.
  private mutating func value(depth: Int) throws(ProgramMessage.NotAMessage) -> Range<Int> {
    guard depth < Self.deepest else { throw failure("nested deeper than \(Self.deepest)") }
    skipSpace()
    let start = position
    switch next {
    case UInt8(ascii: "{"):
      try list(closedBy: "}") { (scanner) throws(ProgramMessage.NotAMessage) in
        _ = try scanner.string()
        scanner.skipSpace()
        try scanner.take(":")
        _ = try scanner.value(depth: depth + 1)
      }
    case UInt8(ascii: "["):
      try list(closedBy: "]") { (scanner) throws(ProgramMessage.NotAMessage) in
        _ = try scanner.value(depth: depth + 1)
      }
    case UInt8(ascii: "\""): _ = try string()
    default: try word()
    }
    return start..<position
  }

  /// A number, true, false, null, NaN or an infinity.
  private mutating func word() throws(ProgramMessage.NotAMessage) {
    let start = position
    while let byte = next, !" \t\r\n,:]}[{\"".utf8.contains(byte) { position += 1 }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    guard !word.isEmpty else { throw failure("a value is missing") }
    if ["true", "false", "null", "NaN", "Infinity", "-Infinity"].contains(word) { return }
    let isDecimal = word.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
    guard isDecimal, word.utf8.first != UInt8(ascii: "+"), Double(word) != nil else {
      position = start
      throw failure("no value")
    }
  }

  /// The parts of an object or an array, from its opening bracket to past its end.
  private mutating func list(
    closedBy end: Unicode.Scalar,
    part: (inout Self) throws(ProgramMessage.NotAMessage) -> Void
  ) throws(ProgramMessage.NotAMessage) {
    position += 1
    skipSpace()
    if next == UInt8(ascii: end) {
      position += 1
      return
    }
    while true {
      try part(&self)
      skipSpace()
      if next == UInt8(ascii: end) {
        position += 1
        return
      }
      try take(",")
    }
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) throws(ProgramMessage.NotAMessage) {
    guard next == UInt8(ascii: scalar) else { throw failure("\(scalar) is missing") }
    position += 1
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  private func failure(_ why: String) -> ProgramMessage.NotAMessage {
    ProgramMessage.NotAMessage(why: "\(why), at byte \(position + 1)")
  }
}
