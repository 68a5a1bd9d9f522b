/// What became of a claim of negative curvature, with the numbers.
public struct NegativeCurvatureReport: Sendable, Equatable {
  public enum Verdict: String, Sendable, Codable {
    /// Every check holds beyond its own error.
    case confirmed
    /// A check contradicts the claim beyond its own error.
    case refuted
    /// Nothing contradicts the claim, but rounding hides whether it holds.
    case undecided
  }

  public enum Reason: String, Sendable, Codable {
    case witnessNotUnit, eigenvalueNotNegative
    /// |vᵀHv − λ| exceeds the residual.
    case eigenvalueDisagrees
    case residualTooLarge, curvatureNotNegative
    /// vᵀHv from the gradient and from the values differ: one of the two functions is wrong.
    case valuesDisagree
    /// λ + residual ≥ 0: the claim itself does not exclude a non-negative eigenvalue.
    case residualCoversZero
    /// L(θ+hv) + L(θ−hv) − 2L(θ) is not below −10 times its rounding error at any step h where it
    /// agrees with the curvature.
    case secondDifferenceNotNegative
  }

  /// L(θ+hv) + L(θ−hv) − 2L(θ).
  public struct SecondDifference: Sendable, Equatable {
    public let value: Double
    /// h.
    public let step: Double
    /// A bound on its rounding error.
    public let noise: Double

    /// How many times its rounding error it lies below zero.
    public var significance: Double { -value / max(noise, .leastNonzeroMagnitude) }
    public var isSignificant: Bool { significance > 10 }
  }

  public let verdict: Verdict
  /// Why it is refuted, then why it would be undecided; empty where confirmed.
  public let reasons: [Reason]
  /// ‖v‖.
  public let norm: Double
  /// ‖∇L(θ)‖: a negative eigenvalue makes a saddle only where this is small.
  public let gradientNorm: Double
  /// vᵀHv by differences of the gradient.
  public let curvature: Estimate
  /// vᵀHv by second differences of the values, extrapolated.
  public let curvatureFromValues: Estimate
  /// ‖Hv − λv‖ by differences of the gradient.
  public let residual: Estimate
  /// The most significant one; nil where none agrees with the curvature.
  public let secondDifference: SecondDifference?
}
