import Foundation

/// JSON that people write: with comments and commas at the ends of lists (JSON5), every key of which
/// must be understood.
enum WrittenJSON {
  /// - Throws: `GridError.unreadable`.
  static func bytes(of path: String) throws(GridError) -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .unreadable(path: path, cause: error.localizedDescription)
    }
  }

  /// - Throws: `DecodingError`, or `GridError.unknownKey`: a misspelt key must not pass for a default.
  static func read<Value: Codable>(_ type: Value.Type, from data: Data) throws -> Value {
    // Foundation's reader of JSON5 ends the process at some bytes that are no text.
    guard String(validating: data, as: UTF8.self) != nil else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "it is not UTF-8"))
    }
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    let value = try decoder.decode(type, from: data)
    try requireEveryKey(
      of: decoder.decode(Tree.self, from: data),
      in: JSONDecoder().decode(Tree.self, from: JSON.encode(value)), "")
    return value
  }

  private static func requireEveryKey(of given: Tree, in understood: Tree?, _ path: String) throws {
    switch (given, understood) {
    case (.object(let members), _):
      let known: [String: Tree] = if case .object(let known)? = understood { known } else { [:] }
      for (key, value) in members.sorted(by: { $0.key < $1.key }) where value != .null {
        let name = path.isEmpty ? key : "\(path).\(key)"
        guard let other = known[key] else { throw GridError.unknownKey(name) }
        try requireEveryKey(of: value, in: other, name)
      }
    case (.list(let elements), .list(let others)?):
      for (index, pair) in zip(elements, others).enumerated() {
        try requireEveryKey(of: pair.0, in: pair.1, "\(path)[\(index)]")
      }
    default: break
    }
  }

  /// The keys of a text, without its values.
  private enum Tree: Decodable, Equatable {
    case object([String: Tree])
    case list([Tree])
    case null
    case value

    init(from decoder: any Decoder) throws {
      if let container = try? decoder.container(keyedBy: AnyKey.self) {
        var members: [String: Tree] = [:]
        for key in container.allKeys {
          members[key.stringValue] = try container.decode(Tree.self, forKey: key)
        }
        self = .object(members)
      } else if var container = try? decoder.unkeyedContainer() {
        var elements: [Tree] = []
        while !container.isAtEnd { elements.append(try container.decode(Tree.self)) }
        self = .list(elements)
      } else {
        self = try decoder.singleValueContainer().decodeNil() ? .null : .value
      }
    }
  }
}
