import Foundation

/// The formats of tensor files.
public enum TensorFileFormat: String, CaseIterable, Sendable {
  /// One array (numpy.save).
  case npy
  /// A zip archive of arrays (numpy.savez).
  case npz
  case safetensors
}

/// Named tensors in order, as a file holds them.
///
/// `.npy` holds one tensor, which has no name there and is called "array". The order is that of
/// the archive's directory for `.npz`, and that of the bytes for `.safetensors`.
public struct TensorArchive: Equatable, Sendable {
  /// What messages call it: the file's path.
  public let file: String
  public let tensors: [NamedTensor]
  /// The safetensors format's free text by name; other formats have none.
  public let metadata: [String: String]

  public init(file: String, tensors: [NamedTensor], metadata: [String: String] = [:]) {
    precondition(Set(tensors.map(\.name)).count == tensors.count, "two tensors of one name")
    self.file = file
    self.tensors = tensors
    self.metadata = metadata
  }

  public subscript(name: String) -> NamedTensor? { tensors.first { $0.name == name } }

  /// Reads a file once and as a whole; its format is told by its first bytes.
  ///
  /// Memory: the file's bytes and the tensors' elements at once.
  /// - Throws: `TensorFileError`: which file, which tensor, what is wrong with it.
  public init(readingFrom path: String) throws(TensorFileError) {
    try self.init(bytes: try fileBytes(path), file: path)
  }

  /// The tensors in a file's bytes.
  ///
  /// - Parameter file: what messages call it.
  /// - Throws: `TensorFileError`.
  public init(bytes: [UInt8], file: String) throws(TensorFileError) {
    if bytes.starts(with: NPY.magic) {
      let array: NamedTensor
      do throws(TensorFileError.Problem) {
        array = try NPY.read(bytes, 0..<bytes.count, name: NPY.name)
      } catch {
        throw TensorFileError(file: file, problem: error)
      }
      self.init(file: file, tensors: [array])
    } else if bytes.starts(with: Zip.localMagic) || bytes.starts(with: Zip.endMagic) {
      self.init(file: file, tensors: try NPZ.read(bytes, file: file))
    } else {
      let (tensors, metadata) = try Safetensors.read(bytes, file: file)
      self.init(file: file, tensors: tensors, metadata: metadata)
    }
  }

  /// The archive as a file's bytes: little-endian, without a time or anything else that changes.
  ///
  /// - Throws: `TensorFileError.Problem.notOneTensor` for `.npy`, `.tooLarge` for `.npz`.
  public func bytes(as format: TensorFileFormat) throws(TensorFileError) -> [UInt8] {
    switch format {
    case .npy:
      guard tensors.count == 1 else {
        throw TensorFileError(file: file, problem: .notOneTensor(found: tensors.map(\.name)))
      }
      return NPY.bytes(of: tensors[0])
    case .npz: return try NPZ.bytes(of: tensors, file: file)
    case .safetensors: return try Safetensors.bytes(of: self)
    }
  }

  /// Replaces the file at `path` as a whole, in the format that its name ends in.
  ///
  /// - Throws: `TensorFileError`.
  public func write(to path: String) throws(TensorFileError) {
    let url = URL(fileURLWithPath: path)
    guard let format = TensorFileFormat(rawValue: url.pathExtension.lowercased()) else {
      throw TensorFileError(file: path, problem: .unknownFormat(ending: url.pathExtension))
    }
    let bytes = try self.bytes(as: format)
    do throws(FileError) {
      try DurableFile.makeFolder(url.deletingLastPathComponent().path)
      try DurableFile.replace(url.path, with: Data(bytes))
    } catch {
      throw TensorFileError(file: path, problem: .notWritable(cause: error.cause))
    }
  }
}

/// All bytes of a file, read once.
///
/// - Throws: `TensorFileError.Problem.inaccessible`.
public func fileBytes(_ path: String) throws(TensorFileError) -> [UInt8] {
  func failure() -> TensorFileError {
    TensorFileError(file: path, problem: .inaccessible(cause: String(cString: strerror(errno))))
  }
  guard let stream = fopen(path, "rb") else { throw failure() }
  defer { fclose(stream) }
  var status = stat()
  guard fstat(fileno(stream), &status) == 0 else { throw failure() }
  // The size is a first guess only: a file may grow, and a pipe has none. One byte more than the
  // guess, so that the end is seen without a second piece.
  var bytes: [UInt8] = []
  let size = Int(status.st_size)
  do throws(TensorFileError.Problem) {
    try TensorFileError.Problem.requireMemory(MemoryBudget.bytes(size, 3), for: "reading \(size) bytes")
  } catch {
    throw TensorFileError(file: path, problem: error)
  }
  var wanted = max(size, 1 << 16) + 1
  bytes.reserveCapacity(wanted)
  while true {
    let piece = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      count = fread(buffer.baseAddress, 1, wanted, stream)
    }
    if bytes.isEmpty { bytes = piece } else { bytes += piece }
    if piece.count < wanted { break }
    wanted = 1 << 20
  }
  guard ferror(stream) == 0 else { throw failure() }
  return bytes
}
