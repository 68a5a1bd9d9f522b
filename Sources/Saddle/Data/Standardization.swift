/// How brightness becomes the input of a network.
public enum Standardization: String, CaseIterable, Codable, Sendable {
  /// Scaled to [0, 1].
  case none
  /// Mean 0 and standard deviation 1 over all pixels of all images.
  case global
  /// Mean 0 and standard deviation 1 of each feature over the images; a feature that is the same
  /// in all images becomes exactly 0.
  case perFeature
}

/// The map x ↦ (x − mean) / deviation of each feature: fitted on training images, applied to those
/// and to test images alike.
///
/// The deviation is the population's, √(Σ(x − mean)²/N). Where it is 0 the feature becomes 0.
public struct Standardizer: Codable, Equatable, Sendable {
  /// The mean brightness in [0, 1]: one number for all features, or one for each.
  public let means: [Double]
  /// The standard deviations, as many as there are means.
  public let deviations: [Double]

  public init(means: [Double], deviations: [Double]) {
    precondition(
      means.count == deviations.count && !means.isEmpty,
      "\(means.count) means and \(deviations.count) deviations")
    self.means = means
    self.deviations = deviations
  }

  /// The map that standardizes these images.
  init(fitting images: PixelSums, _ choice: Standardization) {
    switch choice {
    case .none:
      self.init(means: [0], deviations: [1])
    case .global:
      self = Self.fitted(to: images, groups: 1)
    case .perFeature:
      self = Self.fitted(to: images, groups: images.shape.count)
    }
  }

  /// One mean and deviation for every `groups`-th value: 1 pools all features.
  private static func fitted(to images: PixelSums, groups: Int) -> Standardizer {
    let values = images.values
    let samples = Double(values.count / groups)
    // Whole numbers: the sums are exact, and a constant group is one whose values are equal.
    var totals = [Int](repeating: 0, count: groups)
    var varies = [Bool](repeating: false, count: groups)
    var i = 0
    var group = 0
    while i < values.count {
      totals[group] &+= Int(truncatingIfNeeded: values[i])
      if values[i] != values[group] { varies[group] = true }
      i += 1
      group += 1
      if group == groups { group = 0 }
    }
    let means = totals.map { Double($0) / samples }
    var squares = [Double](repeating: 0, count: groups)
    i = 0
    group = 0
    while i < values.count {
      let deviation = Double(values[i]) - means[group]
      squares[group] += deviation * deviation
      i += 1
      group += 1
      if group == groups { group = 0 }
    }
    let unit = Double(images.denominator)
    return Standardizer(
      means: means.map { $0 / unit },
      deviations: squares.indices.map { k in
        varies[k] ? (squares[k] / samples).squareRoot() / unit : 0
      })
  }

  /// The images' features as the network sees them, row by row, in double precision.
  func features(of images: PixelSums) -> [Double] {
    let values = images.values
    let unit = Double(images.denominator)
    precondition(
      means.count == 1 || means.count == images.shape.count,
      "\(means.count) means for \(images.shape.count) features")
    var features = [Double](repeating: 0, count: values.count)
    var i = 0
    var group = 0
    while i < values.count {
      let deviation = deviations[group]
      if deviation > 0 { features[i] = (Double(values[i]) / unit - means[group]) / deviation }
      i += 1
      group += 1
      if group == means.count { group = 0 }
    }
    return features
  }
}
