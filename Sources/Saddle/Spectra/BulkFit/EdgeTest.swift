/// Where a spectrum's extreme eigenvalues stand in Tracy and Widom's law, by a fitted semicircle.
///
/// Center and radius are fitted to the same eigenvalues, and follow the extremes a little: in the
/// law's units their own error is of the order n^(−⅓). The p-value is therefore a bootstrap's,
/// among random matrices that are fitted alike. The law's own is given beside it, and is that of a
/// spectrum whose center and radius are known to be the fitted ones.
public struct EdgeTest: Codable, Equatable, Sendable {
  public struct Extreme: Codable, Equatable, Sendable {
    /// s = n^⅔(2(λ₁ − c)/R − 2) + (1/β − ½)n^(−⅓), and the same of −λₙ about −c.
    public let position: Double
    /// F(s) of Tracy and Widom's law.
    public let cumulative: Double
    /// 2·min(F(s), 1 − F(s)), given center and radius.
    public let conditionalPValue: Double
    /// Two-sided, of draws that lie as far out or as far in, the spectrum itself one of them.
    public let pValue: Double
  }

  public let index: TracyWidomLaw.Index
  public let greatest: Extreme
  public let least: Extreme

  /// - Parameter drawn: the positions of matrices that are drawn, each by its own fit.
  init(
    _ index: TracyWidomLaw.Index, observed: EdgePositions, drawn: [EdgePositions]
  ) throws(RandomMatrixError) {
    self.index = index
    let law = TracyWidomLaw(index)
    func extreme(
      _ path: KeyPath<EdgePositions, Double>
    ) throws(RandomMatrixError) -> Extreme {
      let position = observed[keyPath: path]
      let (below, above) = (try law.cumulative(position), try law.survival(position))
      func share(_ hits: Int) -> Double { Double(1 + hits) / Double(1 + drawn.count) }
      let tails = (
        share(drawn.count { $0[keyPath: path] <= position }),
        share(drawn.count { $0[keyPath: path] >= position })
      )
      return Extreme(
        position: position, cumulative: below, conditionalPValue: min(1, 2 * min(below, above)),
        pValue: min(1, 2 * min(tails.0, tails.1)))
    }
    greatest = try extreme(\.greatest)
    least = try extreme(\.least)
  }
}

/// The extremes of a spectrum in the units of Tracy and Widom's law, about a semicircle's edges.
struct EdgePositions: Sendable {
  let greatest: Double
  let least: Double

  /// - Parameter sorted: eigenvalues without zeros, outliers included, at least one.
  init(of sorted: [Double], about law: SemicircleLaw, index: TracyWidomLaw.Index) {
    func position(_ distance: Double) -> Double {
      RandomMatrixSpectrum.edgePosition(
        2 * distance / law.radius, order: sorted.count, beta: Double(index.rawValue))
    }
    greatest = position(sorted[sorted.count - 1] - law.center)
    least = position(law.center - sorted[0])
  }
}
