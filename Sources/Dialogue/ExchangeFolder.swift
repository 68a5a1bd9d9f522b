import Foundation
import Synchronization
import Threads

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
    let isWhole = Self.inPieces(of: array.byteCount) { bytes in
      array.withPiece(bytes) { Self.write($0, to: handle, at: bytes.lowerBound) }
    }
    guard isWhole, ftruncate(handle, off_t(array.byteCount)) == 0 else {
      // Shared memory may be small: then through the pipe.
      unlink(file)
      return nil
    }
    return file
  }

  /// - Returns: whether all of it was written.
  private static func write(_ bytes: UnsafeRawBufferPointer, to handle: Int32, at place: Int) -> Bool {
    all(bytes.count) { done in
      pwrite(handle, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(place + done))
    }
  }

  /// Calls what does some of the rest until all is done, or none is.
  private static func all(_ count: Int, _ some: (_ done: Int) -> Int) -> Bool {
    var done = 0
    while done < count {
      let now = some(done)
      guard now > 0 || (now < 0 && errno == EINTR) else { return false }
      done += max(0, now)
    }
    return true
  }

  /// Does `body` for pieces of so many bytes, on some threads where they are many: to copy and convert
  /// takes longer than memory would.
  ///
  /// - Parameter body: false where it cannot be done, which ends it all.
  private static func inPieces(of count: Int, _ body: (Range<Int>) -> Bool) -> Bool {
    let length = MessageArray.ElementType.pieceBytes
    let pieces = (count + length - 1) / length
    let threads = min(4, ProcessInfo.processInfo.activeProcessorCount, max(1, pieces / 16))
    let next = Atomic(0)
    let isWhole = Atomic(true)
    withoutActuallyEscaping(body) { body in
      let shared = SharedWork(body: body)
      concurrentPerform(iterations: threads) { _ in
        while isWhole.load(ordering: .relaxed) {
          let start = length * next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard start < count else { return }
          if !shared.body(start..<min(count, start + length)) { isWhole.store(false, ordering: .relaxed) }
        }
      }
    }
    return isWhole.load(ordering: .relaxed)
  }

  /// Gives `body` a file's bytes in pieces, on several threads: whole numbers of up to eight bytes, and
  /// where they begin.
  ///
  /// - Throws: `ProgramError.Cause.notAnAnswer` for a file elsewhere, or of another size.
  func read(
    _ file: String, count: Int, _ body: (UnsafeRawBufferPointer, Int) -> Void
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
    let isWhole = Self.inPieces(of: count) { bytes in
      withUnsafeTemporaryAllocation(byteCount: bytes.count, alignment: 8) { piece in
        let isRead = Self.all(bytes.count) { done in
          pread(
            handle, piece.baseAddress.map { $0 + done }, bytes.count - done,
            off_t(bytes.lowerBound + done))
        }
        if isRead { body(UnsafeRawBufferPointer(piece), bytes.lowerBound) }
        return isRead
      }
    }
    guard isWhole else { throw refused("it ends before its \(count) bytes") }
  }
}

/// Work that several threads do at once, no two of them on the same bytes; all have ended before the
/// caller goes on.
private struct SharedWork: @unchecked Sendable {
  let body: (Range<Int>) -> Bool
}
