import Foundation

/// What is known of a law without its formulas in a subject's hands.
struct LawReference: Sendable {
  /// Holds all of the mass; ends where the law ends if `isBounded`.
  var support: ClosedRange<Double>
  var isBounded = true
  /// Points inside, in order: where a density is not smooth, and enough others for quadrature.
  var cuts: [Double] = []
  var atom: (position: Double, mass: Double)?
  /// Of symmetry.
  var center: Double?
  /// m₁, m₂, …
  var moments: [Double] = []
  /// Relative to the moments of magnitudes.
  var momentTolerance = 1e-8
  /// Of the density, at either end.
  var lowerExponent: Double?
  var upperExponent: Double?
  /// Where exponents are taken, in widths.
  var edgeDepth = 1e-7
  var density: LawSubject.Function?
  var densityTolerance = 1e-8
  /// P(X ≤ x), wherever `points` are.
  var cumulative: LawSubject.Function?
  var cumulativeTolerance = 1e-9
  var points: [Double] = []
  /// P(X > x) far out, with relative accuracy.
  var tails: [(x: Double, mass: Double)] = []
  /// Draws that follow the law.
  var draws: (@Sendable (UInt64) throws -> LawDraws)?

  var pieces: [(low: Double, high: Double)] {
    let all =
      [support.lowerBound]
      + cuts.filter { $0 > support.lowerBound && $0 < support.upperBound } + [support.upperBound]
    return zip(all, all.dropFirst()).map { (low: $0, high: $1) }
  }

  /// Points inside the support, ascending, the same distance apart.
  func grid(_ count: Int) -> [Double] {
    let width = support.upperBound - support.lowerBound
    return (1...count).map {
      support.lowerBound + width * (Double($0) - 0.5) / Double(count)
    }
  }

  init(support: ClosedRange<Double>) { self.support = support }

  init(_ law: LawSubject.Law) throws {
    switch law {
    case .semicircle(let center, let radius):
      self.init(center: center, radius: radius)
    case .marchenkoPastur(let ratio, let scale, let shift):
      self.init(standard: MarchenkoPastur(ratio: ratio), scale: scale, shift: shift)
    case .freeConvolution(let variance, let ratio, let scale, let shift):
      try self.init(
        standard: FreeConvolution(variance: variance / (scale * scale), ratio: ratio),
        scale: scale, shift: shift)
    case .tracyWidom(let beta): try self.init(tracyWidom: beta)
    case .spacings(let beta): self.init(spacings: beta)
    case .spacingRatios(let beta): self.init(ratios: beta)
    case .kolmogorov(let count): self.init(kolmogorov: count)
    case .numberVariance, .unfolding:
      // Neither is a distribution: no oracle of one asks for its parts.
      self.init(support: 0...1)
      isBounded = false
    }
  }
}

/// Shares of draws at or below points, with how far a right law may be off.
struct LawDraws: Sendable {
  var shares: [(x: Double, share: Double)]
  var bound: Double

  /// Independent draws: Massart's bound (1990), and what the law is a limit for.
  init(_ sample: [Double], at points: [Double], allowance: Double = 0) {
    let sorted = sample.sorted()
    var passed = 0
    shares = points.map { x in
      while passed < sorted.count, sorted[passed] <= x { passed += 1 }
      return (x, Double(passed) / Double(sorted.count))
    }
    bound =
      (log(2 / EnsembleOracle.falseAlarm) / Double(2 * sample.count)).squareRoot() + allowance
  }

  /// Levels of one matrix, by Sturm's counts: rigid ones, n·D at most 8 for these orders.
  init(
    levels: SturmCount, count: Int, zeros: Int = 0, at points: [Double],
    level: (Double) -> Double
  ) {
    let all = Double(count + zeros)
    shares = points.map { x in
      let below = levels.below(level(x)) + (level(x) >= 0 ? zeros : 0)
      return (x, Double(below) / all)
    }
    bound = 8 / all
  }

  /// Those of −X, given those of X.
  var mirrored: LawDraws {
    var result = self
    result.shares = shares.reversed().map { (-$0.x, 1 - $0.share) }
    return result
  }
}
