/// A point of an objective in three figures.
public struct Evaluation: Codable, Equatable, Sendable {
  /// The objective's value: mean loss plus penalty.
  public let loss: Double
  /// The share of samples whose label's output is largest, where there are labels.
  public let accuracy: Double?
  /// ‖∇L‖₂ over all samples.
  public let gradientNorm: Double

  public init(loss: Double, accuracy: Double?, gradientNorm: Double) {
    self.loss = loss
    self.accuracy = accuracy
    self.gradientNorm = gradientNorm
  }

  /// Sums over thousands of samples in another order, or on other kernels, differ by less than this
  /// part of them.
  static let tolerance = 1e-11

  /// Whether loss and gradient are: elsewhere there is nothing to go on from or to analyze.
  var isFinite: Bool { loss.isFinite && gradientNorm.isFinite }
}
