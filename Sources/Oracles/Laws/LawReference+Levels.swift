import Foundation

/// The laws of single levels and of their distances.
extension LawReference {
  private static let painleve = Result { try PainleveTracyWidom() }

  /// Moments as published (Bornemann 2010, Table 10).
  private static func publishedTracyWidom(
    _ beta: Int
  ) -> (mean: Double, variance: Double, skewness: Double) {
    beta == 1
      ? (-1.2065335745820, 1.607781034581, 0.29346452408)
      : (-1.7710868074, 0.8131947928329, 0.224084203610)
  }

  init(tracyWidom beta: Int) throws {
    precondition(beta == 1 || beta == 2, "Tracy and Widom's law of β = \(beta)")
    self.init(support: -10...14)
    isBounded = false
    cuts = stride(from: -8.0, to: 14, by: 2).map { $0 }
    let table = try Self.painleve.get().points.map { point in
      (s: point.s, law: beta == 1 ? point.goe : point.gue)
    }
    @Sendable func at(
      _ s: Double
    ) throws -> (cumulative: Double, survival: Double, density: Double) {
      guard let found = table.first(where: { $0.s == s }) else {
        throw OracleError.invalidArgument(message: "\(s) is no quarter from −10 to 16")
      }
      return found.law
    }
    points = stride(from: -6.0, through: 4, by: 0.5).map { $0 }
    density = { try at($0).density }
    cumulative = { try at($0).cumulative }
    (densityTolerance, cumulativeTolerance) = (1e-11, 1e-11)
    tails = try [2.0, 5, 8, 10].map { (x: $0, mass: try at($0).survival) }
    let (mean, variance, skewness) = Self.publishedTracyWidom(beta)
    let square = variance + mean * mean
    moments = [
      1, mean, square,
      skewness * pow(variance, 1.5) + 3 * mean * square - 2 * mean * mean * mean,
    ]
    let grid = stride(from: -5.0, through: 3, by: 0.25).map { $0 }
    draws = { seed in
      let (n, count) = (1000.0, 2000)
      let rows = Int((15 * cbrt(n)).rounded(.up))
      let sample = try (0..<count).map { k in
        let drawn = try DrawnTridiagonal.hermite(
          order: Int(n), beta: beta, rows: rows, seed: seed &* 1_000_003 &+ UInt64(k)
        ).counts
        // The first point that no level lies above. Johnstone and Ma's centre (2012).
        var (low, high) = (0, grid.count)
        while low < high {
          let middle = (low + high) / 2
          let s = grid[middle] - (1 / Double(beta) - 0.5) / cbrt(n)
          let level = (s / pow(n, 2.0 / 3) + 2) * (Double(beta) * n).squareRoot()
          if drawn.below(level) == rows { high = middle } else { low = middle + 1 }
        }
        return low < grid.count ? grid[low] : .infinity
      }
      // The limit is approached like n^(−⅔), 0.002 at n = 10⁴.
      return LawDraws(sample, at: grid, allowance: 0.01)
    }
  }

