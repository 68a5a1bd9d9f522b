import CZlib
import Foundation

/// A file of bytes that may be gzip-compressed or plain: zlib tells which by looking at it.
struct GzipFile: ~Copyable {
  let path: String
  private let stream: gzFile
  /// How many bytes were read so far, after decompression.
  private(set) var position = 0

  /// - Throws: `DataError.inaccessible`.
  init(_ path: String) throws(DataError) {
    guard let stream = gzopen(path, "rb") else {
      throw .inaccessible(path: path, cause: String(cString: strerror(errno)))
    }
    self.path = path
    self.stream = stream
    gzbuffer(stream, 1 << 17)
  }

  deinit { gzclose_r(stream) }

  /// The next `count` bytes, or fewer where the file ends.
  ///
  /// - Throws: `DataError.gzipCutOff`, `DataError.gzipCorrupt`, `DataError.inaccessible`.
  mutating func read(upTo count: Int) throws(DataError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      // zlib counts in 32 bits.
      let wanted = min(count - filled, 1 << 28)
      let got = bytes.withUnsafeMutableBytes { buffer -> Int32 in
        guard let start = buffer.baseAddress else { return 0 }
        return gzread(stream, start + filled, UInt32(wanted))
      }
      // A stream that is cut off gives what there is and no negative count: ask each time.
      try check()
      if got <= 0 { break }
      filled += Int(got)
    }
    position += filled
    if filled < count { bytes.removeLast(count - filled) }
    return bytes
  }

  private func check() throws(DataError) {
    var code: Int32 = Z_OK
    let message = gzerror(stream, &code).map { String(cString: $0) } ?? ""
    switch code {
    case Z_OK, Z_STREAM_END: return
    case Z_BUF_ERROR: throw .gzipCutOff(path: path)
    case Z_ERRNO: throw .inaccessible(path: path, cause: String(cString: strerror(errno)))
    default:
      // zlib puts the path before its message; the error names the path already.
      throw .gzipCorrupt(path: path, cause: message.replacing(path + ": ", with: ""))
    }
  }
}
