/// What there is of a data set, and where: a line of `saddle data`.
public struct DatasetStatus: Codable, Equatable, Sendable {
  /// What a file is, next to the one that was published.
  public enum Condition: Codable, Equatable, Sendable {
    /// Byte for byte the original: its SHA-256 is the recorded one.
    case original
    /// As many records as the original, but other bytes, or none recorded to compare with.
    case unverified
    /// Fewer records than the original's `of`.
    case subset(of: Int)
    /// Not there.
    case missing
    /// There, but not to be read: why.
    case unreadable(String)
  }

  public struct File: Codable, Equatable, Sendable {
    public let name: String
    /// How many records it holds; 0 where it is missing or cannot be read.
    public let records: Int
    /// The SHA-256 of its bytes; empty where it is missing or cannot be read.
    public let sha256: String
    public let condition: Condition
  }

  public let dataset: Dataset
  /// The folder the files are in; nil where none was found.
  public let folder: String?
  /// Why none was found: what lies where it was looked for, and what to do.
  public let whyNot: String?
  public let files: [File]

  public var isFound: Bool { folder != nil }
  /// Whether every file is there and is the original.
  public var isOriginal: Bool { isFound && files.allSatisfy { $0.condition == .original } }

  /// Looks for `dataset` and hashes what it finds.
  public init(_ dataset: Dataset, in folders: DataFolder = DataFolder()) {
    self.dataset = dataset
    let expected = Self.expected(dataset)
    let folder: String
    do throws(DataError) {
      folder = try folders.folder(of: dataset, with: dataset.fileNames.flatMap(\.self))
    } catch {
      (self.folder, whyNot, files) = (nil, error.description, [])
      return
    }
    (self.folder, whyNot) = (folder, nil)
    let receipt = Receipt.read(in: folder)
    files = expected.map { file in
      let recorded = file.sums + file.names.compactMap { receipt[$0] }
      return Self.examine(file, in: folder, recorded: recorded, as: dataset)
    }
  }

  /// A file to look for: the names it may have, its original count, its SHA-256 in every form it
  /// is recorded in.
  private struct Expected {
    let names: [String]
    let count: Int
    let sums: [String]
  }

  private static func expected(_ dataset: Dataset) -> [Expected] {
    switch dataset {
    case .mnist:
      return MNIST.File.allCases.flatMap { file in
        [file.imageNames, file.labelNames].map { names in
          let packed = dataset.published.first { $0.name == names[0] }?.digests ?? []
          let sums = packed.filter { $0.algorithm == .sha256 }.map(\.hexadecimal)
          return Expected(
            names: names, count: file.originalCount,
            sums: sums + [MNIST.unpackedSHA256[names[1]]].compactMap(\.self))
        }
      }
    case .cifar10:
      return CIFAR10.File.allCases.map {
        Expected(names: [$0.rawValue], count: CIFAR10.originalCount, sums: [])
      }
    }
  }

  private static func examine(
    _ file: Expected, in folder: String, recorded: [String], as dataset: Dataset
  ) -> File {
    guard let path = DataFolder.first(of: file.names, in: folder) else {
      return File(name: file.names[0], records: 0, sha256: "", condition: .missing)
    }
    let name = String(path.dropFirst(folder.count + 1))
    do throws(DataError) {
      let records = try dataset == .mnist ? IDX.count(path) : CIFAR10.count(path)
      let sha256 = try Digest(.sha256, ofFile: path).hexadecimal
      let condition: Condition =
        if recorded.contains(sha256) {
          .original
        } else if records < file.count {
          .subset(of: file.count)
        } else {
          .unverified
        }
      return File(name: name, records: records, sha256: sha256, condition: condition)
    } catch {
      return File(name: name, records: 0, sha256: "", condition: .unreadable("\(error)"))
    }
  }
}

extension DatasetStatus: CustomStringConvertible {
  public var description: String {
    guard let folder else {
      return whyNot ?? "\(dataset.title): not found. Get it with: \(dataset.fetchCommand)"
    }
    let lines = files.map { file in "  \(file.name): \(file.summary)" }
    return "\(dataset.title): \(folder)\n" + lines.joined(separator: "\n")
  }
}

extension DatasetStatus.File {
  /// Its state in words.
  public var summary: String {
    switch condition {
    case .original: "\(records) records, the original (SHA-256 verified)"
    case .unverified: "\(records) records, not verified against the original"
    case .subset(let total): "\(records) records of the original's \(total)"
    case .missing: "missing"
    case .unreadable(let why): why
    }
  }
}
