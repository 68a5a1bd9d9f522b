import Foundation

/// What a check of all of a store's files found.
public struct StoreVerification: Sendable {
  /// Files that are what their manifest says, or not.
  public internal(set) var files = 0
  public internal(set) var damaged: [RunError] = []
  /// Folders of runs that have no manifest: they are from before there were any.
  public internal(set) var unsealed: [String] = []
}

extension ExperimentStore {
  /// Reads every file of every run, and of the pack, and holds it to its SHA-256; then every result
  /// to its own experiment.
  ///
  /// - Throws: `RunError.unreadable` where there is no such folder.
  public func verified() throws(RunError) -> StoreVerification {
    var found = StoreVerification()
    func check(_ folder: StoredFolder) throws(RunError) -> Bool {
      guard let (files, damaged) = try folder.verified() else { return false }
      found.files += files
      found.damaged += damaged
      return true
    }
    // A pack's manifest has the runs' files too, and a run's folder may be asked for itself.
    if try !check(files) {
      for key in try keys() {
        let files = folder(of: key).files
        if try check(files) { continue }
        var isRun = false
        for name in RunFolder.names where !isRun { isRun = try files.has(name) }
        if isRun { found.unsealed.append(key) }
      }
      if try files.has(Self.packName) { found.unsealed.insert(Self.packName, at: 0) }
    }
    let known = Set(found.damaged.map(\.description))
    found.damaged += try results().damaged.filter { !known.contains($0.description) }
    return found
  }

  /// Gives what has no manifest one, of what it holds now.
  ///
  /// - Throws: `RunError`.
  public func seal() throws {
    if try files.has(Self.packName) {
      _ = try RunFolder(url.path).claiming(waiting: true) {
        try files.commit([:], known: knownNames())
      }
    } else {
      for key in try keys() { try folder(of: key).commitAlone(FolderChanges()) }
    }
  }

  /// The names of the folders in the store's.
  func keys() throws(RunError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(
        at: url, includingPropertiesForKeys: [.isDirectoryKey]
      ).filter(\.hasDirectoryPath).map(\.lastPathComponent).sorted()
    } catch {
      throw .unreadable(path: url.path, cause: describe(error))
    }
  }
}
