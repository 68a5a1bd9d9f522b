import Foundation

extension ExperimentStore {
  /// The claims that a pack was decided to say; none where it has no protocols.
  ///
  /// - Throws: `RunError.corrupt`.
  public func claims() throws(RunError) -> [ClaimFinding] {
    guard FileManager.default.fileExists(atPath: url.appending(path: Self.claimsName).path) else {
      return []
    }
    return try RunFolder(url.path).read([ClaimFinding].self, from: Self.claimsName)
  }
}
