import Foundation

/// A file open for reading bytes as they are on disk; closed when it goes out of scope.
struct ByteFile: ~Copyable {
  let path: String
  private let stream: UnsafeMutablePointer<FILE>

  /// - Throws: `DataError.inaccessible`.
  init(_ path: String) throws(DataError) {
    guard let stream = fopen(path, "rb") else {
      throw .inaccessible(path: path, cause: String(cString: strerror(errno)))
    }
    self.path = path
    self.stream = stream
  }

  deinit { fclose(stream) }

  /// Fills `bytes` from the start and returns how many came; fewer only at the end of the file.
  ///
  /// - Throws: `DataError.inaccessible`.
  func read(into bytes: inout [UInt8]) throws(DataError) -> Int {
    let count = fread(&bytes, 1, bytes.count, stream)
    if count < bytes.count && ferror(stream) != 0 {
      throw .inaccessible(path: path, cause: String(cString: strerror(errno)))
    }
    return count
  }

  /// How many bytes the file at `path` has.
  ///
  /// - Throws: `DataError.inaccessible`.
  static func size(_ path: String) throws(DataError) -> Int {
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      return (attributes[.size] as? NSNumber)?.intValue ?? 0
    } catch {
      throw .inaccessible(path: path, cause: error.localizedDescription)
    }
  }
}
