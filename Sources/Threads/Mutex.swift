#if !THREAD_SANITIZER
  import Synchronization

  /// A value that one thread at a time sees.
  ///
  /// It is the standard library's own. Thread Sanitizer cannot see into that one, and takes whatever
  /// it guards for unguarded: builds for it have a lock of POSIX's under the same name.
  public typealias Mutex<Value: ~Copyable> = Synchronization.Mutex<Value>
#else
  import Glibc

  /// A value that one thread at a time sees, behind a lock that Thread Sanitizer knows.
  public struct Mutex<Value>: ~Copyable, @unchecked Sendable {
    private let value: UnsafeMutablePointer<Value>
    private let lock: UnsafeMutablePointer<pthread_mutex_t>

    public init(_ value: consuming sending Value) {
      self.value = .allocate(capacity: 1)
      self.value.initialize(to: value)
      lock = .allocate(capacity: 1)
      pthread_mutex_init(lock, nil)
    }

    deinit {
      pthread_mutex_destroy(lock)
      lock.deallocate()
      value.deinitialize(count: 1)
      value.deallocate()
    }

    public borrowing func withLock<Result: ~Copyable, E: Error>(
      _ body: (inout sending Value) throws(E) -> sending Result
    ) throws(E) -> sending Result {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      return try body(&value.pointee)
    }
  }
#endif
