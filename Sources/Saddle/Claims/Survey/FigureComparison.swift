import RealModule

/// A figure that stores are compared by.
struct ComparedFigure: Sendable {
  let name: String
  /// The largest mean difference that is none: relative where figures are compared by logarithm.
  let margin: Double
  let isLogarithmic: Bool
  let value: @Sendable (EndPoint) -> Double?

  /// Margins: what other BLAS kernels change in short runs stays well below them; what a reader
  /// would call another result is well above.
  static let all: [ComparedFigure] = [
    ComparedFigure(name: "training loss", margin: 0.02, isLogarithmic: true) { $0.point.evaluation.loss },
    ComparedFigure(name: "test accuracy", margin: 0.01, isLogarithmic: false) {
      $0.test?.accuracy
    },
    ComparedFigure(name: "greatest eigenvalue", margin: 0.005, isLogarithmic: true) {
      $0.point.spectrum?.greatest.value
    },
    ComparedFigure(name: "−least eigenvalue", margin: 0.02, isLogarithmic: true) {
      $0.point.spectrum.map { -$0.least.value }
    },
    ComparedFigure(name: "index at 1e-6", margin: 0.005, isLogarithmic: false) {
      $0.point.index(at: PointLimits.strictZero)
    },
    ComparedFigure(name: "zeros at 1e-6", margin: 0.005, isLogarithmic: false) {
      $0.point.spectrum?.share(at: PointLimits.strictZero)?.degeneracy.resolved
    },
  ]

  /// The figure on the scale that it is compared on; nil where it has none.
  func scaled(_ end: EndPoint) -> Double? {
    guard let value = value(end) else { return nil }
    guard isLogarithmic else { return value }
    return value > 0 ? .log(value) : nil
  }
}

/// One figure of one setting in two stores.
struct FigureComparison {
  let setting: String
  let figure: (name: String, margin: Double)
  let pairs: Int
  let before: Double
  let after: Double
  let difference: Double
  let lower: Double
  let upper: Double
  let pValue: Double
  var margin: Double { figure.margin }

  static func all(from earlier: SettingRuns, to later: SettingRuns) -> [FigureComparison] {
    let compared = ComparedFigure.all.compactMap { figure in
      FigureComparison(figure, from: earlier, to: later)
    }
    let loss = ComparedFigure.all[0]
    return compared + [FigureComparison(driftOf: loss, from: earlier, to: later)].compactMap { $0 }
  }

  /// Pair by pair where both have the same seeds, else by Welch's test; nil without two runs of
  /// each.
  private init?(_ figure: ComparedFigure, from earlier: SettingRuns, to later: SettingRuns) {
    let (one, other) = (earlier.values(of: figure), later.values(of: figure))
    guard one.count > 1, other.count > 1 else { return nil }
    let both = one.keys.filter { other[$0] != nil }.sorted()
    let variance: Double
    let freedom: Double
    if both.count > 1 {
      let changes = SampleMean(both.map { (other[$0] ?? 0) - (one[$0] ?? 0) })
      (difference, variance) = (changes.mean, changes.varianceOfMean)
      freedom = Double(both.count - 1)
      pairs = both.count
      before = figure.shown(SampleMean(both.map { one[$0] ?? 0 }).mean)
      after = figure.shown(SampleMean(both.map { other[$0] ?? 0 }).mean)
    } else {
      let (a, b) = (SampleMean(Array(one.values)), SampleMean(Array(other.values)))
      difference = b.mean - a.mean
      variance = a.varianceOfMean + b.varianceOfMean
      // Welch and Satterthwaite.
      let parts =
        a.varianceOfMean * a.varianceOfMean / Double(one.count - 1)
        + b.varianceOfMean * b.varianceOfMean / Double(other.count - 1)
      freedom = parts > 0 ? variance * variance / parts : 1
      pairs = 0
      before = figure.shown(a.mean)
      after = figure.shown(b.mean)
    }
    let error = variance.squareRoot()
    let reach = Quantiles.student(level: 0.95, freedom: max(1, Int(freedom))) * error
    (lower, upper) = (difference - reach, difference + reach)
    let t = difference / error
    pValue =
      difference == 0
      ? 1 : error == 0 ? 0 : Quantiles.betaCumulative(freedom / (freedom + t * t), freedom / 2, 0.5)
    setting = earlier.name
    self.figure = (figure.name, figure.margin)
  }

  /// Longer runs may part by rounding alone.
  private static let longestPaired = 10

  /// How far short runs of one seed are from each other: a seed that no longer seeds leaves the mean
  /// where it is. Other BLAS kernels leave such runs together to the last digits, so that the root
  /// mean square beyond a tenth of what parts two seeds is a change by itself.
  private init?(driftOf figure: ComparedFigure, from earlier: SettingRuns, to later: SettingRuns) {
    let (one, other) = (earlier.values(of: figure), later.values(of: figure))
    let squares = one.compactMap { seed, value in
      other[seed].map { ($0 - value) * ($0 - value) }
    }
    guard squares.count > 1, earlier.setting.experiment.plan?.epochs ?? 0 <= Self.longestPaired
    else { return nil }
    let spread = SampleMean(Array(one.values)).varianceOfMean * Double(one.count)
    let margin = 0.1 * (2 * spread).squareRoot()
    let drift = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    (before, after, difference, lower, upper) = (0, drift, drift, drift, drift)
    pairs = squares.count
    pValue = drift > margin ? 0 : 1
    setting = earlier.name
    self.figure = ("drift of \(figure.name), seed by seed", margin)
  }
}

extension ComparedFigure {
  fileprivate func shown(_ mean: Double) -> Double { isLogarithmic ? .exp(mean) : mean }
}

extension SettingRuns {
  fileprivate func values(of figure: ComparedFigure) -> [UInt64: Double] {
    var values: [UInt64: Double] = [:]
    for run in runs {
      guard let seed = run.experiment.plan?.seed, let value = run.end.flatMap(figure.scaled) else {
        continue
      }
      values[seed] = value
    }
    return values
  }
}

private struct SampleMean {
  let mean: Double
  let varianceOfMean: Double

  init(_ values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    varianceOfMean =
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(count - 1, 1) / count
  }
}
