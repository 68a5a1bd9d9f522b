import Foundation

/// Input, output and errors, which whoever starts a program may have closed.
enum StandardStreams {
  /// Gives those that are closed a file that refuses everything: the next file that is opened would
  /// have their number otherwise, and get what is printed.
  static func occupy() {
    for (stream, mode) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
    ] where fcntl(stream, F_GETFD) == -1 {
      // The lowest number that is free: this one.
      _ = open("/dev/null", mode)
    }
  }
}
