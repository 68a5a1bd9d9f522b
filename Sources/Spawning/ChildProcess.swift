import Foundation

/// A program that this process started with `posix_spawn` and waits for.
///
/// Foundation's `Process` takes children out of this process's group, where an interrupt from the
/// keyboard does not reach them, and swift-subprocess runs in tasks alone; what is started here is
/// waited for where it is started.
package struct ChildProcess: Sendable {
  package let id: pid_t

  package struct Refusal: Error {
    /// `errno`.
    package let code: Int32

    package var cause: String { String(cString: strerror(code)) }
  }

  /// What a child reads and writes.
  package enum Stream {
    /// This process's own.
    case inherited
    case descriptor(Int32)
    case file(String)
  }

  /// - Parameters:
  ///   - arguments: without the program's own name.
  ///   - environment: nil for this process's.
  ///   - heard: signals that end the program even where this process ignores them, which a shell
  ///     has what it starts in the background do.
  package init(
    path: String, _ arguments: [String], environment: [String: String]? = nil, input: Stream,
    output: Stream, errors: Stream, heard: [Int32] = []
  ) throws(Refusal) {
    #if os(macOS)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (stream, descriptor) in [
      (input, STDIN_FILENO), (output, STDOUT_FILENO), (errors, STDERR_FILENO),
    ] {
      switch stream {
      case .inherited: break
      case .descriptor(let own): posix_spawn_file_actions_adddup2(&actions, own, descriptor)
      case .file(let path):
        posix_spawn_file_actions_addopen(
          &actions, descriptor, path, descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0)
      }
    }

    // The threads of Swift's tasks block signals, and a program inherits that: let it hear them.
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var defaults = none
    for signal in heard { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

    let words = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    let variables = (environment ?? [:]).map { strdup("\($0)=\($1)") } + [nil]
    defer { for variable in variables { free(variable) } }
    var child = pid_t()
    let code =
      environment == nil
      ? posix_spawn(&child, path, &actions, &attributes, words, environ)
      : posix_spawn(&child, path, &actions, &attributes, words, variables)
    guard code == 0 else { throw Refusal(code: code) }
    id = child
  }

  /// How a program ended.
  package enum Ending: Equatable, Sendable {
    case exited(status: Int32)
    case killed(signal: Int32)

    /// Of what `waitpid` gives.
    init(status: Int32) {
      let signal = status & 0x7F
      self = signal == 0 ? .exited(status: status >> 8 & 0xFF) : .killed(signal: signal)
    }
  }

  /// Whether it has ended, and waits to be waited for.
  package var hasEnded: Bool {
    var found = siginfo_t()
    return waitid(P_PID, id_t(id), &found, WEXITED | WNOHANG | WNOWAIT) == 0
      && found.si_signo == SIGCHLD
  }

  /// Waits for its end.
  @discardableResult
  package func wait() -> Ending {
    var status = Int32()
    while waitpid(id, &status, 0) == -1, errno == EINTR {}
    return Ending(status: status)
  }
}
