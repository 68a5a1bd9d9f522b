/// Replaces a share of the labels by labels drawn uniformly from all classes, the right one among
/// them (Zhang et al. 2017, "partially corrupted labels").
public struct LabelNoise: Hashable, Codable, Sendable {
  /// The probability of each label to be drawn anew.
  public let share: Double
  public let seed: UInt64

  /// - Throws: `DataError.invalidLabelNoise` unless the share is in 0...1.
  public init(share: Double, seed: UInt64) throws(DataError) {
    guard 0...1 ~= share else { throw .invalidLabelNoise(share: share) }
    self.share = share
    self.seed = seed
  }

  private enum CodingKeys: CodingKey { case share, seed }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      share: container.decode(Double.self, forKey: .share),
      seed: container.decode(UInt64.self, forKey: .seed))
  }

  /// Every sample takes two draws, so that a larger share draws the same labels anew and more.
  func applied(to images: ImageSet) -> ImageSet {
    var generator = RandomStream(seed: seed, name: "labels")
    let labels = images.labels.map { label in
      let isDrawn = generator.uniform(0, 1) < share
      let other = UInt8(min(generator.uniform(0, 1) * Double(images.classes), 255))
      return isDrawn ? min(other, UInt8(images.classes - 1)) : label
    }
    return ImageSet(
      name: images.name + ", \(percent(share)) of labels at random", shape: images.shape,
      classes: images.classes, pixels: images.pixels, labels: labels, sources: images.sources)
  }
}
