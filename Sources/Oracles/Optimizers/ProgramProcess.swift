import Foundation
import Spawning
import Synchronization

/// A program started through the shell, with lines going to it and coming from it.
///
/// It leads a process group of its own, so that ending it ends its children as well. A watcher in
/// that group ends it when this process ends, in whatever way: the program may pass over the end of
/// its input, and Ctrl-C does not reach the group.
final class ProgramProcess {
  private let process: ChildProcess
  private let watcher: ChildProcess
  /// The end of this pipe is what the watcher waits for.
  private let life: Int32
  private var input: Int32
  private let output: Int32
  private var errors: Int32
  /// What it wrote that was not taken yet, and how much of that is known to hold no line's end.
  private var received: [UInt8] = []
  private var searched = 0
  /// The end of its error stream.
  private var complaints: [UInt8] = []
  private var isEnded = false

  private static let starting = Mutex(())

  /// - Throws: `notStarted` where there is no shell, or no process or file to be had.
  init(command: String) throws(ProgramError.Cause) {
    // One at a time: a program started between another's pipes and their flags would inherit them,
    // and the other's end would not be seen while this one lives.
    let (ends, child) = try Self.starting.withLock { _ throws(ProgramError.Cause) in
      var ends: [Int32] = []
      for _ in 0..<4 {
        guard let pipe = Self.makePipe() else {
          let why = String(cString: strerror(errno))
          for end in ends { close(end) }
          throw .notStarted(why)
        }
        ends += [pipe.read, pipe.write]
      }
      let child = Self.spawn(
        command, input: ends[0], output: ends[3], errors: ends[5]
      ).flatMap { leader in
        let watcher = Self.spawn(
          "read -r _; kill -9 0", input: ends[6], output: ends[6], errors: ends[6], group: leader.id)
        if case .failure = watcher {
          kill(-leader.id, SIGKILL)
          leader.wait()
        }
        return watcher.map { (leader: leader, watcher: $0) }
      }
      for end in [ends[0], ends[3], ends[5], ends[6]] { close(end) }
      return (ends, child)
    }
    (input, output, errors, life) = (ends[1], ends[2], ends[4], ends[7])
    switch child {
    case .success(let ids): (process, watcher) = ids
    case .failure(let cause):
      for end in [input, output, errors, life] { close(end) }
      throw cause
    }
    for end in [input, output, errors] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
  }

  deinit { end() }

