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
    guard array.bytes.count >= Self.least else { return nil }
    // Names of ours: a program's answer of the same name is another file.
    let file = "\(path)/to-\(array.name)"
    do {
      try Data(array.bytes).write(to: URL(fileURLWithPath: file))
    } catch {
      // Shared memory may be small: then through the pipe.
      unlink(file)
      return nil
    }
    return file
  }

  /// - Throws: `ProgramError.Cause.notAnAnswer` for a file elsewhere, or of another size.
  func read(_ file: String, count: Int) throws(ProgramError.Cause) -> [UInt8] {
    func refused(_ why: String) -> ProgramError.Cause { .notAnAnswer(line: file, why: why) }
    let name = (file as NSString).lastPathComponent
    guard file == "\(path)/\(name)", !name.isEmpty, name != "..", name != "." else {
      throw refused("a file outside \(path)")
    }
    let handle = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard handle >= 0 else { throw refused(String(cString: strerror(errno))) }
    defer { close(handle) }
    var status = stat()
    guard fstat(handle, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size == count
    else { throw refused("a file of \(status.st_size) bytes where \(count) are needed") }
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes {
        Foundation.read(handle, $0.baseAddress.map { $0 + filled }, count - filled)
      }
      guard got > 0 || (got < 0 && errno == EINTR) else {
        throw refused("it ends after \(filled) bytes")
      }
      filled += max(0, got)
    }
    return bytes
  }
}
