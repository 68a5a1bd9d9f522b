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
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "  ", maxSplits: 1)
      // What is not listed any more is removed: nothing outside the folder may be listed.
      guard parts.count == 2, parts[0].count == 64, parts[0].allSatisfy(\.isHexDigit),
        parts[1].split(separator: "/", omittingEmptySubsequences: false)
          .allSatisfy({ !["", ".", ".."].contains($0) }),
        sums.updateValue(String(parts[0]), forKey: String(parts[1])) == nil
      else { return nil }
    }
    if sums.isEmpty { return nil }
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
