import Foundation

/// The SHA-256 of files that came out of a verified archive, written beside them in the format of
/// `sha256sum`: how the originals are known again once the archive is gone.
enum Receipt {
  static let name = "SHA256SUMS"

  /// - Throws: `DataError.inaccessible`, `DataError.digestUnavailable`.
  static func write(for names: [String], in folder: String) throws(DataError) {
    var lines = ""
    for name in names {
      lines += "\(try Digest(.sha256, ofFile: "\(folder)/\(name)"))  \(name)\n"
    }
    do throws(FileError) {
      try DurableFile.replace("\(folder)/\(Receipt.name)", with: Data(lines.utf8))
    } catch {
      throw .inaccessible(path: error.path, cause: error.cause)
    }
  }

  /// The recorded SHA-256 by file name; empty where there is no receipt.
  static func read(in folder: String) -> [String: String] {
    let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    var sums: [String: String] = [:]
    for line in (text ?? "").split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
      if parts.count == 2 {
        sums[parts[1].trimmingCharacters(in: .whitespaces)] = String(parts[0])
      }
    }
    return sums
  }

  /// Whether there is a receipt and every file is still what it says.
  static func isHonoured(in folder: String) -> Bool {
    let sums = read(in: folder)
    return !sums.isEmpty
      && sums.allSatisfy { name, sum in
        (try? Digest(.sha256, ofFile: "\(folder)/\(name)"))?.hexadecimal == sum
      }
  }
}
