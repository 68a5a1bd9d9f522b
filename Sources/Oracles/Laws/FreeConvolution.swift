import CGSL

/// The additive free convolution of a semicircle around zero and a Marchenko–Pastur law of scale 1
/// by its R-transform, v·g + 1/(1 − ratio·g), whose sum with 1/g is z (Voiculescu 1986): a cubic in
/// Stieltjes' g, solved by GSL.
public struct FreeConvolution: Sendable, Equatable {
  /// v > 0, the semicircle's.
  public let variance: Double
  public let ratio: Double

  public init(variance: Double, ratio: Double) {
    precondition(
      variance > 0 && variance.isFinite && ratio > 0 && ratio.isFinite,
      "a free convolution of variance \(variance) and ratio \(ratio)")
    self.variance = variance
    self.ratio = ratio
  }

  /// |Im g|/π of the pair of complex roots, zero where all three are real.
  public func density(_ z: Double) -> Double {
    // g³ − (v + ratio·z)/(v·ratio)·g² + (ratio − 1 + z)/(v·ratio)·g − 1/(v·ratio) = 0.
    let lead = variance * ratio
    var (first, second, third) = (gsl_complex(), gsl_complex(), gsl_complex())
    let (a, b, c) = (-(variance + ratio * z) / lead, (ratio - 1 + z) / lead, -1 / lead)
    _ = gsl_poly_complex_solve_cubic(a, b, c, &first, &second, &third)
    // Roots come by their real parts; real ones have an imaginary part of zero.
    var (x, y) = [first.dat, second.dat, third.dat].reduce((0, 0)) { $1.1 > $0.1 ? $1 : $0 }
    guard y > 0 else { return 0 }
    // Newton's steps make up for what Cardano's formula cancels.
    for _ in 0..<3 {
      let square = (x * x - y * y, 2 * x * y)
      let value = (
        x * square.0 - y * square.1 + a * square.0 + b * x + c,
        x * square.1 + y * square.0 + a * square.1 + b * y
      )
      let slope = (3 * square.0 + 2 * a * x + b, 3 * square.1 + 2 * a * y)
      let norm = slope.0 * slope.0 + slope.1 * slope.1
      guard norm > 0 else { break }
      x -= (value.0 * slope.0 + value.1 * slope.1) / norm
      y -= (value.1 * slope.0 - value.0 * slope.1) / norm
    }
    return y.magnitude / Double.pi
  }

  /// Where the density is positive, ascending: one interval, or two with a gap between them.
  ///
  /// - Accuracy: gaps of less than a few thousandths of the whole are not seen.
  public var components: [ClosedRange<Double>] {
    let reach = 2 * variance.squareRoot()
    let root = ratio.squareRoot()
    let (low, high) = (-reach - 0.01, reach + (1 + root) * (1 + root) + 0.01)
    let count = 4000
    let grid = (0...count).map { low + (high - low) * Double($0) / Double(count) }
    let isInside = grid.map(hasMass)
    var ends: [Double] = []
    for k in 1...count where isInside[k] != isInside[k - 1] {
      var (outer, inner) =
        isInside[k] ? (grid[k - 1], grid[k]) : (grid[k], grid[k - 1])
      for _ in 0..<60 {
        let middle = (outer + inner) / 2
        if hasMass(middle) { inner = middle } else { outer = middle }
      }
      ends.append(inner)
    }
    return stride(from: 0, to: ends.count - 1, by: 2).map { ends[$0]...ends[$0 + 1] }
  }

  /// The mass below z, by quadrature.
  public func mass(below z: Double) throws(OracleError) -> Double {
    var sum = 0.0
    for part in components where part.lowerBound < z {
      let end = min(z, part.upperBound)
      // In halves of t², since the density is like a square root at either end.
      let middle = (part.lowerBound + end) / 2
      sum += try GSL.integral(
        of: { t in 2 * t * density(part.lowerBound + t * t) }, from: 0,
        to: (middle - part.lowerBound).squareRoot(), absolute: 1e-12, relative: 1e-10
      ).value
      sum += try GSL.integral(
        of: { t in 2 * t * density(end - t * t) }, from: 0, to: (end - middle).squareRoot(),
        absolute: 1e-12, relative: 1e-10
      ).value
    }
    return sum
  }

  /// Whether the cubic has a complex pair, by its discriminant.
  private func hasMass(_ z: Double) -> Bool {
    let lead = variance * ratio
    let (b, c, d) = (-(variance + ratio * z), ratio - 1 + z, -1.0)
    let discriminant =
      18 * lead * b * c * d - 4 * b * b * b * d + b * b * c * c - 4 * lead * c * c * c
      - 27 * lead * lead * d * d
    return discriminant < 0
  }
}
