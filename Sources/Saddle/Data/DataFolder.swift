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
  /// - Throws: as `folder`, and `DataError.fileNotFound`.
  public func mnist(
    _ file: MNIST.File
  ) throws(DataError) -> (images: String, labels: String) {
    let folder = try folder(of: .mnist, with: file.imageNames)
    guard let images = Self.first(of: file.imageNames, in: folder) else {
      throw .fileNotFound(path: "\(folder)/\(file.imageNames[0])", .mnist)
    }
    guard let labels = Self.first(of: file.labelNames, in: folder) else {
      throw .fileNotFound(path: "\(folder)/\(file.labelNames[0])", .mnist)
    }
    return (images, labels)
  }

  /// The path of `file`.
  ///
  /// - Throws: as `folder`.
  public func cifar10(_ file: CIFAR10.File) throws(DataError) -> String {
    "\(try folder(of: .cifar10, with: [file.rawValue]))/\(file.rawValue)"
  }

  /// The folder that holds a file of one of these names: in a root, the first of the places where
  /// the data set's publishers and their tools put it; else the only folder of the root with such a
  /// place.
  ///
  /// - Throws: `DataError.severalFolders`, `.pythonVersion`, `.folderEmpty`, `.fileNotFound`,
  ///   `.datasetNotFound`.
  func folder(of dataset: Dataset, with names: [String]) throws(DataError) -> String {
    for root in roots {
      if let place = Self.place(of: dataset, with: names, in: root) { return place }
      let below = Self.listing(of: root).filter { Self.isFolder("\(root)/\($0)") }
        .compactMap { Self.place(of: dataset, with: names, in: "\(root)/\($0)") }
      guard below.count <= 1 else { throw .severalFolders(dataset, below) }
      if let place = below.first { return place }
    }
    try requireNoPickles(of: dataset)
    // Say the most particular thing that is true of the folder that was named first.
    for root in roots {
      for folder in ["\(root)/\(dataset.folderName)", root] where Self.isFolder(folder) {
        if Self.listing(of: folder).isEmpty { throw .folderEmpty(path: folder, dataset) }
        if folder.hasSuffix("/" + dataset.folderName), Self.holds(dataset, in: folder) {
          throw .fileNotFound(path: "\(folder)/\(names[0])", dataset)
        }
      }
    }
    throw .datasetNotFound(
      dataset, searched: roots,
      found: roots.flatMap { ["\($0)/\(dataset.folderName)", $0] }.compactMap(FolderListing.init))
  }

  private static func place(
    of dataset: Dataset, with names: [String], in root: String
  ) -> String? {
    dataset.places.map { $0.isEmpty ? root : "\(root)/\($0)" }
      .first { first(of: names, in: $0) != nil }
  }

  /// Whether any of the data set's files is there.
  private static func holds(_ dataset: Dataset, in folder: String) -> Bool {
    first(of: dataset.fileNames.flatMap(\.self), in: folder) != nil
  }

  /// Throws `DataError.pythonVersion` where CIFAR-10 is there in a form that is not read.
  private func requireNoPickles(of dataset: Dataset) throws(DataError) {
    guard dataset == .cifar10 else { return }
    let names = ["cifar-10-batches-py", "data_batch_1", "test_batch", "cifar-10-python.tar.gz"]
    for root in roots {
      for folder in [root] + Self.listing(of: root).map({ "\(root)/\($0)" }) {
        for name in names where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
          throw .pythonVersion(path: "\(folder)/\(name)")
        }
      }
    }
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

  /// The names in a folder, in the order of the alphabet, without hidden ones.
  static func listing(of folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { !$0.hasPrefix(".") }.sorted()
  }
}

/// What lies in a folder, as far as a line holds it.
public struct FolderListing: Equatable, Sendable, CustomStringConvertible {
  public let folder: String
  /// The first names, folders with a slash.
  public let names: [String]
  public let more: Int

  /// Nil for what is no folder, or an empty one.
  init?(_ folder: String) {
    let all = DataFolder.listing(of: folder)
    guard !all.isEmpty else { return nil }
    self.folder = folder
    names = all.prefix(8).map { DataFolder.isFolder("\(folder)/\($0)") ? $0 + "/" : $0 }
    more = all.count - names.count
  }

  public var description: String {
    "In \(folder) lie \(names.joined(separator: ", "))" + (more > 0 ? " and \(more) more" : "")
  }
}

extension Dataset {
  /// The folders in a data folder that may hold its files; "" is the data folder itself.
  fileprivate var places: [String] {
    switch self {
    // `mnist` is ours; torchvision has MNIST/raw.
    case .mnist:
      ["mnist", "", "MNIST/raw", "MNIST", "raw", "mnist/raw", "mnist/mnist", "mnist/MNIST/raw"]
    case .cifar10: [folderName, "", "\(folderName)/\(folderName)"]
    }
  }

  /// The names that each of its files may have.
  var fileNames: [[String]] {
    switch self {
    case .mnist: MNIST.File.allCases.flatMap { [$0.imageNames, $0.labelNames] }
    case .cifar10: CIFAR10.File.allCases.map { [$0.rawValue] }
    }
  }
}
