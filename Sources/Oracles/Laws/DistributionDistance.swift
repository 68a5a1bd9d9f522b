import Foundation

/// How far a sample lies from a distribution function, by the plain definitions.
public enum DistributionDistance {
  /// D = sup |Fₙ − F|, from all values on both sides of every jump.
  public static func kolmogorovSmirnov(
    _ sample: [Double], _ cumulative: (Double) -> Double
  ) -> Double {
    let n = Double(sample.count)
    var worst = 0.0
    for x in sample {
      let f = cumulative(x)
      let below = Double(sample.count { $0 < x }) / n
      let upTo = Double(sample.count { $0 <= x }) / n
      worst = max(worst, abs(below - f), abs(upTo - f))
    }
    return worst
  }

  /// W² = n ∫ (Fₙ − F)² dF, piece by piece between the jumps: ∫ (i/n − u)² du.
  public static func cramerVonMises(
    _ sample: [Double], _ cumulative: (Double) -> Double
  ) -> Double {
    let n = Double(sample.count)
    let levels = [0] + sample.map(cumulative).sorted() + [1]
    var sum = 0.0
    for i in 0...sample.count {
      let step = Double(i) / n
      sum += (pow(levels[i + 1] - step, 3) - pow(levels[i] - step, 3)) / 3
    }
    return n * sum
  }
}
