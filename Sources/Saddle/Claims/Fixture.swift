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
    guard let parameters = try folder.numbers(RunFolder.parametersName) else {
      throw RunError.unreadable(path: folder.parametersURL.path, cause: "there is no such file")
    }
    self.init(
      finding: try folder.read(Finding.self, from: RunFolder.findingName), parameters: parameters,
      witness: try folder.numbers(RunFolder.witnessName))
  }

  /// - Throws: `RunError.notWritable`.
  public func write(to path: String) throws {
    var changes = FolderChanges()
    try changes.put(finding, as: RunFolder.findingName)
    changes.put(numbers: parameters, as: RunFolder.parametersName)
    if let witness {
      changes.put(numbers: witness, as: RunFolder.witnessName)
    } else {
      changes.removed.insert(RunFolder.witnessName)
    }
    try RunFolder(path).commitAlone(changes)
  }
}
