import Foundation

/// A user's own data: a file of inputs and a file of targets, known by their bytes.
///
/// Each file holds one array (`.npy`, or an archive of one). Inputs are samples × features, axes
/// beyond the first laid out row by row, and taken as they are. Targets are either whole numbers,
/// one class a sample, or numbers, samples × outputs.
public struct TensorFiles: Hashable, Codable, Sendable {
  /// A file that must not have changed: two of one name and the same bytes are equal, wherever they
  /// are.
  public struct File: Hashable, Codable, Sendable {
    public internal(set) var path: String
    public let sha256: String

    public static func == (one: File, other: File) -> Bool { one.source == other.source }
    public func hash(into hasher: inout Hasher) { hasher.combine(source) }
  }

  /// What whole numbers, one a sample, are.
  public enum TargetKind: String, CaseIterable, Codable, Sendable {
    case classes, values
  }

  public private(set) var inputs: File
  public private(set) var targets: File
  /// The first so many samples, or all.
  public let first: Int?
  /// How many classes there are; nil for one more than the largest label, or for target values.
  public let classes: Int?
  /// Nil takes whole numbers, one a sample, for classes.
  public let targetKind: TargetKind?

  /// The files as they are now.
  ///
  /// - Throws: `DataError.inaccessible`, `.digestUnavailable`.
  public init(
    inputs: String, targets: String, first: Int? = nil, classes: Int? = nil,
    targetKind: TargetKind? = nil
  ) throws(DataError) {
    self.inputs = try File(at: inputs)
    self.targets = try File(at: targets)
    self.first = first
    self.classes = classes
    self.targetKind = targetKind
  }

  /// Whether the file at `path` holds whole numbers, one a sample.
  ///
  /// - Throws: `DataError`: it cannot be read.
  public static func mayBeClasses(_ path: String) throws(DataError) -> Bool {
    let tensor = try File(at: path).tensor(in: [])
    guard case .integer = tensor.values, let rows = tensor.shape.first else { return false }
    return tensor.values.count == rows
  }

  /// Each file is looked for where it was, and then, by name, in `folders`: what has its bytes is
  /// that file.
  ///
  /// - Throws: `DataError`: which file changed, cannot be read or does not fit the other.
  func load(name: String, from folders: [String] = []) throws(DataError) -> SampleTable {
    let inputs = try self.inputs.tensor(in: folders)
    let targets = try self.targets.tensor(in: folders)
    guard let rows = inputs.shape.first, let targetRows = targets.shape.first else {
      throw .notATable(
        path: inputs.shape.isEmpty ? self.inputs.path : self.targets.path, shape: [])
    }
    guard rows == targetRows else {
      throw .rowsDisagree(
        inputs: self.inputs.path, inputRows: rows, targets: self.targets.path,
        targetRows: targetRows)
    }
    guard rows > 0 else { throw .noRecords(path: self.inputs.path) }
    let count = first ?? rows
    guard count > 0 else { throw .invalidCount(asked: count) }
    guard count <= rows else {
      throw .tooFewRecords(path: self.inputs.path, asked: count, found: rows)
    }
    let features = inputs.values.count / rows
    guard features > 0 else { throw .notATable(path: self.inputs.path, shape: inputs.shape) }
    return SampleTable(
      name: name, featureShape: Array(inputs.shape.dropFirst()),
      inputs: Matrix(
        rows: count, columns: features,
        elements: try self.inputs.numbers(of: inputs, first: count * features)),
      targets: try self.targets(of: targets, rows: rows, first: count),
      sources: [RecordSource(first: count, of: [self.inputs.source, self.targets.source])])
  }

  private func targets(
    of tensor: NamedTensor, rows: Int, first count: Int
  ) throws(DataError) -> SampleTable.Targets {
    let width = tensor.values.count / rows
    if case .integer(let labels) = tensor.values, width == 1, targetKind != .values {
      // Over all samples, so that the first of them mean the same network; labels are 32 bits wide.
      let largest = Int(Int32.max)
      let classes = min(self.classes ?? min(Int(clamping: labels.max() ?? 0), largest) + 1, largest)
      if let record = labels.firstIndex(where: { $0 < 0 || $0 >= classes }) {
        throw .labelOutOfRange(
          path: targets.path, record: record, label: Int(clamping: labels[record]),
          classes: classes)
      }
      return .classes(labels.prefix(count).map { Int($0) }, of: classes)
    }
    guard tensor.shape.count <= 2, width > 0 else {
      throw .notATable(path: targets.path, shape: tensor.shape)
    }
    return .values(
      Matrix(
        rows: count, columns: width,
        elements: try targets.numbers(of: tensor, first: count * width)))
  }
}

