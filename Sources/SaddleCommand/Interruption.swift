import Foundation
import Synchronization

/// Whether the program was asked to end (SIGINT, SIGTERM), from the moment that this is made.
///
/// Training ends at its next step then, with everything kept. What takes no steps is given up after
/// a while: folders are whole at every moment.
final class Interruption: Sendable {
  /// In seconds.
  private static let patience = 10.0

  private let isAsked = Atomic(false)

  init() {
    for code in [SIGINT, SIGTERM] {
      // The source is told of a signal that does nothing else. What a shell has started in the
      // background is not to hear Ctrl-C, and does not.
      let before = signal(code, SIG_IGN)
      if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { continue }
      let source = DispatchSource.makeSignalSource(signal: code, queue: .global())
      // The handler holds source and self, which live as long as the program.
      source.setEventHandler { [self] in
        withExtendedLifetime(source) { ask(code) }
      }
      source.activate()
    }
  }

  var hasCome: Bool { isAsked.load(ordering: .relaxed) }

  private func ask(_ code: Int32) {
    guard !isAsked.exchange(true, ordering: .relaxed) else { Self.end(code) }
    tell("saddle: interrupted: ends at the next step; once more to end at once\n")
    DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) { Self.end(code) }
  }

  private static func end(_ code: Int32) -> Never {
    tell("saddle: ended; what was kept until then is whole, and the same command goes on from there\n")
    _exit(128 + code)
  }
}
