/// Bounds of what rounding may have changed of a loss and of its gradient's norm, near a critical
/// point too: there the samples' gradients cancel, and what is left of them is no measure of their
/// rounding.
public struct EvaluationRounding: Codable, Equatable, Sendable {
  /// |computed − true value| at most, the penalty's part among it.
  public let loss: Double
  /// |computed − true ‖∇L‖₂| at most.
  public let gradientNorm: Double

  /// nil unless both bounds are finite: an infinite one bounds nothing.
  public init?(loss: Double, gradientNorm: Double) {
    guard loss.isFinite && gradientNorm.isFinite else { return nil }
    self.loss = loss
    self.gradientNorm = gradientNorm
  }
}
