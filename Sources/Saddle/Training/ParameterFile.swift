import Foundation

/// Why a file of parameters could not be read.
public enum ParameterFileError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, cause: String)
  case notAParameterFile(path: String)
  case wrongLength(path: String, expected: Int, found: Int)

  public var description: String {
    switch self {
    case .unreadable(let path, let cause): "\(path): \(cause)"
    case .notAParameterFile(let path):
      "\(path): not a parameter file: it should begin with \"SADDLEP1\""
    case .wrongLength(let path, let expected, let found):
      "\(path): \(found) bytes of parameters where its header says \(expected): is it cut off?"
    }
  }
}

/// A vector of doubles on disk, bit for bit: "SADDLEP1", the count as a 64-bit integer, then the
/// IEEE 754 values, all little-endian. Parameters of a `Float` run widen to it exactly.
public enum ParameterFile {
  private static let magic = Data("SADDLEP1".utf8)

  static func bytes(of values: [Double]) -> Data {
    var data = magic
    data.reserveCapacity(16 + 8 * values.count)
    withUnsafeBytes(of: UInt64(values.count).littleEndian) { data.append(contentsOf: $0) }
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }

  /// Replaces the file as a whole: an interrupted write leaves the old one.
  ///
  /// - Throws: `FileError`.
  public static func write(_ values: [Double], to url: URL) throws(FileError) {
    try DurableFile.replace(url.path, with: bytes(of: values))
  }

  /// - Throws: `ParameterFileError`: what is wrong with which file.
  public static func read(_ url: URL) throws(ParameterFileError) -> [Double] {
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw .unreadable(path: url.path, cause: error.localizedDescription)
    }
    return try values(in: data, path: url.path)
  }

  /// - Parameter path: what messages call it.
  static func values(in data: Data, path: String) throws(ParameterFileError) -> [Double] {
    guard data.count >= 16, data.prefix(8) == magic else { throw .notAParameterFile(path: path) }
    let words = stride(from: 8, to: data.count - 7, by: 8).map { at in
      data[data.startIndex + at..<data.startIndex + at + 8].reversed()
        .reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    let payload = data.count - 16
    let (expected, overflows) = words[0].multipliedReportingOverflow(by: 8)
    guard !overflows, payload == expected else {
      throw .wrongLength(
        path: path, expected: overflows ? .max : Int(clamping: expected), found: payload)
    }
    return words.dropFirst().map { Double(bitPattern: $0) }
  }
}
