import CGSL

/// The GNU Scientific Library, behind calls that cannot abort the process.
///
/// GSL's default error handler calls `abort()`. The first call through this type switches it off
/// for the process; inputs are checked beforehand and return codes afterwards. The routines that
/// call BLAS come through `routines`, which keeps them off the core's.
public enum GSL {
  static func check(_ code: Int32, _ routine: String) throws(OracleError) {
    guard code != 0 else { return }
    let message = gsl_strerror(code).map { String(cString: $0) } ?? "no message"
    throw .gslFailed(routine: routine, code: Int(code), message: message)
  }

  static func allocated<T>(
    _ pointer: UnsafeMutablePointer<T>?, _ routine: String
  ) throws(OracleError) -> UnsafeMutablePointer<T> {
    guard let pointer else {
      throw .gslFailed(routine: routine, code: Int(GSL_ENOMEM), message: "out of memory")
    }
    return pointer
  }
}
