import Foundation

/// A folder of files that moves from one whole state to the next by one atomic step.
///
/// `manifest.sha256` says what the state is: a file counts where its SHA-256 is the manifest's.
/// New files are written beside the old under another name and brought to the disk; then the
/// manifest is replaced, which is the step; then the files take their names. A reader takes a file
/// under either name, so a process that ends at any moment leaves the old state or the new.
///
/// The manifest is the folder's own, or that of the folder above where this one is a part of its
/// state (a pack). Folders from before there were manifests are read as they are.
public struct StoredFolder: Sendable {
  public let url: URL

  init(_ url: URL) { self.url = url }

  /// Ends the names of files that wait for their state.
  static let pendingSuffix = ".saddle-pending"

  /// What governs the folder, and the folder's place in it.
  private struct Governor: Equatable {
    let root: URL
    /// "" or "name/".
    let prefix: String
    /// nil where there is none yet.
    let manifest: FolderManifest?
  }

  private func governor() throws(RunError) -> Governor {
    let above = url.standardizedFileURL.deletingLastPathComponent()
    let prefix = url.standardizedFileURL.lastPathComponent + "/"
    if let manifest = try Self.manifest(in: above),
      manifest.sums.keys.contains(where: { $0.hasPrefix(prefix) })
    {
      return Governor(root: above, prefix: prefix, manifest: manifest)
    }
    return Governor(root: url, prefix: "", manifest: try Self.manifest(in: url))
  }

  /// Whether the folder is a part of the state of that above it.
  var isPartOfAnother: Bool {
    get throws(RunError) { try !governor().prefix.isEmpty }
  }

  private static func manifest(in folder: URL) throws(RunError) -> FolderManifest? {
    let path = folder.appending(path: FolderManifest.name).path
    guard let bytes = try contents(path) else { return nil }
    guard let manifest = FolderManifest(bytes) else {
      throw .corrupt(path: path, cause: "it should list files as sha256sum does")
    }
    return manifest
  }

  /// nil where there is no such file.
  private static func contents(_ path: String) throws(RunError) -> Data? {
    var status = stat()
    if stat(path, &status) != 0, errno == ENOENT || errno == ENOTDIR { return nil }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .unreadable(path: path, cause: error.localizedDescription)
    }
  }

  /// Whether the state has such a file.
  public func has(_ name: String) throws(RunError) -> Bool {
    let governor = try governor()
    guard let manifest = governor.manifest else {
      return FileManager.default.fileExists(atPath: url.appending(path: name).path)
    }
    return manifest.sums[governor.prefix + name] != nil
  }

  /// A file's bytes; nil where the state has no such file.
  ///
  /// - Throws: `RunError.corrupt` where they are not those of the state, `.unreadable`.
  func data(_ name: String) throws(RunError) -> Data? {
    let path = url.appending(path: name).path
    var governor = try governor()
    while true {
      guard let manifest = governor.manifest else { return try Self.contents(path) }
      guard let sum = manifest.sums[governor.prefix + name] else { return nil }
      var isThere = false
      for candidate in [path, path + Self.pendingSuffix] {
        guard let bytes = try Self.contents(candidate) else { continue }
        if try FolderManifest.sum(bytes) == sum { return bytes }
        isThere = true
      }
      // Another process may have taken the step in between.
      let later = try self.governor()
      guard later != governor else {
        throw .corrupt(
          path: path,
          cause: isThere
            ? "its SHA-256 is not that of \(FolderManifest.name), which was \(sum)"
            : "\(FolderManifest.name) lists it, and it is not there")
      }
      governor = later
    }
  }

  /// What is wrong with the files of the state, and how many there are; nil for a folder that has
  /// no manifest.
  func verified() throws(RunError) -> (files: Int, damaged: [RunError])? {
    let governor = try governor()
    guard let manifest = governor.manifest else { return nil }
    var damaged: [RunError] = []
    let names = manifest.sums.keys.filter { $0.hasPrefix(governor.prefix) }.sorted()
    for name in names {
      do throws(RunError) {
        _ = try data(String(name.dropFirst(governor.prefix.count)))
      } catch {
        damaged.append(error)
      }
    }
    return (names.count, damaged)
  }

  /// Takes the step to a state with these files and without those removed; others stay.
  ///
  /// - Parameters:
  ///   - files: bytes by the path from this folder on.
  ///   - known: the names that a folder without a manifest has its state in, which are then listed.
  /// - Throws: `RunError.notWritable`; the folder is then in its old state, or, where only names are
  ///   left to be given, in the new.
  func commit(
    _ files: [String: Data], removing: Set<String> = [], known: [String] = []
  ) throws(RunError) {
    let governor = try governor()
    let old = try listed(governor, known)
    let (root, prefix) = (governor.root, governor.prefix)
    var new = old
    var changed: [String: Data] = [:]
    for (name, bytes) in files {
      let sum = try FolderManifest.sum(bytes)
      // What is damaged is written again.
      let isSame = new.sums.updateValue(sum, forKey: prefix + name) == sum
      let isKept = isSame ? try isWhole(name) : false
      if !isKept { changed[prefix + name] = bytes }
    }
    for name in removing { new.sums[prefix + name] = nil }
    let step = FolderStep(
      root: root.path, old: old, new: new, changed: changed,
      names: files.keys.map { prefix + $0 }, known: known.map { prefix + $0 })
    do throws(FileError) {
      try step.settle()
      // The same once more is no step.
      if new != governor.manifest ?? FolderManifest() || !changed.isEmpty { try step.take() }
    } catch {
      throw .notWritable(path: error.path, cause: error.cause)
    }
  }

  /// Whether a step that was broken off has files waiting for their names.
  var hasPending: Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.contains { $0.hasSuffix(Self.pendingSuffix) }
  }

  /// Ends what a step that was broken off has left to do.
  ///
  /// - Parameter known: as for `commit`.
  func settle(known: [String]) throws(RunError) {
    try commit([:], known: known)
  }

  /// Takes the step to a state of these files alone.
  ///
  /// - Throws: as `commit`.
  func replace(with files: [String: Data], known: [String]) throws(RunError) {
    let governor = try governor()
    let own = try listed(governor, known).sums.keys.filter { $0.hasPrefix(governor.prefix) }
      .map { String($0.dropFirst(governor.prefix.count)) }
    try commit(files, removing: Set(own).subtracting(files.keys), known: known)
  }

  private func isWhole(_ name: String) throws(RunError) -> Bool {
    do throws(RunError) {
      return try data(name) != nil
    } catch {
      guard case .corrupt = error else { throw error }
      return false
    }
  }

  /// The manifest; for a folder from before there were any, one of what it holds.
  private func listed(
    _ governor: Governor, _ known: [String]
  ) throws(RunError) -> FolderManifest {
    if let manifest = governor.manifest { return manifest }
    var manifest = FolderManifest()
    for name in known {
      if let bytes = try Self.contents(url.appending(path: name).path) {
        manifest.sums[name] = try FolderManifest.sum(bytes)
      }
    }
    return manifest
  }
}

