import Foundation

/// Runs and their results in a folder, each in a folder of its own named by its key, which is a
/// `RunFolder` that `saddle spectrum` and `saddle export` read too.
///
/// Files rather than a database: parameters and eigenvalues are binary and belong beside their
/// figures, a store is merged or thinned by copying folders, any language reads it, and a damaged
/// file costs one run. `result.json` is written last and as a whole: where it is, all is there.
public struct ExperimentStore: Sendable {
  public let url: URL

  public init(_ path: String) { url = URL(fileURLWithPath: path, isDirectory: true) }

  public static let resultName = "result.json"
  public static let eigenvaluesName = "eigenvalues.bin"

  public func folder(of key: String) -> RunFolder {
    RunFolder(url.appending(path: key, directoryHint: .isDirectory).path)
  }

  /// The result of a run, or nil where it is not finished.
  ///
  /// - Throws: `RunError.corrupt` for a result that cannot be read, or is of another run.
  public func result(of key: String) throws(RunError) -> RunResult? {
    let folder = folder(of: key)
    let path = folder.url.appending(path: Self.resultName).path
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let result = try folder.read(RunResult.self, from: Self.resultName)
    guard result.key == key else {
      throw .corrupt(path: path, cause: "it is the result of \(result.key)")
    }
    try result.requireOwnKey(in: path)
    return result
  }

  /// All finished runs in the order of their keys, and the errors of those that cannot be read, whose
  /// key is not the hash of what they are of, or that a pack holds twice.
  ///
  /// - Throws: `RunError.unreadable` where there is no such folder, `.corrupt` for a pack that cannot
  ///   be read.
  public func results() throws(RunError) -> (results: [RunResult], damaged: [RunError]) {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: url.path)
    } catch {
      throw .unreadable(path: url.path, cause: describe(error))
    }
    var (results, damaged): ([RunResult], [RunError]) = ([], [])
    var isPacked: Set<String> = []
    let pack = url.appending(path: Self.packName).path
    for result in try packed() {
      do throws(RunError) {
        try result.requireOwnKey(in: pack)
        guard isPacked.insert(result.key).inserted else {
          throw .corrupt(path: pack, cause: "it holds \(result.key) twice")
        }
        results.append(result)
      } catch {
        damaged.append(error)
      }
    }
    for name in names.sorted() where !isPacked.contains(name) {
      do throws(RunError) {
        if let result = try result(of: name) { results.append(result) }
      } catch {
        damaged.append(error)
      }
    }
    return (results, damaged)
  }

  /// Does `body` while no other thread or process works on the run.
  ///
  /// The claim is a lock of the kernel's on a file: a process that is killed leaves none behind.
  /// - Parameter waiting: whether to wait for another's claim to end.
  /// - Returns: nil where another has the run and `waiting` is false.
  /// - Throws: `RunError.notWritable`, or what `body` throws.
  func claiming<R>(_ key: String, waiting: Bool, _ body: () throws -> R) throws -> R? {
    let folder = folder(of: key)
    let path = folder.url.appending(path: "lock").path
    do {
      try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
    } catch {
      throw RunError.notWritable(path: folder.path, cause: describe(error))
    }
    let file = open(path, O_CREAT | O_RDWR, 0o644)
    guard file >= 0 else {
      throw RunError.notWritable(path: path, cause: String(cString: strerror(errno)))
    }
    defer { close(file) }
    while flock(file, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      if errno == EWOULDBLOCK { return nil }
      throw RunError.notWritable(path: path, cause: String(cString: strerror(errno)))
    }
    return try body()
  }
}
