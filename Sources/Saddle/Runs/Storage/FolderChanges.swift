import Foundation

/// Files of a folder's next state, and those that it no longer has.
public struct FolderChanges: Sendable {
  private(set) var files: [String: Data] = [:]
  var removed: Set<String> = []

  public init() {}

  /// - Throws: `RunError.notRepresentable` for a value that JSON has no words for.
  public mutating func put(
    _ value: some Encodable, as name: String, isForPeople: Bool = true
  ) throws(RunError) {
    do {
      files[name] = try JSON.encode(value, isForPeople: isForPeople)
    } catch {
      throw .notRepresentable(path: name, cause: describe(error))
    }
  }

  mutating func put(numbers: [Double], as name: String) {
    files[name] = ParameterFile.bytes(of: numbers)
  }

  /// Those of a folder within this one.
  mutating func put(_ changes: FolderChanges, in folder: String) {
    for (name, bytes) in changes.files { files[folder + "/" + name] = bytes }
    removed.formUnion(changes.removed.map { folder + "/" + $0 })
  }
}
