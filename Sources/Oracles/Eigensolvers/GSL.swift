import CGSL

/// The GNU Scientific Library, behind calls that cannot abort the process.
///
/// GSL's default error handler calls `abort()`. The first call through this type switches it off
/// for the process; inputs are checked beforehand and return codes afterwards.
public enum GSL {
  /// Switches GSL's aborting error handler off, once; read it before any call into GSL.
  static let isDisarmed: Bool = {
    gsl_set_error_handler_off()
    return true
  }()

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
