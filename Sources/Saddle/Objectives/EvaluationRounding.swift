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

  /// Refuses what bounds nothing.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    loss = try container.decode(Double.self, forKey: .loss)
    gradientNorm = try container.decode(Double.self, forKey: .gradientNorm)
    try container.require(loss >= 0, .loss, "a bound of \(loss) is below zero")
    try container.require(
      gradientNorm >= 0, .gradientNorm, "a bound of \(gradientNorm) is below zero")
  }
}
