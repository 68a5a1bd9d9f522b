/// How far an ascending sample lies from a law.
struct GoodnessOfFit: Equatable, Sendable {
  /// D = sup |Fₙ − F|.
  let kolmogorovSmirnov: Double
  /// W² = n ∫ (Fₙ − F)² dF = 1/(12n) + Σ (F(xᵢ) − (i − ½)/n)².
  let cramerVonMises: Double

  init(_ sorted: ArraySlice<Double>, _ law: BulkLaw) {
    let n = Double(sorted.count)
    var (worst, squares) = (0.0, 0.0)
    for (i, x) in sorted.enumerated() {
      let level = law.cumulative(x)
      let middle = level - (Double(i) + 0.5) / n
      squares += middle * middle
      worst = max(worst, middle.magnitude + 0.5 / n)
    }
    kolmogorovSmirnov = worst
    cramerVonMises = 1 / (12 * n) + squares
  }
}
