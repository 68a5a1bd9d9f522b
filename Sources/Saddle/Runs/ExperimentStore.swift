import Foundation

/// Runs and their results in a folder, each in a folder of its own named by its key, which is a
/// `RunFolder` that `saddle spectrum` and `saddle export` read too.
///
/// Files rather than a database: parameters and eigenvalues are binary and belong beside their
/// figures, a store is merged or thinned by copying folders, any language reads it, and a damaged
/// file costs one run. A run's state has a `result.json` where it is finished.
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
    guard try folder.files.has(Self.resultName) else { return nil }
    let result = try folder.read(RunResult.self, from: Self.resultName)
    guard result.key == key else {
      throw .corrupt(path: path, cause: "it is the result of \(result.key)")
    }
    try result.requireSound(in: path)
    return result
  }

  /// All finished runs in the order of their keys, and the errors of those that cannot be read, whose
  /// key is not the hash of what they are of, or that a pack holds twice.
  ///
  /// - Throws: `RunError.unreadable` where there is no such folder, `.corrupt` for a pack that cannot
  ///   be read.
  public func results() throws(RunError) -> (results: [RunResult], damaged: [RunError]) {
    let names = try keys()
    var (results, damaged): ([RunResult], [RunError]) = ([], [])
    var isPacked: Set<String> = []
    let pack = url.appending(path: Self.packName).path
    for result in try packed() {
      do throws(RunError) {
        try result.requireSound(in: pack)
        guard isPacked.insert(result.key).inserted else {
          throw .corrupt(path: pack, cause: "it holds \(result.key) twice")
        }
        results.append(result)
      } catch {
        damaged.append(error)
      }
    }
    for name in names where !isPacked.contains(name) {
      do throws(RunError) {
        if let result = try result(of: name) { results.append(result) }
      } catch {
        damaged.append(error)
      }
    }
    return (results, damaged)
  }
}
