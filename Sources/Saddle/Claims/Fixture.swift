import Foundation

/// A finding on disk with what it takes to check it: `finding.json`, the trained `parameters.bin`
/// and the certificate's direction in `witness.bin`.
public struct Fixture: Equatable, Sendable {
  public let finding: Finding
  public let parameters: [Double]
  /// The direction of negative curvature, where there is one.
  public let witness: [Double]?

  public init(finding: Finding, parameters: [Double], witness: [Double]?) {
    self.finding = finding
    self.parameters = parameters
    self.witness = witness
  }

  /// - Throws: `RunError` or `ParameterFileError`: which file, and why.
  public init(from path: String) throws {
    let folder = RunFolder(path)
    let witness = folder.url.appending(path: Self.witnessName)
    self.init(
      finding: try folder.read(Finding.self, from: Self.findingName),
      parameters: try ParameterFile.read(folder.parametersURL),
      witness: FileManager.default.fileExists(atPath: witness.path)
        ? try ParameterFile.read(witness) : nil)
  }

  /// - Throws: `RunError.notWritable`, or what removing an old witness throws.
  public func write(to path: String) throws {
    let folder = RunFolder(path)
    try folder.write(finding, as: Self.findingName)
    try folder.write(parameters: parameters)
    let target = folder.url.appending(path: Self.witnessName)
    if let witness {
      try folder.write(numbers: witness, as: Self.witnessName)
    } else if FileManager.default.fileExists(atPath: target.path) {
      try FileManager.default.removeItem(at: target)
    }
  }

  private static let findingName = "finding.json"
  private static let witnessName = "witness.bin"
}
