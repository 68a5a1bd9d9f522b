import Foundation

extension ExperimentStore {
  /// The claims that a pack was decided to say; none where it has no protocols.
  ///
  /// - Throws: `RunError.corrupt`.
  public func claims() throws(RunError) -> [ClaimFinding] {
    guard try files.has(Self.claimsName) else { return [] }
    return try RunFolder(url.path).read([ClaimFinding].self, from: Self.claimsName)
  }
}
