/// A network's inputs before they were rounded: whole numbers, from which a rational mean was taken
/// and which were divided by a positive number, the same for all features or one for each.
public struct WholeNumberInputs: Equatable, Sendable {
  /// Samples × features.
  private let values: [Int32]
  private let features: Int
  /// The means times `denominator`: one for all features, or one for each.
  private let totals: [Int]
  private let denominator: Int
  /// Features that standardization made 0.
  private let isZero: [Bool]
  /// Whether all features were divided by the same number.
  let hasCommonScale: Bool

  /// - Parameters:
  ///   - images: what was standardized.
  ///   - fitted: the images whose mean was taken from them.
  /// - Returns: Nil where numbers would not be exact in double precision.
  init?(_ images: PixelSums, standardizedBy fitted: PixelSums, _ choice: Standardization) {
    let features = fitted.shape.count
    guard images.shape == fitted.shape, images.denominator == fitted.denominator else {
      return nil
    }
    var sums = [Int](repeating: 0, count: features)
    var varies = [Bool](repeating: false, count: features)
    var j = 0
    for value in fitted.values {
      sums[j] &+= Int(value)
      if value != fitted.values[j] { varies[j] = true }
      j += 1
      if j == features { j = 0 }
    }
    switch choice {
    case .none: (totals, denominator) = ([0], 1)
    case .global: (totals, denominator) = ([sums.reduce(0, &+)], fitted.values.count)
    case .perFeature: (totals, denominator) = (sums, fitted.count)
    }
    let most = Int(images.values.max() ?? 0)
    let (product, overflows) = most.multipliedReportingOverflow(by: denominator)
    guard !overflows, max(product, totals.max() ?? 0) < 1 << 52 else { return nil }
    values = images.values
    self.features = features
    isZero =
      switch choice {
      case .none: [false]
      case .global: [fitted.values.allSatisfy { $0 == fitted.values[0] }]
      case .perFeature: varies.map { !$0 }
      }
    hasCommonScale = choice != .perFeature
  }

  /// What the bias's 1 is in the same unit.
  var one: Double { Double(denominator) }

  /// Some samples, each feature times a positive number: whole.
  func rows(_ range: Range<Int>) -> [Double] {
    var result = [Double](repeating: 0, count: range.count * features)
    var group = 0
    for (k, i) in (range.lowerBound * features..<range.upperBound * features).enumerated() {
      if !isZero[group] { result[k] = Double(Int(values[i]) &* denominator &- totals[group]) }
      group += 1
      if group == totals.count { group = 0 }
    }
    return result
  }
}
