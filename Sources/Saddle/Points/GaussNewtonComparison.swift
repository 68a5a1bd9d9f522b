/// How far the Hessian's spectrum and that of the Gauss–Newton matrix agree at one point.
public struct GaussNewtonComparison: Codable, Equatable, Sendable {
  /// The largest eigenvalues of both that are compared one by one.
  public static let leading = 10

  /// The leading eigenvalues, from the greatest down.
  public let hessian: [Double]
  public let gaussNewton: [Double]
  /// max |λ − μ|/μ over them.
  public let leadingDeviation: Double
  /// Kolmogorov's distance between all the other eigenvalues of both.
  public let bulkDistance: Double

  /// - Parameters:
  ///   - hessian: all eigenvalues, rising.
  ///   - gaussNewton: as many, rising.
  public init(hessian: [Double], gaussNewton: [Double]) {
    precondition(hessian.count == gaussNewton.count)
    let count = min(Self.leading, hessian.count)
    self.hessian = Array(hessian.suffix(count).reversed())
    self.gaussNewton = Array(gaussNewton.suffix(count).reversed())
    leadingDeviation =
      zip(self.hessian, self.gaussNewton).map { ($0 - $1).magnitude / $1.magnitude }.max() ?? 0
    bulkDistance = kolmogorovDistance(hessian.dropLast(count), gaussNewton.dropLast(count))
  }
}

/// The largest difference of two samples' distribution functions, both rising.
func kolmogorovDistance(_ first: ArraySlice<Double>, _ second: ArraySlice<Double>) -> Double {
  let (one, other) = (Array(first), Array(second))
  var (i, j, largest) = (0, 0, 0.0)
  while i < one.count, j < other.count {
    let value = min(one[i], other[j])
    // Ties on both sides are passed before the functions are compared.
    while i < one.count, one[i] <= value { i += 1 }
    while j < other.count, other[j] <= value { j += 1 }
    largest = max(
      largest, (Double(i) / Double(one.count) - Double(j) / Double(other.count)).magnitude)
  }
  return largest
}
