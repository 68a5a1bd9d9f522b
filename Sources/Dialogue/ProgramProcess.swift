import Foundation
import Spawning

/// A program started through the shell, with lines and bytes going to it and coming from it.
package final class ProgramProcess {
  private let process: SupervisedProgram
  private var input: Int32
  private let output: Int32
  private var errors: Int32
  /// What it wrote that was not taken yet, and how much of that is known to hold no line's end.
  private var received: [UInt8] = []
  private var searched = 0
  /// The end of its error stream.
  private var complaints: [UInt8] = []
  private var isEnded = false

  /// - Throws: `notStarted` where there is no process or file to be had.
  package init(command: String) throws(ProgramError.Cause) {
    var pipes: [PipeEnds] = []
    do throws(ChildProcess.Refusal) {
      for _ in 0..<3 { pipes.append(try PipeEnds()) }
      process = try SupervisedProgram(
        command: command, input: pipes[0].read, output: pipes[1].write, errors: pipes[2].write)
    } catch {
      for pipe in pipes { pipe.close() }
      throw .notStarted(error.cause)
    }
    (input, output, errors) = (pipes[0].write, pipes[1].read, pipes[2].read)
    for end in [pipes[0].read, pipes[1].write, pipes[2].write] { close(end) }
    for end in [input, output, errors] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    #if os(Linux)
      // Arrays go through in fewer pieces. Where the system allows less, as it was.
      for end in [input, output] { _ = fcntl(end, setPipeSize, 1 << 20) }
    #endif
  }

  deinit { end() }

  /// The last words of its error stream.
  package var complaint: String {
    String(decoding: complaints.suffix(1000), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Sends a line and waits for one.
  ///
  /// - Parameter limit: The longest line, in bytes, that is waited for.
  /// - Throws: what keeps the line from coming; the program must then be ended.
  package func exchange(
    _ line: String, within seconds: Double, limit: Int
  ) throws(ProgramError.Cause) -> [UInt8] {
    try exchange([Array((line + "\n").utf8)], within: seconds, limit: limit)
  }

  /// Sends what belongs together, piece by piece, and waits for a line.
  package func exchange(
    _ pieces: [[UInt8]], within seconds: Double, limit: Int
  ) throws(ProgramError.Cause) -> [UInt8] {
    var left = pieces[...]
    var pending = left.popFirst()?[...] ?? []
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      while pending.isEmpty, let next = left.popFirst() { pending = next[...] }
      if !pending.isEmpty {
        // Most lines go at once: to wait until they can would be another call of the system's.
        if !write(&pending) {
          // It no longer reads. What it still writes may be its answer; its end says why.
          (pending, left) = ([], [])
        }
        if pending.isEmpty, !left.isEmpty { continue }
      }
      // A line is an answer only to what has been sent; its number tells one that came too early.
      if pending.isEmpty, let answer = takeLine() { return answer }
      guard received.count <= limit else { throw .tooLong(bytes: limit) }
      guard let ready = wait(until: deadline, sending: !pending.isEmpty) else {
        throw .silent(seconds: seconds)
      }
      if ready.errors { readErrors() }
      if ready.output, !readOutput() {
        if pending.isEmpty, let answer = takeLine() { return answer }
        throw ending(by: min(deadline, ContinuousClock.now + .seconds(0.5)))
      }
    }
  }

  /// The next bytes, which belong to the line that was taken last.
  ///
  /// - Throws: what keeps them from coming; the program must then be ended.
  package func receive(
    _ count: Int, within seconds: Double
  ) throws(ProgramError.Cause) -> [UInt8] {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var bytes = [UInt8](repeating: 0, count: count)
    let early = min(count, received.count)
    bytes.replaceSubrange(0..<early, with: received[..<early])
    received.removeFirst(early)
    searched = 0
    var filled = early
    while filled < count {
      guard let ready = wait(until: deadline, sending: false) else {
        throw .silent(seconds: seconds)
      }
      if ready.errors { readErrors() }
      guard ready.output else { continue }
      let got = bytes.withUnsafeMutableBytes {
        Foundation.read(output, $0.baseAddress.map { $0 + filled }, count - filled)
      }
      if got > 0 {
        filled += got
      } else if got == 0 || (errno != EAGAIN && errno != EINTR) {
        throw ending(by: min(deadline, ContinuousClock.now + .seconds(0.5)))
      }
    }
    return bytes
  }

  /// Tells it that nothing more comes, and waits for its end.
  ///
  /// - Returns: Whether it ended by itself.
  package func finish(saying line: String, within seconds: Double) -> Bool {
    var pending = Array((line + "\n").utf8)[...]
    _ = write(&pending)
    close(input)
    input = -1
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !process.hasEnded {
      guard
        wait(until: deadline, sending: false, atMost: 5) != nil || ContinuousClock.now < deadline
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

  /// Ends it and all that it started at once.
  ///
  /// - Returns: How it ended; nil where that was told before.
  @discardableResult
  package func end() -> ChildProcess.Ending? {
    guard !isEnded else { return nil }
    isEnded = true
    let ending = process.end()
    readErrors()
    for end in [input, output, errors] where end >= 0 { close(end) }
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
  /// - Returns: Which of both can be read, or has ended; nil at the deadline.
  private func wait(
    until deadline: ContinuousClock.Instant, sending: Bool, atMost milliseconds: Double = 1e6
  ) -> (output: Bool, errors: Bool)? {
    while true {
      let left = (deadline - .now) / .milliseconds(1)
      guard left > 0 else { return nil }
      var watched = (
        pollfd(fd: output, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        pollfd(fd: sending ? input : -1, events: Int16(POLLOUT), revents: 0)
      )
      let count = withUnsafeMutableBytes(of: &watched) {
        poll(
          $0.assumingMemoryBound(to: pollfd.self).baseAddress, 3,
          Int32(min(left, milliseconds).rounded(.up)))
      }
      if count > 0 { return (watched.0.revents != 0, watched.1.revents != 0) }
      if count == 0, milliseconds < 1e6 { return nil }
      if count < 0, errno != EINTR { return nil }
    }
  }

  /// What can be read at once.
  ///
  /// - Returns: How many bytes there were, as `read` tells.
  private func read(from end: Int32, to bytes: inout [UInt8]) -> Int {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 65536) { buffer in
      let count = Foundation.read(end, buffer.baseAddress, buffer.count)
      if count > 0 { bytes += buffer[..<count] }
      return count
    }
  }

  /// - Returns: Whether the output is still open.
  private func readOutput() -> Bool {
    let count = read(from: output, to: &received)
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
  }

  private func readErrors() {
    guard errors >= 0 else { return }
    let count = read(from: errors, to: &complaints)
    if count > 0 {
      complaints = Array(complaints.suffix(4096))
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
}

#if os(Linux)
  /// `F_SETPIPE_SZ`, which is no POSIX and so not imported.
  private let setPipeSize: Int32 = 1031
#endif

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
