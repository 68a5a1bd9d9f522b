#if !THREAD_SANITIZER
  import Dispatch

  /// Does `body` for every number below `iterations`, some of them at once, and returns when all have
  /// ended.
  public func concurrentPerform(iterations: Int, execute body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) {
      DispatchQueue.concurrentPerform(iterations: iterations, execute: $0)
    }
  }
#else
  import Glibc

  /// Does `body` for every number below `iterations`, each on a thread of its own, and returns when
  /// all have ended: what threads of Dispatch wait for is nothing that Thread Sanitizer sees.
  public func concurrentPerform(iterations: Int, execute body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      let threads = (0..<iterations).map { i in
        var thread = pthread_t()
        let call = Unmanaged.passRetained(Call(body: body, i: i)).toOpaque()
        let status = pthread_create(&thread, nil, perform, call)
        precondition(status == 0, "no thread: error \(status)")
        return thread
      }
      for thread in threads { pthread_join(thread, nil) }
    }
  }

  private final class Call: Sendable {
    let body: @Sendable (Int) -> Void
    let i: Int

    init(body: @escaping @Sendable (Int) -> Void, i: Int) {
      self.body = body
      self.i = i
    }
  }

  private func perform(_ call: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let call else { return nil }
    let given = Unmanaged<Call>.fromOpaque(call).takeRetainedValue()
    given.body(given.i)
    return nil
  }
#endif
