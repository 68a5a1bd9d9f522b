import Foundation

/// The files that a folder's state is made of, each by its SHA-256, as `sha256sum` writes them:
/// `sha256sum -c manifest.sha256` checks a folder without Saddle.
struct FolderManifest: Equatable, Sendable {
  static let name = "manifest.sha256"

  /// Lower-case hexadecimal digits by the path from the manifest's folder on.
  var sums: [String: String]

  init(sums: [String: String] = [:]) { self.sums = sums }

  /// nil for what no manifest is.
  init?(_ bytes: Data) {
    sums = [:]
    // One that lists nothing is never written: it is what a crash leaves of another.
    guard let text = String(data: bytes, encoding: .utf8), text.hasSuffix("\n") else { return nil }
    // By bytes: every file that is read asks for it.
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let (sum, gap, name) = (line.prefix(64), line.dropFirst(64).prefix(2), line.dropFirst(66))
      // What is not listed any more is removed: nothing outside the folder may be listed.
      guard sum.count == 64, sum.allSatisfy(Self.isHexDigit), gap.elementsEqual("  ".utf8),
        name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
          .allSatisfy({ !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }),
        sums.updateValue(String(Substring(sum)), forKey: String(Substring(name))) == nil
      else { return nil }
    }
    if sums.isEmpty { return nil }
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  var bytes: Data {
    Data(sums.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)\n" }.joined().utf8)
  }

  static func sum(_ bytes: Data) throws(RunError) -> String {
    do {
      return try Digest(.sha256, of: [UInt8](bytes)).hexadecimal
    } catch {
      throw .unreadable(path: name, cause: "\(error)")
    }
  }
}
