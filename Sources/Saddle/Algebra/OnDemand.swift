import Threads

/// A value that is found when it is first asked for, and kept: for what an immutable value knows of
/// itself at some expense.
final class OnDemand<Value: Sendable>: Sendable {
  private let found = Mutex<Value?>(nil)

  /// Calls at the same time wait for the one that finds it.
  func value(_ find: () -> Value) -> Value {
    found.withLock {
      if let value = $0 { return value }
      let value = find()
      $0 = value
      return value
    }
  }
}
