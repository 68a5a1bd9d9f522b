/// The limits that the rules use, the same for all runs: none may move them.
public enum ClaimLimits {
  /// "Most" eigenvalues: more than this share.
  public static let most = 0.5
  /// A loss is low where it is at most this share of the loss that training started from.
  public static let lowLoss = 0.1
  /// The greatest eigenvalues of the Hessian and the Gauss–Newton matrix agree within this.
  public static let leadingDeviation = 0.1
  /// The distribution functions of their other eigenvalues differ by at least this.
  public static let bulkDistance = 0.1
}
