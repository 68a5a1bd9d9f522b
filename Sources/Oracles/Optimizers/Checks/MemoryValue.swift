import Foundation

/// A memory's JSON, read: what two of them must share to be the same, or of the same shape.
///
/// Only to compare by: 1 and 1.0 are the same here, but not to the program that wrote one of them,
/// which gets back the text that it gave.
enum MemoryValue: Decodable, Equatable {
  case null
  case truth(Bool)
  /// By its bits: −0.0 is not 0.
  case number(bits: UInt64)
  /// From 2⁵³ on, where not every one is a double.
  case whole(Int64)
  /// Above 2⁶³: the state of a generator.
  case large(UInt64)
  /// NaN and the infinities too, with quotes or without.
  case text(String)
  case list([MemoryValue])
  case record([String: MemoryValue])

  /// Nil where the text is not JSON.
  init?(_ text: String) {
    guard let value = try? ProgramMessage.read(MemoryValue.self, from: Data(text.utf8))
    else { return nil }
    self = value
  }

  init(from decoder: any Decoder) throws {
    let box = try decoder.singleValueContainer()
    if box.decodeNil() {
      self = .null
    } else if let value = try? box.decode(Bool.self) {
      self = .truth(value)
    } else if let value = try? box.decode(Double.self) {
      self =
        value.magnitude < 0x1p53
        ? .number(bits: value.bitPattern)
        : (try? box.decode(Int64.self)).map { .whole($0) }
          ?? (try? box.decode(UInt64.self)).map { .large($0) }
          ?? (value.isFinite ? .number(bits: value.bitPattern) : .text("\(value)"))
    } else if let value = try? box.decode(String.self) {
      self = .text(value)
    } else if let value = try? box.decode([MemoryValue].self) {
      self = .list(value)
    } else {
      self = .record(try box.decode([String: MemoryValue].self))
    }
  }

  /// Whether both hold as many numbers in the same places.
  func hasShape(of other: MemoryValue) -> Bool {
    switch (self, other) {
    case (.list(let a), .list(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.hasShape(of: $1) }
    case (.record(let a), .record(let b)):
      a.keys == b.keys && a.allSatisfy { key, value in b[key].map(value.hasShape) ?? false }
    case (.list, _), (_, .list), (.record, _), (_, .record): false
    default: true
    }
  }

  /// Whether it holds vectors of `count` numbers, or matrices of so many columns.
  func holdsVectors(of count: Int) -> Bool {
    switch self {
    case .list(let entries):
      let isNumeric = entries.allSatisfy { $0.isNumber }
      return isNumeric
        ? !entries.isEmpty && entries.count.isMultiple(of: count)
        : entries.contains { $0.holdsVectors(of: count) }
    case .record(let entries): return entries.values.contains { $0.holdsVectors(of: count) }
    default: return false
    }
  }

  /// Whether it is a record with a member of this name.
  func hasMember(_ name: String) -> Bool {
    guard case .record(let entries) = self else { return false }
    return entries[name] != nil
  }

  private var isNumber: Bool {
    switch self {
    case .whole, .large, .number: true
    default: false
    }
  }
}

extension ProgramMessage {
  /// Whether a text is the JSON of one value.
  package static func isValue(_ text: String) -> Bool {
    struct Holder: Decodable {
      let memory: MemoryValue?
    }
    let line = Data("{\"memory\":\(text)}".utf8)
    return (try? read(Holder.self, from: line)) != nil
      && Self.text(of: "memory", in: line) == text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
