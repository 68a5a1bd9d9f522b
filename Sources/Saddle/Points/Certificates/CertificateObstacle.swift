/// Why no critical point is proved, with the numbers that fall short.
public enum CertificateObstacle: Codable, Equatable, Sendable {
  /// The rounding of the gradient is not bounded.
  case gradientUnbounded
  /// The rounding of the Hessian is not bounded.
  case hessianUnbounded
  /// No interval about zero is free of eigenvalues beyond the Hessian's error: as far as the
  /// arithmetic can tell the Hessian is singular.
  case singular(leastEigenvalue: Double, error: Double)
  /// No Lipschitz constant of the Hessian is known in the ball where it is needed.
  case lipschitzUnknown(radius: Double)
  /// h = βMη > ½: the gradient is too large for the curvature, or M too coarse.
  case tooFar(criterion: Double)
}

extension CertificateObstacle: CustomStringConvertible {
  public var description: String {
    switch self {
    case .gradientUnbounded: "the rounding of the gradient is not bounded for this objective"
    case .hessianUnbounded: "the rounding of the Hessian is not bounded for this objective"
    case .singular(let least, let error):
      "the Hessian is singular within its error: the least |λ| is about \(short(least)), the error "
        + "up to \(short(error))"
    case .lipschitzUnknown(let radius):
      "no Lipschitz constant of the Hessian is known within \(short(radius)) of the point"
    case .tooFar(let criterion):
      "h = βMη = \(short(criterion)) > 1/2: go on with the descent, to a smaller gradient"
    }
  }
}
