/// The limits by which points are measured and told apart, the same for all of them: no run may move
/// them.
public enum PointLimits {
  /// The tolerances between which "about zero" is taken to lie, relative to max|λ|.
  public static let strictZero = 1e-6
  public static let looseZero = 1e-3
  /// A point is critical where Newton's step is at most this part of ‖θ‖ (`Criticality.isCritical`).
  public static let criticalStep = 1e-3
}