  /// The last words of its error stream.
  var complaint: String {
    String(decoding: complaints.suffix(1000), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Sends a line and waits for one; a nil line only waits.
  ///
  /// - Parameter limit: The longest line, in bytes, that is waited for.
  /// - Throws: what keeps the line from coming; the program must then be ended.
  func exchange(
    _ line: String, within seconds: Double, limit: Int
  ) throws(ProgramError.Cause) -> [UInt8] {
    var pending = Array((line + "\n").utf8)[...]
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      // A line is an answer only to what has been sent; its number tells one that came too early.
      if pending.isEmpty, let answer = takeLine() { return answer }
      guard received.count <= limit else { throw .tooLong(bytes: limit) }
      guard wait(until: deadline, sending: !pending.isEmpty) else {
        throw .silent(seconds: seconds)
      }
      readErrors()
      if !pending.isEmpty, !write(&pending) {
        // It no longer reads. What it still writes may be its answer; its end says why.
        pending = []
      }
      if !readOutput() {
        if pending.isEmpty, let answer = takeLine() { return answer }
        throw ending(by: min(deadline, ContinuousClock.now + .seconds(0.5)))
      }
    }
  }

  /// Tells it that nothing more comes, and waits for its end.
  ///
  /// - Returns: Whether it ended by itself.
  func finish(saying line: String, within seconds: Double) -> Bool {
    var pending = Array((line + "\n").utf8)[...]
    _ = write(&pending)
    close(input)
    input = -1
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !process.hasEnded {
      guard wait(until: deadline, sending: false, atMost: 5) || ContinuousClock.now < deadline
      else { break }
      readErrors()
      // What it says now is not heard, but it must not wait for a reader.
      _ = readOutput()
      received = []
      searched = 0
    }
    let endedAlone = process.hasEnded
    end()
    return endedAlone
  }

  /// Ends it and its children at once.
  ///
  /// - Returns: How it ended; nil where that was told before.
  @discardableResult
  func end() -> ChildProcess.Ending? {
    guard !isEnded else { return nil }
    isEnded = true
    kill(-process.id, SIGKILL)
    let ending = process.wait()
    watcher.wait()
    readErrors()
    for end in [input, output, errors, life] where end >= 0 { close(end) }
    return ending
  }

  // MARK: - Reading and writing

  private func takeLine() -> [UInt8]? {
    guard let end = received[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
      searched = received.count
      return nil
    }
    let line = Array(received[..<end])
    received.removeFirst(end + 1)
    searched = 0
    return line
  }

  /// Waits until something can be read, or written.
  ///
  /// - Returns: Whether there is; false at the deadline.
  private func wait(
    until deadline: ContinuousClock.Instant, sending: Bool, atMost milliseconds: Double = 1e6
  ) -> Bool {
    while true {
      let left = (deadline - .now) / .milliseconds(1)
      guard left > 0 else { return false }
      var watched = [
        pollfd(fd: output, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        pollfd(fd: sending ? input : -1, events: Int16(POLLOUT), revents: 0),
      ]
      let count = poll(
        &watched, nfds_t(watched.count), Int32(min(left, milliseconds).rounded(.up)))
      if count > 0 { return true }
      if count == 0, milliseconds < 1e6 { return false }
      if count < 0, errno != EINTR { return false }
    }
  }

  /// - Returns: Whether the output is still open.
  private func readOutput() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = read(output, &buffer, buffer.count)
    if count > 0 { received += buffer[..<count] }
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
  }

  private func readErrors() {
    guard errors >= 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = read(errors, &buffer, buffer.count)
    if count > 0 {
      complaints = Array((complaints + buffer[..<count]).suffix(4096))
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      close(errors)
      errors = -1
    }
  }

  /// Writes what can be written now.
  ///
  /// - Returns: Whether the program still reads.
  private func write(_ pending: inout ArraySlice<UInt8>) -> Bool {
    let count = withoutPipeSignal(input) {
      pending.withUnsafeBytes { Foundation.write(input, $0.baseAddress, $0.count) }
    }
    if count > 0 { pending = pending.dropFirst(count) }
    return count >= 0 || errno == EAGAIN || errno == EINTR
  }

  // MARK: - Its life

  /// What it means that its output has ended.
  private func ending(by deadline: ContinuousClock.Instant) -> ProgramError.Cause {
    while !process.hasEnded, ContinuousClock.now < deadline { usleep(1000) }
    guard process.hasEnded else { return .outputClosed }
    switch end() {
    case .exited(let status): return .exited(status: status)
    case .killed(let signal): return .killed(signal: signal)
    case nil: return .outputClosed
    }
  }

  private static func makePipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #if os(macOS)
      _ = fcntl(ends[1], F_SETNOSIGPIPE, 1)
    #endif
    return (ends[0], ends[1])
  }

  private static func spawn(
    _ command: String, input: Int32, output: Int32, errors: Int32, group: pid_t = 0
  ) -> Result<ChildProcess, ProgramError.Cause> {
    do throws(ChildProcess.Refusal) {
      return .success(
        try ChildProcess(
          path: "/bin/sh", ["-c", command], input: .descriptor(input), output: .descriptor(output),
          errors: .descriptor(errors), group: group))
    } catch {
      return .failure(.notStarted(error.cause))
    }
  }
}

extension ProgramError.Cause: Error {}

/// Writes to a pipe that may have no reader, without the signal that would end this process.
private func withoutPipeSignal(_ pipe: Int32, _ write: () -> Int) -> Int {
  #if os(Linux)
    var signals = sigset_t()
    var before = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    let count = write()
    let error = errno
    if count < 0, error == EPIPE {
      // The signal came to this thread and waits: take it, before it is let through again.
      var moment = timespec()
      while sigtimedwait(&signals, nil, &moment) == -1, errno == EINTR {}
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    errno = error
    return count
  #else
    // The pipe itself was told not to send it.
    return write()
  #endif
}
