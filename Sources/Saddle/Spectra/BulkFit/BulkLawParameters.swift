import RealModule

/// A law as a point in a box, for the fit: mean and logarithm of the standard deviation, then the
/// family's shape, which does not change with either.
///
/// The shape is nothing for the semicircle; the skewness ±√ratio for Marchenko–Pastur, which goes
/// through the semicircle at 0; for the free convolution the Marchenko–Pastur part's share of the
/// variance and the skew length τ in standard deviations.
struct BulkLawParameters: Equatable, Sendable {
  let family: BulkLawFamily
  var values: [Double]

  init(_ family: BulkLawFamily, mean: Double, deviation: Double, shape: [Double]) {
    self.family = family
    values = [mean, .log(deviation)] + shape
  }

  /// The box of each shape parameter.
  static func bounds(_ family: BulkLawFamily) -> [ClosedRange<Double>] {
    switch family {
    case .semicircle: []
    case .marchenkoPastur: [-1...1]
    // A share of 1 has an atom, which a bulk without zeros has not.
    case .freeConvolution: [0...1 - 1e-6, -10...10]
    }
  }

  var law: BulkLaw {
    let (mean, deviation) = (values[0], Double.exp(values[1]))
    switch family {
    case .semicircle:
      return .semicircle(SemicircleLaw(center: mean, radius: 2 * deviation))
    case .marchenkoPastur:
      // Closer to the semicircle than this, shift and scale lose their digits to each other.
      let root = max(values[2].magnitude, 1e-5)
      let scale = (values[2] < 0 ? -deviation : deviation) / root
      return .marchenkoPastur(
        MarchenkoPasturLaw(ratio: root * root, scale: scale, shift: mean - scale))
    case .freeConvolution:
      let variance = deviation * deviation
      return .freeConvolution(
        FreeConvolutionLaw(
          mean: mean, semicircleVariance: (1 - values[2]) * variance,
          marchenkoPasturVariance: values[2] * variance, skewLength: values[3] * deviation))
    }
  }

  /// The parameters moved by a step, kept in their box; a step with NaN leads nowhere.
  func moved(by step: [Double]) -> BulkLawParameters {
    guard allFinite(step.span) else { return self }
    var result = self
    for i in values.indices { result.values[i] += step[i] }
    // No step goes farther than some standard deviations, where nothing would lead back.
    let deviation = Double.exp(values[1])
    result.values[0] = values[0] + min(max(step[0], -4 * deviation), 4 * deviation)
    result.values[1] = values[1] + min(max(step[1], -1), 1)
    for (i, bound) in Self.bounds(family).enumerated() {
      result.values[2 + i] = min(max(result.values[2 + i], bound.lowerBound), bound.upperBound)
    }
    return result
  }

  /// A law of the given shape that has a sample's median and distance of quartiles.
  ///
  /// - Parameter sorted: ascending, its quartiles apart.
  init(_ family: BulkLawFamily, shape: [Double], matching sorted: ArraySlice<Double>) {
    let standard = BulkLawParameters(family, mean: 0, deviation: 1, shape: shape).law
    let (q1, q2, q3) = (standard.quantile(0.25), standard.quantile(0.5), standard.quantile(0.75))
    let deviation = interquartileRange(sorted) / (q3 - q1)
    self.init(
      family, mean: quantile(sorted, 0.5) - deviation * q2, deviation: deviation, shape: shape)
  }

  /// Where a fit starts if nothing is known: shapes over the whole box.
  static func startingShapes(_ family: BulkLawFamily) -> [[Double]] {
    switch family {
    case .semicircle: [[]]
    case .marchenkoPastur: [-0.9, -0.3, 0.3, 0.9].map { [$0] }
    case .freeConvolution:
      [0.2, 0.6, 0.98].flatMap { share in
        [-2.5, -1, -0.4, 0.4, 1, 2.5].map { [share, $0] }
      }
    }
  }
}

/// The p-quantile of an ascending sample, between its values linearly.
private func quantile(_ sorted: ArraySlice<Double>, _ p: Double) -> Double {
  let position = p * Double(sorted.count - 1)
  let below = sorted.startIndex + Int(position)
  let above = min(below + 1, sorted.endIndex - 1)
  let part = position - position.rounded(.down)
  return sorted[below] + part * (sorted[above] - sorted[below])
}

/// The distance of an ascending sample's quartiles.
func interquartileRange(_ sorted: ArraySlice<Double>) -> Double {
  quantile(sorted, 0.75) - quantile(sorted, 0.25)
}
