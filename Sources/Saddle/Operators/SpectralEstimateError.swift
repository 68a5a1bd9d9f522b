/// Why a spectrum could not be estimated from products with vectors.
public enum SpectralEstimateError: Error, Equatable, CustomStringConvertible {
  /// The operator has order 0.
  case emptyOperator
  /// A setting outside its domain; `requirement` says which values it takes.
  case invalidSetting(String, value: Double, requirement: String)
  /// What the recurrence or a product threw.
  case krylov(KrylovError)
  /// The operator shifted by `shift` has a direction of curvature that is not positive.
  case notPositiveDefinite(ritzValue: Double, shift: Double)
  /// The eigenvalues of the recurrence's tridiagonal matrix did not converge.
  case noConvergence(eigenvalue: Int)
  /// An eigenvalue lies outside the interval that Chebyshev's polynomials were scaled to.
  case outsideBounds(lower: Double, upper: Double)
  /// Distances are between measures of equal mass.
  case massesDiffer(Double, Double)

  public var description: String {
    switch self {
    case .emptyOperator: "an operator of order 0 has no spectrum"
    case .invalidSetting(let name, let value, let requirement):
      "\(name) is \(value), but must be \(requirement)"
    case .krylov(let cause): "\(cause)"
    case .notPositiveDefinite(let ritzValue, let shift):
      "the operator has an eigenvalue of at most \(ritzValue), so that with \(shift) added it is "
        + "not positive definite: add more than \(-ritzValue)"
    case .noConvergence(let eigenvalue):
      "eigenvalue \(eigenvalue) of the tridiagonal matrix did not converge"
    case .outsideBounds(let lower, let upper):
      "an eigenvalue lies outside [\(lower), \(upper)]: give wider bounds, or take more steps to "
        + "find them"
    case .massesDiffer(let first, let second):
      "masses \(first) and \(second) differ: a Wasserstein distance is between equal masses"
    }
  }
}

extension SpectralEstimateError {
  /// Throws unless a count is at least `least`, and no more than any work could be for.
  static func require(
    _ name: String, _ count: Int, atLeast least: Int = 1, atMost most: Int = KrylovError.mostCount
  ) throws(SpectralEstimateError) {
    guard count >= least else {
      throw .invalidSetting(name, value: Double(count), requirement: "at least \(least)")
    }
    guard count <= most else {
      throw .invalidSetting(name, value: Double(count), requirement: "at most \(most)")
    }
  }

  /// Throws unless a number lies strictly between two others.
  static func require(
    _ name: String, _ value: Double, above lower: Double, below upper: Double = .infinity
  ) throws(SpectralEstimateError) {
    guard value > lower && value < upper else {
      let range =
        upper == .infinity ? "above \(lower), and finite" : "between \(lower) and \(upper)"
      throw .invalidSetting(name, value: value, requirement: range)
    }
  }
}