/// From one state of a folder to the next.
private struct FolderStep {
  let root: String
  let old: FolderManifest
  let new: FolderManifest
  /// By the path from the root on.
  let changed: [String: Data]
  /// Those and what stays the same.
  let names: [String]
  /// Names that nobody else gives a file.
  let known: [String]

  /// Where files of the step are.
  private var folders: [String] {
    Set(names.map { DurableFile.folder(of: path($0)) }).union([root]).sorted()
  }

  private func path(_ name: String) -> String { root + "/" + name }
  private func pending(_ name: String) -> String { path(name) + StoredFolder.pendingSuffix }

  func take() throws(FileError) {
    let folders = self.folders
    for folder in folders { try DurableFile.makeFolder(folder) }
    do throws(FileError) {
      for (name, bytes) in changed.sorted(by: { $0.key < $1.key }) {
        try DurableFile.create(pending(name), bytes)
      }
      for folder in folders { try DurableFile.sync(folder: folder) }
      try DurableFile.create(pending(FolderManifest.name), new.bytes)
      try DurableFile.move(pending(FolderManifest.name), to: path(FolderManifest.name))
    } catch {
      for name in changed.keys { unlink(pending(name)) }
      unlink(pending(FolderManifest.name))
      throw error
    }
    try DurableFile.sync(folder: root)
    for name in changed.keys.sorted() { try DurableFile.move(pending(name), to: path(name)) }
    for name in old.sums.keys.sorted() where new.sums[name] == nil {
      try DurableFile.remove(path(name))
    }
  }

  /// Gives files their names that an earlier step brought to the disk, and removes what it took out,
  /// and those of a step that was never taken.
  func settle() throws(FileError) {
    for folder in folders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for waiting in names.sorted() where waiting.hasSuffix(StoredFolder.pendingSuffix) {
        let name = String(waiting.dropLast(StoredFolder.pendingSuffix.count))
        let place = folder == root ? name : String(folder.dropFirst(root.count + 1)) + "/" + name
        if let sum = old.sums[place],
          let bytes = try? Data(contentsOf: URL(fileURLWithPath: folder + "/" + waiting)),
          (try? FolderManifest.sum(bytes)) == sum
        {
          try DurableFile.move(folder + "/" + waiting, to: folder + "/" + name)
        } else {
          try DurableFile.remove(folder + "/" + waiting)
        }
      }
    }
    for name in known where old.sums[name] == nil { try DurableFile.remove(path(name)) }
  }
}