  // s² times a constant is χ² with β + 1 degrees of freedom, for β = 0 s itself with 2.
  init(spacings beta: Int) {
    precondition((0...2).contains(beta), "spacings of β = \(beta)")
    self.init(support: 0...(beta == 0 ? 45 : 14))
    isBounded = false
    cuts = [0.5, 1, 1.5, 2, 3, 4, 6, 10, 20]
    points = [0.01, 0.1, 0.3, 0.7, 1, 1.5, 2.5, 4]
    let (freedom, constant): (Double, Double) =
      switch beta {
      case 0: (2, 2)
      case 1: (2, Double.pi / 2)
      default: (3, 8 / Double.pi)
      }
    func square(_ s: Double) -> Double { beta == 0 ? constant * s : constant * s * s }
    cumulative = { s in
      GSL.chiSquaredTails(
        beta == 0 ? constant * s : constant * s * s, freedom: freedom
      ).lower
    }
    tails = [3.0, 5].map { s in
      (x: s, mass: GSL.chiSquaredTails(square(s), freedom: freedom).upper)
    }
    // E sᵏ = (2/c)^(k/2)·Γ((ν + k)/2)/Γ(ν/2), and k! for independent levels.
    moments = (0...4).map { k in
      beta == 0
        ? tgamma(Double(k + 1))
        : pow(2 / constant, Double(k) / 2) * tgamma((freedom + Double(k)) / 2)
          / tgamma(freedom / 2)
    }
    (lowerExponent, edgeDepth) = (Double(beta), 1e-4)
    let grid = stride(from: 0.05, through: 4, by: 0.05).map { $0 }
    draws = { seed in
      let source = try GSLRandom(seed: seed)
      var sample: [Double] = []
      for _ in 0..<20_000 {
        switch beta {
        case 0: sample.append(-log(source.unit()))
        // √((a − d)² + 4|b|²) of a 2 × 2 matrix over its mean, √(2π) and 4/√π.
        case 1:
          let (a, b) = (source.normal(variance: 4), source.normal(variance: 4))
          sample.append((a * a + b * b).squareRoot() / (2 * Double.pi).squareRoot())
        default:
          let squares = (0..<3).reduce(0.0) { sum, _ in
            let x = source.normal(variance: 2)
            return sum + x * x
          }
          sample.append(squares.squareRoot() * Double.pi.squareRoot() / 4)
        }
      }
      return LawDraws(sample, at: grid)
    }
  }

  // Means of 3 × 3 matrices: 4 − 2√3 and 2√3/π − ½ (Atas et al. 2013); 2 ln 2 − 1.
  init(ratios beta: Int) {
    precondition((0...2).contains(beta), "ratios of spacings of β = \(beta)")
    self.init(support: 0...1)
    isBounded = false
    cuts = [0.1, 0.3, 0.5, 0.7, 0.9]
    let root = 3.0.squareRoot()
    moments = [1, [2 * log(2) - 1, 4 - 2 * root, 2 * root / Double.pi - 0.5][beta]]
    (lowerExponent, edgeDepth) = (Double(beta), 1e-4)
    let grid = self.grid(20)
    draws = { seed in
      let source = try GSLRandom(seed: seed)
      let sample = try (0..<8000).map { k in
        var spacings = [-log(source.unit()), -log(source.unit())]
        if beta > 0 {
          let levels = try GSL.eigenvalues(
            DrawnTridiagonal.hermite(
              order: 3, beta: beta, seed: seed &* 1_000_003 &+ UInt64(k)
            ).rows)
          spacings = [levels[1] - levels[0], levels[2] - levels[1]]
        }
        return min(spacings[0], spacings[1]) / max(spacings[0], spacings[1])
      }
      return LawDraws(sample, at: grid)
    }
  }

  init(kolmogorov n: Int) {
    precondition(n > 0, "Kolmogorov's law of \(n) draws")
    let count = Double(n)
    self.init(support: 1 / (2 * count)...1)
    let root = count.squareRoot()
    // No distance is below half of a step.
    points = [0.4 / count] + [0.4, 0.6, 0.8, 1, 1.3, 1.7].map { $0 / root }.filter { $0 < 1 }
    cumulative = { UniformBand(count: n).probability(within: $0) }
    cumulativeTolerance = 1e-10
    // From 1 − 1/n on, only the first or the last of all draws can be the cause.
    tails = [1 - 0.5 / count, 1 - 0.2 / count].map { (x: $0, mass: 2 * pow(1 - $0, count)) }
    let grid = self.grid(60)
    draws = { seed in
      let source = try GSLRandom(seed: seed)
      let law = Semicircle(radius: 1)
      let sample = try (0..<10_000).map { _ in
        // Of any continuous law: here of the semicircle's draws, by rejection.
        var drawn: [Double] = []
        while drawn.count < n {
          let (x, y) = (2 * source.unit() - 1, source.unit())
          if y * y <= 1 - x * x { drawn.append(x) }
        }
        return try law.distance(to: drawn)
      }
      return LawDraws(sample, at: grid)
    }
  }
}