extension TensorFiles.File {
  fileprivate init(at path: String) throws(DataError) {
    let full = URL(fileURLWithPath: path).standardizedFileURL.path
    self.init(path: full, sha256: try Digest(.sha256, ofFile: full).hexadecimal)
  }

  var source: SourceFile {
    SourceFile(name: URL(fileURLWithPath: path).lastPathComponent, sha256: sha256)
  }

  /// The one array in the file, read once: what was hashed is what is used.
  ///
  /// - Throws: `.fileMoved` where it is in none of the places, `.fileChanged` where one has another
  ///   file of its name.
  fileprivate func tensor(in folders: [String]) throws(DataError) -> NamedTensor {
    let name = source.name
    let places = [path] + folders.map { "\($0)/\(name)" }
    var other: (path: String, sha256: String)?
    for place in places where FileManager.default.fileExists(atPath: place) {
      let bytes: [UInt8]
      do throws(TensorFileError) { bytes = try fileBytes(place) } catch { throw .tensorFile(error) }
      let found = try Digest(.sha256, of: bytes).hexadecimal
      if found == sha256 { return try Self.tensor(of: bytes, from: place) }
      other = other ?? (place, found)
    }
    if let other {
      throw .fileChanged(path: other.path, expected: sha256, found: other.sha256)
    }
    throw .fileMoved(path: path, searched: folders)
  }

  private static func tensor(
    of bytes: [UInt8], from path: String
  ) throws(DataError) -> NamedTensor {
    do throws(TensorFileError) {
      let archive = try TensorArchive(bytes: bytes, file: path)
      guard archive.tensors.count == 1 else {
        throw TensorFileError(
          file: path, problem: .notOneTensor(found: archive.tensors.map(\.name)))
      }
      return archive.tensors[0]
    } catch {
      throw .tensorFile(error)
    }
  }

  /// The first `count` elements as doubles, which must be finite.
  fileprivate func numbers(of tensor: NamedTensor, first count: Int) throws(DataError) -> [Double] {
    let numbers: [Double] =
      switch tensor.values {
      case .single(let values): values.prefix(count).map { Double($0) }
      case .double(let values): Array(values.prefix(count))
      case .integer(let values): values.prefix(count).map { Double($0) }
      }
    if let index = firstNotFinite(numbers) {
      throw .tensorFile(
        TensorFileError(
          file: path, tensor: tensor.name,
          problem: .notFinite(index: index, value: "\(numbers[index])")))
    }
    return numbers
  }
}

extension TensorFiles {
  /// The same files with their paths from `folder` on, so that both can be moved together.
  func relative(to folder: String) -> TensorFiles {
    var files = self
    files.inputs.path = Self.path(inputs.path, from: folder)
    files.targets.path = Self.path(targets.path, from: folder)
    return files
  }

  /// The same files with whole paths; those that are not there any more are looked for in `folder`
  /// itself.
  func resolved(from folder: String) -> TensorFiles {
    func whole(_ file: File) -> String {
      let path =
        file.path.hasPrefix("/")
        ? file.path : URL(fileURLWithPath: "\(folder)/\(file.path)").standardizedFileURL.path
      let beside = "\(folder)/\(file.source.name)"
      let exists = FileManager.default.fileExists(atPath:)
      return !exists(path) && exists(beside) ? beside : path
    }
    var files = self
    files.inputs.path = whole(inputs)
    files.targets.path = whole(targets)
    return files
  }

  private static func path(_ path: String, from folder: String) -> String {
    func parts(_ path: String) -> [Substring] {
      URL(fileURLWithPath: path).standardizedFileURL.path.split(separator: "/")
    }
    let (target, base) = (parts(path), parts(folder))
    let shared = zip(target, base).prefix { $0 == $1 }.count
    return ([Substring](repeating: "..", count: base.count - shared) + target.dropFirst(shared))
      .joined(separator: "/")
  }
}
