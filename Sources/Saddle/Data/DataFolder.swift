import Foundation

/// Where data sets are looked for.
///
/// A folder that is named outright is the only one. Without it, the environment's `SADDLE_DATA` is
/// looked into, and then the user's cache folder, which is where `saddle data fetch` writes.
public struct DataFolder: Equatable, Sendable {
  /// The folders, in the order they are looked into.
  public let roots: [String]

  /// - Parameters:
  ///   - explicit: What the user named with `--data`.
  ///   - environment: The variables to look at: `SADDLE_DATA`, `XDG_CACHE_HOME`, `HOME`.
  public init(
    _ explicit: String? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    if let explicit {
      roots = [explicit]
    } else if let named = environment["SADDLE_DATA"], !named.isEmpty {
      roots = [named, Self.cache(environment: environment)]
    } else {
      roots = [Self.cache(environment: environment)]
    }
  }

  /// The folder for Saddle in the user's cache: `~/Library/Caches/saddle` on macOS, else
  /// `$XDG_CACHE_HOME/saddle`, else `~/.cache/saddle`.
  public static func cache(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    let home = environment["HOME"] ?? NSHomeDirectory()
    #if os(macOS)
      return home + "/Library/Caches/saddle"
    #else
      // The XDG specification has relative paths ignored.
      if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
        return cache + "/saddle"
      }
      return home + "/.cache/saddle"
    #endif
  }

  /// The paths of the images and labels of `file`, both from the same folder.
  ///
  /// - Throws: `DataError.datasetNotFound`, `.folderEmpty`, `.fileNotFound`.
  public func mnist(
    _ file: MNIST.File
  ) throws(DataError) -> (images: String, labels: String) {
    let (folder, images) = try find(.mnist, named: file.imageNames)
    guard let labels = Self.first(of: file.labelNames, in: folder) else {
      throw .fileNotFound(path: "\(folder)/\(file.labelNames[0])", .mnist)
    }
    return (images, labels)
  }

  /// The path of `file`.
  ///
  /// - Throws: `DataError.datasetNotFound`, `.folderEmpty`, `.fileNotFound`.
  public func cifar10(_ file: CIFAR10.File) throws(DataError) -> String {
    try find(.cifar10, named: [file.rawValue]).path
  }

  /// The first folder with a file of one of these names, and that file.
  private func find(
    _ dataset: Dataset, named names: [String]
  ) throws(DataError) -> (folder: String, path: String) {
    for folder in candidates(for: dataset) {
      if let path = Self.first(of: names, in: folder) { return (folder, path) }
    }
    // Say the most particular thing that is true of the folder that was named first.
    for folder in candidates(for: dataset) where Self.isFolder(folder) {
      if Self.isEmpty(folder) { throw .folderEmpty(path: folder, dataset) }
      if folder.hasSuffix("/" + dataset.folderName) {
        throw .fileNotFound(path: "\(folder)/\(names[0])", dataset)
      }
    }
    throw .datasetNotFound(dataset, searched: roots)
  }

  /// A data set stands in a folder of its own name, or its files directly in the root.
  func candidates(for dataset: Dataset) -> [String] {
    roots.flatMap { ["\($0)/\(dataset.folderName)", $0] }
  }

  static func first(of names: [String], in folder: String) -> String? {
    names.lazy.map { "\(folder)/\($0)" }.first { path in
      FileManager.default.fileExists(atPath: path) && !isFolder(path)
    }
  }

  static func isFolder(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }

  private static func isEmpty(_ folder: String) -> Bool {
    (try? FileManager.default.contentsOfDirectory(atPath: folder))?.isEmpty ?? false
  }
}
