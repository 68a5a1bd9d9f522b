import Threads

/// How many threads BLAS takes: one per core, unless `OPENBLAS_NUM_THREADS` says otherwise.
var blasThreadCount: Int {
  claims.withLock { $0.count > 0 ? $0.usual : bridgedThreadCount }
}

/// How many threads our own work takes: as many as BLAS.
package enum Workers {
  /// Another number, for tests: results do not depend on it, and that is seen by asking for several.
  @TaskLocal package static var forced: Int?

  static var count: Int { forced ?? blasThreadCount }
}

/// Does `body` while each call of BLAS stays on the thread that makes it: for work that is on
/// several threads already, where BLAS's own would wait for one another.
///
/// The number of threads is BLAS's, one for the whole process. So calls from elsewhere stay on
/// their threads meanwhile too, which costs them time and may change LAPACK's last bits there: a
/// program that does both at once and compares bits sets `OPENBLAS_NUM_THREADS=1`.
func withoutBLASThreads<R, Failure: Error>(
  _ body: () throws(Failure) -> R
) throws(Failure) -> R {
  claims.withLock {
    if $0.count == 0 {
      $0.usual = bridgedThreadCount
      bridgedThreadCount = 1
    }
    $0.count += 1
  }
  defer {
    claims.withLock {
      $0.count -= 1
      if $0.count == 0 { bridgedThreadCount = $0.usual }
    }
  }
  return try body()
}

/// How many calls want BLAS on one thread at present, and its usual number. The state is BLAS's,
/// as global as this; to count is what keeps two calls at once from leaving it at one.
private let claims = Mutex((count: 0, usual: 0))
