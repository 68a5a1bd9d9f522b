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

  /// Refuses what no objective of Saddle's has.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    loss = try container.decode(Double.self, forKey: .loss)
    accuracy = try container.decodeIfPresent(Double.self, forKey: .accuracy)
    gradientNorm = try container.decode(Double.self, forKey: .gradientNorm)
    // A sum of terms that are 0 but for rounding may be a little below it.
    try container.require(loss >= -1e-9, .loss, "a loss of \(loss) is below zero")
    try container.require(
      0...1 ~= accuracy ?? 0, .accuracy, "an accuracy of \(accuracy ?? 0) is no share")
    try container.require(
      gradientNorm >= 0, .gradientNorm, "a length of \(gradientNorm) is below zero")
  }

  /// Sums over thousands of samples in another order, or on other kernels, differ by less than this
  /// part of them.
  static let tolerance = 1e-11

  /// Whether loss and gradient are: elsewhere there is nothing to go on from or to analyze.
  var isFinite: Bool { loss.isFinite && gradientNorm.isFinite }
}

extension KeyedDecodingContainer {
  /// Throws `DecodingError.dataCorrupted` at a key unless what must hold does.
  func require(_ holds: Bool, _ key: Key, _ problem: String) throws {
    guard holds else {
      throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: problem)
    }
  }
}
