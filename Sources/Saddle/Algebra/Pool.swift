import Threads

/// Buffers that calls on an immutable value share, so that each call need not allocate its own.
///
/// Calls at the same time each get one; what a buffer holds between calls means nothing.
final class Pool<Buffer: Sendable>: Sendable {
  private let free = Mutex<[Buffer]>([])

  /// Does `body` with a free buffer, or with a new one.
  func withOne<R>(_ make: () -> Buffer, with body: (inout Buffer) -> R) -> R {
    var buffer = free.withLock { $0.popLast() } ?? make()
    defer { free.withLock { $0.append(buffer) } }
    return body(&buffer)
  }
}

/// Takes a buffer out of where it is kept, so that it can be written while its neighbours are read;
/// it is to be put back.
func lend<T>(_ buffer: inout [T]) -> [T] {
  var taken: [T] = []
  swap(&taken, &buffer)
  return taken
}
