import Foundation

/// One message of docs/protocol.md: a line of JSON, and the arrays that it announces.
package struct Message: Sendable {
  /// The header as it was written.
  package let header: Data
  package let arrays: [MessageArray]

  package subscript(name: String) -> MessageArray? { arrays.first { $0.name == name } }

  /// The header's members.
  ///
  /// - Throws: `ProgramError.Cause.notAnAnswer` where one is not what it must be.
  package func read<Members: Decodable>(
    _ type: Members.Type
  ) throws(ProgramError.Cause) -> Members {
    do {
      return try ProgramMessage.read(type, from: header)
    } catch {
      throw noAnswer(error.why)
    }
  }

  /// The message as no answer, and why.
  package func noAnswer(_ why: String) -> ProgramError.Cause {
    .notAnAnswer(line: shownLine(header), why: why)
  }

  /// An array of a certain shape, as doubles that are finite.
  ///
  /// - Throws: `ProgramError.Cause`: what is missing, or is of another shape, or not finite.
  package func numbers(_ name: String, _ shape: [Int]) throws(ProgramError.Cause) -> [Double] {
    guard let array = self[name] else {
      throw noAnswer("there is no array '\(name)'")
    }
    guard array.shape == shape else {
      throw noAnswer("'\(name)' is of shape \(array.shape), not \(shape)")
    }
    let numbers = array.numbers
    try requireFinite(numbers, name)
    return numbers
  }
}

/// The beginning of a line, for people.
package func shownLine(_ line: some Collection<UInt8>) -> String {
  let text = String(decoding: line.prefix(201), as: UTF8.self)
  return line.count > 200 ? text.dropLast() + "…" : text
}
