/// Nodes and weights of a tridiagonal matrix, with what they enclose.
struct GaussRule: Codable, Equatable, Sendable {
  let measure: DiscreteMeasure
  /// β_k times the last component of each eigenvector of T.
  let residuals: [Double]
  /// Whether the Krylov space is invariant: the measure is the probe's own then.
  let isExact: Bool

  init(_ coefficients: LanczosCoefficients) throws(SpectralEstimateError) {
    let rule = try TridiagonalQuadrature(
      diagonal: coefficients.diagonal, offDiagonal: coefficients.offDiagonal)
    measure = DiscreteMeasure(ascending: rule.values, weights: rule.first.map { $0 * $0 })
    residuals = rule.last.map { ($0 * coefficients.remainder).magnitude }
    isExact = coefficients.isInvariant
  }

  /// What the share of v's square in eigenvectors of eigenvalues up to x may be, given T.
  ///
  /// The Gauss rule encloses every measure with the same 2k moments: with W_j the sum of the first
  /// j weights, μ(x < θ_j) ≥ W_{j−1} and μ(x ≤ θ_j) ≤ W_j (Chebyshev, Markov, Stieltjes; Akhiezer
  /// 1965, §2.5). Nodes with small residuals are located better than that.
  ///
  /// - Parameter resolution: the rounding error of a node.
  func cumulativeBracket(at x: Double, resolution: Double) -> ClosedRange<Double> {
    let (nodes, weights) = (measure.nodes, measure.weights)
    let below = nodes.prefix { $0 <= x }.count
    let sum = weights[..<below].reduce(0, +)
    guard !isExact else { return sum...sum }
    let moments = (
      low: below > 0 ? sum - weights[below - 1] : 0,
      high: below < nodes.count ? sum + weights[below] : 1
    )
    let located = locatedMass(resolution: resolution) { x - $0 }
    let locatedAbove = locatedMass(resolution: resolution) { $0 - x }
    let low = min(max(moments.low, located), 1)
    return low...max(low, min(moments.high, 1 - locatedAbove))
  }

  /// What the share in eigenvectors of eigenvalues in an interval may be, given T.
  func massBracket(
    in interval: ClosedRange<Double>, resolution: Double
  ) -> ClosedRange<Double> {
    let (left, right) = (interval.lowerBound, interval.upperBound)
    guard !isExact else {
      let mass = measure.mass(in: interval)
      return mass...mass
    }
    let inside = locatedMass(resolution: resolution) { min($0 - left, right - $0) }
    let outside = locatedMass(resolution: resolution) { max(left - $0, $0 - right) }
    let upTo = cumulativeBracket(at: right, resolution: resolution)
    let before = cumulativeBracket(at: left, resolution: resolution)
    let low = min(max(inside, upTo.lowerBound - before.upperBound, 0), 1)
    return low...max(low, min(1 - outside, upTo.upperBound - before.lowerBound))
  }

  /// A lower bound for the share of v's square in eigenvectors whose eigenvalues lie in a set, from
  /// the nodes inside it.
  ///
  /// With E the projector on those eigenvectors, Ritz vectors y_j and v = Σ s_j·y_j, a node at
  /// distance d_j from the outside has ‖(I − E)·y_j‖ ≤ r_j/d_j. For a the part of v in some of
  /// them, b the rest and η = Σ |s_j|·r_j/d_j:
  ///
  ///     ‖Ev‖² ≥ ‖Ea‖² + 2·Ea·Eb ≥ ‖a‖² − η² − 2·η·‖b‖
  ///
  /// since a·b = 0. Any choice of nodes gives a bound; the best of some is taken.
  private func locatedMass(resolution: Double, depth: (Double) -> Double) -> Double {
    var best = 0.0
    for quality in [1e-1, 1e-2, 1e-4, 1e-7, 1e-10] {
      var (mass, spill) = (0.0, 0.0)
      for (j, node) in measure.nodes.enumerated() {
        let distance = depth(node)
        let residual = residuals[j] + resolution
        guard distance > 0, residual <= quality * distance else { continue }
        mass += measure.weights[j]
        spill += measure.weights[j].squareRoot() * residual / distance
      }
      let rest = max(0, 1 - mass).squareRoot()
      best = max(best, mass - spill * spill - 2 * spill * rest)
    }
    return best
  }
}
