import RealModule

/// Whether neighbouring eigenvalues keep apart as those of a random matrix do, by the mean ratio of
/// consecutive spacings, which no unfolding and no fit comes before (Oganesyan, Huse 2007; Atas et
/// al. 2013).
///
/// A class's own variance is what its test takes, not the sample's: of fifty ratios that is off by a
/// third, and one in seventy GOE spectra of 54 levels would be refused at 0.17 %.
public struct LevelRepulsion: Codable, Equatable, Sendable {
  /// The hypothesis that levels are of one class.
  public struct Test: Codable, Equatable, Sendable {
    public let law: SpacingLaw
    /// Two-sided, of a mean ratio so far from the class's.
    public let pValue: Double
  }

  /// No test is taken on fewer ratios: the mean's distribution is normal only for many.
  public static let leastRatios = 50
  /// The published means of the matrix classes are given to 1e-4.
  private static let uncertainty = 1e-4

  public let ratios: Int
  public let meanRatio: Double
  /// Of the mean, at most, for levels of any of the classes.
  public let standardError: Double
  /// One for each class.
  public let tests: [Test]

  /// - Parameter eigenvalues: ascending, simple ones.
  /// - Throws: `.levelNotFinite`, `.notAscending`, `.repeated` at three equal levels;
  ///   `.tooFewLevels` for fewer than `leastRatios` + 2.
  public init(of eigenvalues: [Double]) throws(RandomMatrixError) {
    guard eigenvalues.count >= Self.leastRatios + 2 else {
      throw .tooFewLevels(count: eigenvalues.count, needed: Self.leastRatios + 2)
    }
    let values = try LevelStatistics.spacingRatios(eigenvalues)
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    ratios = values.count
    meanRatio = mean
    standardError = (SpacingLaw.allCases.reduce(0) { max($0, $1.ratioVariance) } / n).squareRoot()
    tests = SpacingLaw.allCases.map { law in
      let scale = (law.ratioVariance / n + Self.uncertainty * Self.uncertainty).squareRoot()
      let z = (mean - law.meanRatio).magnitude / scale
      return Test(law: law, pValue: .erfc(z / 2.0.squareRoot()))
    }
  }

  public func pValue(of law: SpacingLaw) -> Double? { tests.first { $0.law == law }?.pValue }
}

/// p-values of several tests, each raised so that the least of them all is below α with probability
/// at most α where all hypotheses are true, whatever the tests have in common (Holm 1979).
///
/// - Returns: in the order of the arguments, between 0 and 1.
public func holmAdjusted(_ pValues: [Double]) -> [Double] {
  var adjusted = pValues
  var least = 0.0
  for (rank, i) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
    least = max(least, min(1, Double(pValues.count - rank) * pValues[i]))
    adjusted[i] = least
  }
  return adjusted
}
