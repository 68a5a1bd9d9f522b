/// A line of the optimizer protocol: a JSON object, its values kept as they were written.
///
/// Doubles cross without loss: they are written as the shortest decimals that read back as the
/// same bits, and NaN and the infinities as "NaN", "Infinity" and "-Infinity". Without the quotes,
/// as Python writes them, they are read too.
package struct ProgramMessage {
  /// Why a line is not a message.
  package struct NotAMessage: Error, Equatable {
    package let why: String
  }

  private let bytes: [UInt8]
  private let members: [String: Range<Int>]

  package init(_ line: [UInt8]) throws(NotAMessage) {
    var scanner = JSONScanner(line)
    members = try scanner.object()
    bytes = line
  }

  package init(_ line: String) throws(NotAMessage) { try self.init(Array(line.utf8)) }

  package func has(_ name: String) -> Bool { members[name] != nil }

  /// A value as it was written.
  package func json(_ name: String) -> String? {
    members[name].map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  package func string(_ name: String) -> String? {
    guard let range = members[name] else { return nil }
    var scanner = JSONScanner(bytes, at: range.lowerBound)
    return try? scanner.string()
  }

  package func integer(_ name: String) -> Int? {
    number(name).flatMap { Int(exactly: $0) }
  }

  package func number(_ name: String) -> Double? {
    members[name].flatMap { Self.number(bytes[$0]) }
  }

  /// A list of numbers; nil where it is not there or not that.
  package func numbers(_ name: String) -> [Double]? {
    guard let range = members[name] else { return nil }
    var scanner = JSONScanner(bytes, at: range.lowerBound)
    guard let elements = try? scanner.elements() else { return nil }
    var numbers: [Double] = []
    numbers.reserveCapacity(elements.count)
    for element in elements {
      guard let number = Self.number(bytes[element]) else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// An object of numbers by name.
  package func namedNumbers(_ name: String) -> [String: Double]? {
    guard let range = members[name] else { return nil }
    var scanner = JSONScanner(bytes, at: range.lowerBound)
    guard let ranges = try? scanner.object(isWhole: false) else { return nil }
    var numbers: [String: Double] = [:]
    for (name, range) in ranges {
      guard let number = Self.number(bytes[range]) else { return nil }
      numbers[name] = number
    }
    return numbers
  }

  private static func number(_ text: ArraySlice<UInt8>) -> Double? {
    let text = String(decoding: text, as: UTF8.self)
    switch text {
    case "NaN", "\"NaN\"": return .nan
    case "Infinity", "\"Infinity\"": return .infinity
    case "-Infinity", "\"-Infinity\"": return -.infinity
    default: return text.first == "\"" ? nil : Double(text)
    }
  }
}

/// Writing.
extension ProgramMessage {
  package static func json(_ number: Double) -> String {
    if number.isNaN { return "\"NaN\"" }
    if number.isInfinite { return number > 0 ? "\"Infinity\"" : "\"-Infinity\"" }
    return number.description
  }

  package static func json(_ numbers: [Double]) -> String {
    "[" + numbers.map { json($0) }.joined(separator: ",") + "]"
  }

  package static func json(_ numbers: [String: Double]) -> String {
    let members = numbers.sorted { $0.key < $1.key }.map { "\(json($0.key)):\(json($0.value))" }
    return "{" + members.joined(separator: ",") + "}"
  }

  package static func json(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
