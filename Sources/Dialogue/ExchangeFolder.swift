import Foundation

/// A folder in memory through which long arrays go as files. It goes with the last use of this value.
final class ExchangeFolder: Sendable {
  let path: String

  /// From so many bytes on an array is sent as a file.
  private static let least = 1 << 20

  /// nil where the system has no such memory.
  init?() {
    path = "/dev/shm/saddle-\(getpid())-\(UUID().uuidString)"
    guard mkdir(path, 0o700) == 0 else { return nil }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// - Returns: where the array is; nil where it is better sent.
  func write(_ array: MessageArray) -> String? {
    guard array.byteCount >= Self.least else { return nil }
    // Names of ours: a program's answer of the same name is another file.
    let file = "\(path)/to-\(array.name)"
    // Over what was there, whose pages the system then need not find and clear again.
    // Nothing that a program may have put there is followed, or waited for.
    let handle = open(file, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
    guard handle >= 0 else { return nil }
    defer { close(handle) }
    var isWhole = true
    array.forEachPiece { piece in
      isWhole = Self.write(piece, to: handle)
      return isWhole
    }
    guard isWhole, ftruncate(handle, off_t(array.byteCount)) == 0 else {
      // Shared memory may be small: then through the pipe.
      unlink(file)
      return nil
    }
    return file
  }

  /// - Returns: whether all of it was written.
  private static func write(_ bytes: UnsafeRawBufferPointer, to handle: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = Foundation.write(
        handle, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      guard count > 0 || (count < 0 && errno == EINTR) else { return false }
      written += max(0, count)
    }
    return true
  }

  /// Gives `body` a file's bytes, some at a time: whole numbers of up to eight bytes.
  ///
  /// - Throws: `ProgramError.Cause.notAnAnswer` for a file elsewhere, or of another size.
  func read(
    _ file: String, count: Int, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(ProgramError.Cause) {
    func refused(_ why: String) -> ProgramError.Cause { .notAnAnswer(line: file, why: why) }
    let name = (file as NSString).lastPathComponent
    guard file == "\(path)/\(name)", !name.isEmpty, name != "..", name != "." else {
      throw refused("a file outside \(path)")
    }
    let handle = open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard handle >= 0 else { throw refused(String(cString: strerror(errno))) }
    defer { close(handle) }
    var status = stat()
    guard fstat(handle, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size == count
    else { throw refused("a file of \(status.st_size) bytes where \(count) are needed") }
    // Read rather than mapped: the program may cut its file short.
    let read = withUnsafeTemporaryAllocation(
      byteCount: MessageArray.ElementType.pieceBytes, alignment: 8
    ) { piece in
      var (done, filled) = (0, 0)
      while done + filled < count {
        let wanted = min(piece.count, count - done)
        let got = Foundation.read(handle, piece.baseAddress.map { $0 + filled }, wanted - filled)
        guard got > 0 || (got < 0 && errno == EINTR) else { break }
        filled += max(0, got)
        guard filled == wanted else { continue }
        body(UnsafeRawBufferPointer(rebasing: piece[..<filled]))
        (done, filled) = (done + filled, 0)
      }
      return done + filled
    }
    guard read == count else { throw refused("it ends after \(read) bytes") }
  }
}
