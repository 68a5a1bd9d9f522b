import Foundation

/// Lines of the optimizer protocol, read by Foundation's `JSONDecoder` and written.
///
/// Doubles cross without loss: they are written as the shortest decimals that read back as the
/// same bits, and NaN and the infinities as "NaN", "Infinity" and "-Infinity". Without the quotes,
/// as Python writes them, they are read too.
package enum ProgramMessage {
  /// Why a line is not a message.
  package enum NotAMessage: Error, Equatable {
    case notJSON(why: String)
    /// JSON, but a member of it is not what it must be.
    case wrongMember(why: String)

    package var why: String {
      switch self {
      case .notJSON(let why), .wrongMember(let why): why
      }
    }
  }

  package static func read<Message: Decodable>(
    _ type: Message.Type, from line: Data
  ) throws(NotAMessage) -> Message {
    // Foundation's reader of JSON5 ends the process at some bytes that are none.
    guard String(validating: line, as: UTF8.self) != nil else {
      throw .notJSON(why: "it is not UTF-8")
    }
    do {
      return try decoder.decode(type, from: line)
    } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
      throw .notJSON(why: flaw(of: line) ?? context.debugDescription)
    } catch DecodingError.typeMismatch(_, let context) where context.codingPath.isEmpty {
      throw .notJSON(why: context.debugDescription)
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context), DecodingError.keyNotFound(_, let context)
    {
      throw .wrongMember(why: "\(named(context.codingPath)): \(context.debugDescription)")
    } catch {
      throw .notJSON(why: "\(error)")
    }
  }

  package static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    // JSON5 has NaN and the infinities without quotes.
    decoder.allowsJSON5 = true
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return decoder
  }

  /// Where it stops to be JSON, which `JSONDecoder` does not tell.
  private static func flaw(of line: Data) -> String? {
    do {
      _ = try JSONSerialization.jsonObject(with: line)
      return nil
    } catch {
      return (error as NSError).userInfo["NSDebugDescription"] as? String
    }
  }

  /// "parameters[1]".
  private static func named(_ path: [any CodingKey]) -> String {
    path.reduce("") { text, key in
      key.intValue.map { "\(text)[\($0)]" }
        ?? (text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)")
    }
  }

  /// The value of a member of a line that was read, as it was written.
  ///
  /// A memory is passed on so: to decode and encode it would make 1 of 1.0 and 0 of −0.0, which
  /// are numbers of another type to most languages.
  package static func text(of name: String, in line: Data) -> String? {
    let (name, line) = (Array(name.utf8), Array(line))
    var (depth, place) = (0, 0)
    var key = 0..<0
    var value: Int?
    while place < line.count {
      switch line[place] {
      case UInt8(ascii: "\""):
        let start = place + 1
        place = start
        while place < line.count, line[place] != UInt8(ascii: "\"") {
          place += line[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        if depth == 1, value == nil { key = start..<min(place, line.count) }
      case UInt8(ascii: ":") where depth == 1: value = place + 1
      case UInt8(ascii: ",") where depth == 1, UInt8(ascii: "}") where depth == 1:
        if let value, line[key].elementsEqual(name) {
          return String(decoding: line[value..<place], as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        value = nil
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      place += 1
    }
    return nil
  }
}

/// Writing.
extension ProgramMessage {
  /// Not by `JSONEncoder`, which writes −0.0 as -0: an integer without a sign to Python's json.
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
    // Most are names, in which nothing is to be escaped.
    if text.utf8.allSatisfy(isPlain) { return "\"\(text)\"" }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    // A string can always be encoded.
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }

  /// Whether a byte stands for itself within a string.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}
