import CSpawning
import Foundation

/// A program started through the shell that ends with everything it started.
///
/// A supervisor stands between it and this process. It ends them all when told to, and when this
/// process ends, in whatever way: a program may pass over the end of its input, and Ctrl-C does not
/// reach its group. On Linux children that left the group or the session end as well.
package struct SupervisedProgram: Sendable {
  private let supervisor: pid_t
  /// The end of this pipe is what the supervisor waits for.
  private let life: Int32
  /// What the supervisor says when the program has ended.
  private let status: Int32

  /// - Throws: where there is no process or file to be had.
  package init(
    command: String, input: Int32, output: Int32, errors: Int32
  ) throws(ChildProcess.Refusal) {
    let life = try PipeEnds()
    let status: PipeEnds
    do throws(ChildProcess.Refusal) {
      status = try PipeEnds()
    } catch {
      life.close()
      throw error
    }
    supervisor = saddle_supervise(command, input, output, errors, life.read, status.write)
    let code = errno
    close(life.read)
    close(status.write)
    (self.life, self.status) = (life.write, status.read)
    guard supervisor > 0 else {
      close(life.write)
      close(status.read)
      throw ChildProcess.Refusal(code: code)
    }
  }

  /// Whether it has ended, whatever became of its children.
  package var hasEnded: Bool {
    var watched = pollfd(fd: status, events: Int16(POLLIN), revents: 0)
    return poll(&watched, 1, 0) > 0
  }

  /// Ends it and all that it started, once: the value is of no use after that.
  ///
  /// - Returns: How it ended, by itself or now.
  package func end() -> ChildProcess.Ending {
    close(life)
    var ending = Int32()
    var count = 0
    repeat {
      count = read(status, &ending, MemoryLayout<Int32>.size)
    } while count < 0 && errno == EINTR
    close(status)
    var ignored = Int32()
    while waitpid(supervisor, &ignored, 0) == -1, errno == EINTR {}
    // A supervisor that was killed takes the program with it, and says nothing.
    return count == MemoryLayout<Int32>.size ? .init(status: ending) : .killed(signal: SIGKILL)
  }
}

/// Two ends that no program started meanwhile inherits, neither of them a standard stream.
package struct PipeEnds {
  package let read: Int32
  package let write: Int32

  package init() throws(ChildProcess.Refusal) {
    var ends: [Int32] = [-1, -1]
    guard saddle_pipe(&ends) == 0 else { throw ChildProcess.Refusal(code: errno) }
    // Where this process has closed a standard stream, its number is given to the next file.
    for i in 0..<2 where ends[i] < 3 {
      let higher = fcntl(ends[i], F_DUPFD_CLOEXEC, 3)
      let code = errno
      Foundation.close(ends[i])
      guard higher >= 0 else {
        Foundation.close(ends[1 - i])
        throw ChildProcess.Refusal(code: code)
      }
      ends[i] = higher
    }
    (read, write) = (ends[0], ends[1])
  }

  package func close() {
    Foundation.close(read)
    Foundation.close(write)
  }
}
