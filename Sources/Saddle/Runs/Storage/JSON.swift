import Foundation

/// JSON as the project writes it: sorted keys, shortest decimals that read back the same.
public enum JSON {
  public static func encode(_ value: some Encodable, isForPeople: Bool = true) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isForPeople { encoder.outputFormatting.insert(.prettyPrinted) }
    return try encoder.encode(value) + Data("\n".utf8)
  }
}
