import Foundation

/// Spectra worth testing an eigensolver on, after LAPACK's matrix types (TESTING/EIG).
public enum RandomSpectrum {
  /// n values ±q^k with random signs, spread evenly on a logarithmic scale from 1 down to
  /// `smallest`.
  public static func graded(
    count n: Int, smallest: Double = 0x1p-52, using generator: inout some RandomNumberGenerator
  ) -> [Double] {
    var result = [Double]()
    for k in 0..<n {
      let part = n > 1 ? Double(k) / Double(n - 1) : 0
      result.append(Draw.sign(using: &generator) * pow(smallest, part))
    }
    return result
  }

  /// Clusters of sizes 1, 2, 4, … around distinct centres, each of width a few ulp.
  public static func clustered(
    count n: Int, using generator: inout some RandomNumberGenerator
  ) -> [Double] {
    var result = [Double]()
    var size = 1
    while result.count < n {
      let centre = Draw.uniform(-1, 1, using: &generator)
      for _ in 0..<min(size, n - result.count) {
        result.append(centre * (1 + 0x1p-51 * Draw.uniform(-1, 1, using: &generator)))
      }
      size *= 2
    }
    return result
  }

  /// `rank` values uniform on [−1, 1), the rest exactly zero.
  public static func lowRank(
    count n: Int, rank: Int, using generator: inout some RandomNumberGenerator
  ) -> [Double] {
    precondition((0...n).contains(rank), "rank \(rank) of order \(n)")
    var result = [Double](repeating: 0, count: n)
    for k in 0..<rank { result[k] = Draw.uniform(-1, 1, using: &generator) }
    return result
  }
}
