/// How the levels of a Hessian's bulk keep apart, beside those of a GOE matrix on the same density:
/// the mean ratio of consecutive spacings (`LevelStatistics.spacingRatios`), which is local and asks
/// nothing of the density's form.
///
/// The bulk is what is larger than `tolerance` of the greatest magnitude, without the greatest so many;
/// both signs apart. By size alone, so that nothing is chosen by how far levels are apart.
public struct BulkRepulsion: Equatable, Sendable {
  /// Ratios, and their sum.
  public let count: Int
  public let sum: Double
  /// The same of GOE levels that are laid on the bulk's density.
  public let controlCount: Int
  public let controlSum: Double

  public static let tolerance = 1e-6
  /// A side with fewer levels has no bulk.
  static let leastLevels = 50
  /// The density is taken as even over so many levels: a knot at every sixteenth.
  static let knot = 16
  /// GOE levels in one piece: the middle half of a matrix of twice as many.
  static let piece = 400

  /// - Parameters:
  ///   - eigenvalues: ascending.
  ///   - outliers: of the greatest, left out.
  ///   - draws: how often the control is drawn.
  /// - Returns: nil where no side has a bulk.
  /// - Throws: `RandomMatrixError.levelNotFinite`, `.notAscending`; `.repeated` at three equal levels.
  public init?(
    of eigenvalues: [Double], outliers: Int, draws: Int = 4,
    using generator: inout some RandomNumberGenerator
  ) throws(RandomMatrixError) {
    let radius = max((eigenvalues.first ?? 0).magnitude, (eigenvalues.last ?? 0).magnitude)
    let least = Self.tolerance * radius
    let sides = [
      eigenvalues.filter { $0 < -least }, Array(eigenvalues.filter { $0 > least }.dropLast(outliers)),
    ].filter { $0.count >= Self.leastLevels }
    guard !sides.isEmpty else { return nil }
    var (count, sum, controlCount, controlSum) = (0, 0.0, 0, 0.0)
    for levels in sides {
      let ratios = try LevelStatistics.spacingRatios(levels)
      count += ratios.count
      sum += ratios.reduce(0, +)
      for _ in 0..<draws {
        for start in stride(from: 0, to: levels.count - 2, by: Self.piece) {
          let ratios = try LevelStatistics.spacingRatios(
            Self.control(levels, start, using: &generator))
          controlCount += ratios.count
          controlSum += ratios.reduce(0, +)
        }
      }
    }
    (self.count, self.sum) = (count, sum)
    (self.controlCount, self.controlSum) = (controlCount, controlSum)
  }

  public var meanRatio: Double { sum / Double(count) }

  /// GOE levels of mean spacing 1 from `start` on, laid where the levels of those numbers are, with an
  /// even density from knot to knot.
  private static func control(
    _ levels: [Double], _ start: Int, using generator: inout some RandomNumberGenerator
  ) throws(RandomMatrixError) -> [Double] {
    let length = max(3, min(piece, levels.count - start))
    let drawn = try RandomMatrixEnsemble.goe.spectrum(order: 2 * length, using: &generator)
    let unfolded = try LevelStatistics.unfolded(drawn, by: SemicircleLaw(radius: 2))
    let middle = unfolded[length / 2..<length / 2 + length]
    let first = middle[middle.startIndex]
    return middle.map { level in place(Double(start) + level - first, in: levels) }
  }

  /// Where a number between 0 and n − 1 stands among n levels.
  private static func place(_ number: Double, in levels: [Double]) -> Double {
    let last = levels.count - 1
    // The last piece may be shorter than a knot, and numbers a little beyond the last level.
    let low = min(Int(number) / knot * knot, max(last - 1, 0) / knot * knot)
    let high = min(low + knot, last)
    let slope = (levels[high] - levels[low]) / Double(high - low)
    return levels[low] + slope * (number - Double(low))
  }
}
