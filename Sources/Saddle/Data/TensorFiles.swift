import Foundation

/// A user's own data: a file of inputs and a file of targets, known by their bytes.
///
/// Each file holds one array (`.npy`, or an archive of one). Inputs are samples × features, axes
/// beyond the first laid out row by row, and taken as they are. Targets are either whole numbers,
/// one class a sample, or numbers, samples × outputs.
public struct TensorFiles: Hashable, Codable, Sendable {
  /// A file that must not have changed.
  public struct File: Hashable, Codable, Sendable {
    public let path: String
    public let sha256: String
  }

  public let inputs: File
  public let targets: File
  /// The first so many samples, or all.
  public let first: Int?
  /// How many classes there are; nil for one more than the largest label, or for target values.
  public let classes: Int?

  /// The files as they are now.
  ///
  /// - Throws: `DataError.inaccessible`, `.digestUnavailable`.
  public init(
    inputs: String, targets: String, first: Int? = nil, classes: Int? = nil
  ) throws(DataError) {
    self.inputs = try File(at: inputs)
    self.targets = try File(at: targets)
    self.first = first
    self.classes = classes
  }

  /// - Throws: `DataError`: which file changed, cannot be read or does not fit the other.
  func load(name: String) throws(DataError) -> SampleTable {
    let inputs = try self.inputs.tensor()
    let targets = try self.targets.tensor()
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
    if case .integer(let labels) = tensor.values, width == 1 {
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
  fileprivate func tensor() throws(DataError) -> NamedTensor {
    let bytes: [UInt8]
    let archive: TensorArchive
    do throws(TensorFileError) {
      bytes = try fileBytes(path)
      archive = try TensorArchive(bytes: bytes, file: path)
      guard archive.tensors.count == 1 else {
        throw TensorFileError(
          file: path, problem: .notOneTensor(found: archive.tensors.map(\.name)))
      }
    } catch {
      throw .tensorFile(error)
    }
    let found = try Digest(.sha256, of: bytes).hexadecimal
    guard found == sha256 else { throw .fileChanged(path: path, expected: sha256, found: found) }
    return archive.tensors[0]
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
