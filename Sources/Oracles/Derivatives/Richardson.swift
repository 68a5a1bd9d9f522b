/// Richardson's extrapolation of quantities with an error in even powers of the step.
///
/// With steps halved from row to row, T[i][j] = T[i][j−1] + (T[i][j−1] − T[i−1][j−1])/(4ʲ − 1)
/// removes the power h²ʲ (Richardson 1911). As in Ridders (1982, Adv. Eng. Software 4) the entry
/// kept is the one with the smallest error estimate; here that estimate is the distance to both
/// parents **plus the rounding error carried through the tableau**, so that two entries which
/// agree by accident, or agree because both are rounding noise, do not pass for an accurate one.
public enum Richardson {
  /// - Parameters:
  ///   - quotients: T[0][0], T[1][0], …: the raw quantity at steps h, h/2, h/4, …; at least two.
  ///   - noise: a bound on the rounding error of each raw quantity, as many.
  /// - Returns: the best entry; its error is twice the estimate above.
  public static func extrapolate(_ quotients: [Double], noise: [Double]) -> Estimate {
    precondition(
      quotients.count >= 2 && noise.count == quotients.count,
      "\(quotients.count) quotients and \(noise.count) noise bounds; at least two of each")
    var best = Estimate(value: quotients[0], error: .infinity)
    var above = [Double]()
    var noiseAbove = [Double]()
    for i in quotients.indices {
      var row = [quotients[i]]
      var noiseRow = [noise[i]]
      var power = 1.0
      for j in 0..<i {
        power *= 4
        let difference = row[j] - above[j]
        row.append(row[j] + difference / (power - 1))
        noiseRow.append((power * noiseRow[j] + noiseAbove[j]) / (power - 1))
        let truncation = max((row[j + 1] - row[j]).magnitude, (row[j + 1] - above[j]).magnitude)
        let error = 2 * (truncation + noiseRow[j + 1])
        if error < best.error { best = Estimate(value: row[j + 1], error: error) }
      }
      above = row
      noiseAbove = noiseRow
    }
    return best
  }
}
