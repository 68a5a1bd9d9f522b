import Threads

/// Lines of text, one after another.
final class Lines: Sendable {
  private let left: Mutex<[String]>

  init(_ bytes: [UInt8]) {
    let lines = bytes.dropFirst().split(separator: 10, omittingEmptySubsequences: false)
    left = Mutex(lines.reversed().map { String(decoding: $0, as: UTF8.self) })
  }

  func next() -> String? { left.withLock { $0.popLast() } }
}
