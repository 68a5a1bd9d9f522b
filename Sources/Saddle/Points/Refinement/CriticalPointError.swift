/// Why a search for a critical point was refused, or stopped.
public enum CriticalPointError: Error, Equatable, CustomStringConvertible {
  case invalidSetting(name: String, value: String, expected: String)
  case wrongDimension(point: Int, objective: Int)
  /// A parameter is NaN or infinite.
  case pointNotFinite(coordinate: Int)
  /// The value or, at `coordinate`, the gradient is NaN or infinite where the search begins.
  case gradientNotFinite(coordinate: Int?)
  /// A method that takes products with the Hessian ended: one is not finite, say.
  case krylov(KrylovError)
  /// The state was made by another method or for another dimension, or is damaged.
  case foreignState
  /// The Hessian has no factorization.
  case hessianRefused(LinearAlgebraError)
  /// Eigenvalues are to be counted as zero below what the arithmetic resolves.
  case toleranceBelowRounding(tolerance: Double, resolution: Double)

  public var description: String {
    switch self {
    case .invalidSetting(let name, let value, let expected):
      "\(name) = \(value): it must be \(expected)"
    case .wrongDimension(let point, let objective):
      "a point of \(point) coordinates for a function of \(objective)"
    case .pointNotFinite(let coordinate):
      "coordinate \(coordinate) of the point is not a finite number: has training diverged?"
    case .gradientNotFinite(let coordinate):
      "the value\(coordinate.map { " and the gradient's coordinate \($0)" } ?? "") is not finite "
        + "at this point: start where the function is defined"
    case .krylov(let cause): "products with the Hessian: \(cause)"
    case .foreignState:
      "this state belongs to another method or another function: begin with initialState(at:)"
    case .hessianRefused(let cause): "the Hessian: \(cause)"
    case .toleranceBelowRounding(let tolerance, let resolution):
      "a zero tolerance of \(tolerance) is below the resolution \(resolution) of the arithmetic "
        + "(60·P·ulp): take a larger one"
    }
  }

  /// Throws unless a setting is in its range; NaN is in none.
  static func require(
    _ name: String, _ value: Double, _ expected: String, _ isValid: (Double) -> Bool
  ) throws(CriticalPointError) {
    guard isValid(value) else {
      throw .invalidSetting(name: name, value: "\(value)", expected: expected)
    }
  }
}
