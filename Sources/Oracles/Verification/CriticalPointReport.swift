/// What became of a claim about a point, with the numbers.
public struct CriticalPointReport: Sendable, Equatable {
  public enum Reason: String, Sendable, Codable {
    /// The gradient is not that of the values.
    case valuesDisagree
    /// The Hessian that was given is not that of the gradient.
    case hessianDisagrees
    /// L(θ) or ‖∇L(θ)‖ is not what was claimed.
    case valueDiffers, gradientNormDiffers
    /// Critical is claimed and Newton's step is too long, or the other way round.
    case notCritical, critical
    /// Newton's step is not what was claimed.
    case newtonStepDiffers
    /// The step is held against a length, or the gradient against an error, that the point does not
    /// have.
    case limitsTooWide
    /// The eigenvalues on either side of ±`zeroBound` are not as many as was claimed.
    case countsDiffer
    /// An eigenvalue lies so near ±`zeroBound` that the error of the Hessian hides its side.
    case eigenvalueAtBound
    /// The kind does not follow from the counts.
    case kindDoesNotFollow
    case witnessMissing
    /// The witness was checked and fails; see `curvature`.
    case witnessFails
    case stepMissing
    /// Another step makes ‖Hp + g‖ smaller.
    case stepNotLeastSquares
    /// No curvature of the claimed scale is found where it is said to be.
    case scaleNotFound
    /// Frye's r is at most 0.9, or above it where a point is said to be merely not critical.
    case residualDisagrees
    /// Nothing was claimed.
    case nothingClaimed
  }

  public let verdict: NegativeCurvatureReport.Verdict
  /// Why it is refuted, then why it would be undecided; empty where confirmed.
  public let reasons: [Reason]
  /// ‖∇L(θ)‖, by the gradient that was given.
  public let gradientNorm: Double
  /// All eigenvalues by GSL, ascending.
  public let eigenvalues: [Double]
  /// A bound on their error, from that of the Hessian.
  public let eigenvalueError: Double
  /// What became of the witness.
  public let curvature: NegativeCurvatureReport?
  /// Frye's r with the claimed step; nil where none was claimed.
  public let relativeResidual: Double?
}
