/// What second derivatives can say about a point.
///
/// An eigenvalue is "zero" where |λ| is at most a bound that is stated with the classification.
/// Structural zeros, which every θ has, do not make a point degenerate.
public enum CriticalPointKind: String, CaseIterable, Codable, Sendable {
  /// All eigenvalues are positive: a nondegenerate local minimum.
  case minimum
  /// No eigenvalue is negative and some are zero: the necessary second-order conditions of a
  /// minimum hold, the sufficient ones do not. A minimum or a saddle of higher order.
  case secondOrderCritical
  /// Eigenvalues of both signs and none zero: a nondegenerate saddle.
  case strictSaddle
  /// Eigenvalues of both signs and zeros.
  case degenerateSaddle
  /// All eigenvalues are negative.
  case maximum
  /// None is positive, some are negative and some zero: a maximum or a saddle of higher order.
  case degenerateMaximum
  /// Not critical: the gradient lies where the Hessian sends it to zero (Frye et al. 2021).
  case gradientFlat
  /// The gradient is larger than what counts as none.
  case notCritical
  /// Critical, but the figures contradict each other: an eigenvalue is counted as negative that no
  /// direction bears out, or structural zeros are missing.
  case undecided
  /// Rounding leaves open whether the gradient vanishes, or of which sign eigenvalues are.
  case unresolved

  /// Whether the point is known to be critical, whatever else it is.
  public var isCritical: Bool {
    switch self {
    case .gradientFlat, .notCritical, .unresolved: false
    default: true
    }
  }
}

extension CriticalPointKind {
  /// The kind of a critical point, by the signs of its eigenvalues.
  ///
  /// - Parameter zeros: those that are not structural.
  init(negative: Int, zeros: Int, positive: Int) {
    self =
      switch (negative > 0, zeros > 0, positive > 0) {
      case (false, false, _): .minimum
      case (false, true, _): .secondOrderCritical
      case (true, false, true): .strictSaddle
      case (true, true, true): .degenerateSaddle
      case (true, false, false): .maximum
      case (true, true, false): .degenerateMaximum
      }
  }
}
