import Foundation

/// JSON as the project writes it: sorted keys, shortest decimals that read back the same.
public enum JSON {
  /// - Throws: `JSONError` for a number that is not finite, or what a value's own encoding throws.
  public static func encode(_ value: some Encodable, isForPeople: Bool = true) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isForPeople { encoder.outputFormatting.insert(.prettyPrinted) }
    do {
      return try encoder.encode(value) + Data("\n".utf8)
    } catch EncodingError.invalidValue(let figure, let context) {
      throw JSONError(place: codingPlace(context.codingPath), value: "\(figure)")
    }
  }
}

/// A figure that JSON has no words for: infinity, or what is not a number.
public struct JSONError: Error, Equatable, CustomStringConvertible {
  /// Where it stands: "record.criticality.newtonStep"; empty where it is all there is.
  public let place: String
  /// As Swift prints it.
  public let value: String

  public init(place: String, value: String) {
    self.place = place
    self.value = value
  }

  public var description: String {
    (place.isEmpty ? "the figure" : place) + " is \(value), which JSON has no words for"
  }
}
