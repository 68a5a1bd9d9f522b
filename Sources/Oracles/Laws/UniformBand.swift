import Foundation

/// Kolmogorov's distribution for few draws by counting: P(|Fₙ(t) − t| ≤ d for all t).
///
/// The i-th least of n uniform draws must lie between i/n − d and (i − 1)/n + d (Noé 1972). From
/// one such bound to the next the number of draws passed is multinomial: sums of positive terms
/// alone.
public struct UniformBand: Sendable {
  public let count: Int

  /// - Parameter count: 1 … 100: n! must be a number.
  public init(count: Int) {
    precondition((1...100).contains(count), "a band for \(count) draws: pass 1 to 100")
    self.count = count
  }

  /// P(D ≤ d).
  public func probability(within d: Double) -> Double {
    let n = Double(count)
    if d <= 1 / (2 * n) { return 0 }
    if d >= 1 { return 1 }
    // Where i − 1 draws at most may have been passed, and where i must have been.
    var bounds: [(t: Double, least: Int, most: Int)] = [(1, count, count)]
    for i in 1...count {
      let (low, high) = (Double(i) / n - d, Double(i - 1) / n + d)
      if low > 0 { bounds.append((low, 0, i - 1)) }
      if high < 1 { bounds.append((high, i, count)) }
    }
    bounds.sort { $0.t < $1.t }
    var ways = [1.0] + [Double](repeating: 0, count: count)
    var last = 0.0
    for bound in bounds {
      let step = bound.t - last
      last = bound.t
      // stepᵏ/k!.
      var powers = [1.0]
      for k in 1...count { powers.append(powers[k - 1] * step / Double(k)) }
      ways = (0...count).map { m in
        m < bound.least || m > bound.most
          ? 0 : (0...m).reduce(0) { $0 + ways[$1] * powers[m - $1] }
      }
    }
    return ways[count] * tgamma(n + 1)
  }
}
