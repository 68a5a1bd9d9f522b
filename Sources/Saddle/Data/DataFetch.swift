import Foundation

/// Gets the original files of a data set into a data folder: `saddle data fetch`.
///
/// Every file is verified against the published MD5 and the recorded SHA-256 before it gets its
/// name, so a folder never holds half a file. What is there and verifies is left alone.
public struct DataFetch: Sendable {
  public let dataset: Dataset
  /// The base address that files' names are appended to, ending in a slash.
  public let mirror: String
  /// The data folder, such as the user's cache: files go into a folder of it.
  public let root: String
  /// What is downloaded.
  public let files: [PublishedFile]
  /// Whether progress is drawn on the terminal.
  public let showsProgress: Bool
  private let environment: [String: String]

  /// What happened to a file, for the user to see.
  public enum Event: Equatable, Sendable {
    case alreadyThere(path: String)
    case downloading(url: String)
    case verified(path: String)
    case unpacking(path: String)
  }

  /// - Parameters:
  ///   - mirror: The base address; nil takes the data set's own.
  ///   - root: The data folder; nil takes the user's cache.
  ///   - files: The files there are; nil takes the published ones.
  ///   - showsProgress: nil looks whether the error stream is a terminal.
  public init(
    _ dataset: Dataset, mirror: String? = nil, into root: String? = nil,
    files: [PublishedFile]? = nil, showsProgress: Bool? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    let base = mirror ?? dataset.defaultMirror
    self.dataset = dataset
    self.mirror = base.hasSuffix("/") ? base : base + "/"
    self.root = root ?? DataFolder.cache(environment: environment)
    self.files = files ?? dataset.published
    self.showsProgress = showsProgress ?? (isatty(STDERR_FILENO) == 1)
    self.environment = environment
  }

  /// The folder that the data set stands in afterwards.
  public var destination: String { "\(root)/\(dataset.folderName)" }

  /// Downloads what is missing.
  ///
  /// - Parameter report: Is told what happens as it happens.
  /// - Throws: `DataError`: what failed, and whether trying again may help.
  public func run(report: (Event) -> Void = { _ in }) throws(DataError) {
    switch dataset {
    case .mnist:
      try makeFolder(destination)
      for file in files {
        if isThere(file) {
          report(.alreadyThere(path: "\(destination)/\(file.name)"))
        } else {
          try download(file, into: destination, report)
        }
      }
    case .cifar10:
      if Receipt.isHonoured(in: destination) {
        return report(.alreadyThere(path: destination))
      }
      try makeFolder(root)
      for file in files {
        try download(file, into: root, report)
        try unpack("\(root)/\(file.name)", report)
      }
    }
  }

  private func isThere(_ file: PublishedFile) -> Bool {
    let path = "\(destination)/\(file.name)"
    guard FileManager.default.fileExists(atPath: path) else { return false }
    return (try? file.verify(path)) != nil
  }

  private func download(
    _ file: PublishedFile, into folder: String, _ report: (Event) -> Void
  ) throws(DataError) {
    let download = Download(
      file: file, mirror: mirror, folder: folder, showsProgress: showsProgress)
    report(.downloading(url: download.url))
    try download.run(environment: environment)
    report(.verified(path: download.destination))
  }

  /// Unpacks beside the destination and moves the whole folder there at the end, with a receipt.
  private func unpack(_ archive: String, _ report: (Event) -> Void) throws(DataError) {
    report(.unpacking(path: archive))
    let tar = try Program("tar", environment: environment)
    let workshop = "\(root)/\(dataset.folderName).unpacking"
    if FileManager.default.fileExists(atPath: workshop) { try removeFile(workshop) }
    try makeFolder(workshop)
    let outcome = try tar.run(["-xzf", archive, "-C", workshop])
    guard outcome.status == 0 else {
      throw .unpackFailed(path: archive, cause: outcome.complaint)
    }
    let unpacked = "\(workshop)/\(dataset.folderName)"
    for file in CIFAR10.File.allCases {
      guard FileManager.default.fileExists(atPath: "\(unpacked)/\(file.rawValue)") else {
        throw .unpackFailed(path: archive, cause: "it holds no \(file.rawValue)")
      }
    }
    try Receipt.write(for: CIFAR10.File.allCases.map(\.rawValue), in: unpacked)
    // A folder cannot take the name of one that holds files: that one goes first.
    if FileManager.default.fileExists(atPath: destination) { try removeFile(destination) }
    try moveFile(unpacked, to: destination)
    try removeFile(workshop)
    try removeFile(archive)
  }
}
