/// The Gauss rule of one probe v: Σ w·f(θ) = vᵀf(A)v/vᵀv for every polynomial f of degree up to
/// 2k − 1 (Golub, Meurant 2010, §6).
public struct ProbeQuadrature: Codable, Equatable, Sendable {
  public let coefficients: LanczosCoefficients
  /// k nodes, the Ritz values; weights are the squares of the first components of T's eigenvectors
  /// and sum to 1 up to rounding.
  public let measure: DiscreteMeasure
  /// For every node β_k times the last component of T's eigenvector: an eigenvalue of A lies within
  /// it of the node (Parlett 1998, §13.2), up to rounding.
  public let residuals: [Double]

  /// - Throws: `.noConvergence`.
  public init(_ coefficients: LanczosCoefficients) throws(SpectralEstimateError) {
    let rule = try TridiagonalQuadrature(
      diagonal: coefficients.diagonal, offDiagonal: coefficients.offDiagonal)
    self.coefficients = coefficients
    measure = DiscreteMeasure(ascending: rule.values, weights: rule.first.map { $0 * $0 })
    residuals = rule.last.map { ($0 * coefficients.remainder).magnitude }
  }

  /// The rule that fewer steps gave.
  func prefix(_ steps: Int) throws(SpectralEstimateError) -> ProbeQuadrature {
    steps < coefficients.steps ? try ProbeQuadrature(coefficients.prefix(steps)) : self
  }
}

extension ProbeQuadrature {
  /// What the share of v's square in eigenvectors of eigenvalues up to x may be, given T.
  ///
  /// The Gauss rule encloses every measure with the same 2k moments: with W_j the sum of the first j
  /// weights, μ(x < θ_j) ≥ W_{j−1} and μ(x ≤ θ_j) ≤ W_j (Chebyshev, Markov, Stieltjes; Akhiezer
  /// 1965, §2.5). Nodes with small residuals are located better than that.
  ///
  /// - Parameter resolution: the rounding error of a node.
  public func cumulativeBracket(at x: Double, resolution: Double) -> ClosedRange<Double> {
    let (nodes, weights) = (measure.nodes, measure.weights)
    let below = nodes.prefix { $0 <= x }.count
    let sum = weights[..<below].reduce(0, +)
    guard !coefficients.isInvariant else { return sum...sum }
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
  public func massBracket(
    in interval: ClosedRange<Double>, resolution: Double
  ) -> ClosedRange<Double> {
    let (left, right) = (interval.lowerBound, interval.upperBound)
    guard !coefficients.isInvariant else {
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
  /// distance d_j from the outside has ‖(I − E)·y_j‖ ≤ r_j/d_j. For a the part of v in some of them,
  /// b the rest and η = Σ |s_j|·r_j/d_j:
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

/// A Ritz value with all its copies.
public struct RitzCluster: Codable, Equatable, Sendable {
  /// The copies' mean by weight, or plain where they have none.
  public let value: Double
  /// The weights' sum.
  public let weight: Double
  /// How many eigenvalues of T agree with it. More than one means that it has converged and that
  /// orthogonality is lost, nothing about multiplicity.
  public let copies: Int
  /// Whether it is no approximation of an eigenvalue but an artefact of rounding: a single
  /// eigenvalue of T that is one of T without its first row and column as well, so that the probe
  /// has no part in its vector (Cullum, Willoughby 1985, §4.5).
  public let isSpurious: Bool
}

extension ProbeQuadrature {
  /// Ritz values without their ghosts, ascending: copies put together, and spurious ones told.
  ///
  /// - Parameter tolerance: how far apart copies are at most, relative to the largest Ritz value;
  ///   nil takes k·ulp of double, or what `SpectralDensity` gives for its precision.
  /// - Throws: `.noConvergence`.
  public func ritzClusters(
    tolerance: Double? = nil
  ) throws(SpectralEstimateError) -> [RitzCluster] {
    let radius = max(
      measure.nodes.first?.magnitude ?? 0, measure.nodes.last?.magnitude ?? 0)
    let relative = tolerance ?? 8 * Double(coefficients.steps) * Double.ulpOfOne
    let width = relative * radius
    let trimmed =
      coefficients.steps > 1
      ? try TridiagonalQuadrature(
        diagonal: Array(coefficients.diagonal.dropFirst()),
        offDiagonal: Array(coefficients.offDiagonal.dropFirst())
      ).values : []
    var clusters: [RitzCluster] = []
    var start = 0
    var candidate = 0
    while start < measure.nodes.count {
      var end = start + 1
      while end < measure.nodes.count, measure.nodes[end] - measure.nodes[end - 1] <= width {
        end += 1
      }
      let nodes = measure.nodes[start..<end]
      let weights = measure.weights[start..<end]
      let weight = weights.reduce(0, +)
      let value =
        weight > 0
        ? zip(nodes, weights).reduce(0) { $0 + $1.0 * $1.1 } / weight
        : nodes.reduce(0, +) / Double(nodes.count)
      while candidate < trimmed.count, trimmed[candidate] < nodes[start] - width { candidate += 1 }
      let isShared = candidate < trimmed.count && trimmed[candidate] <= nodes[start] + width
      clusters.append(
        RitzCluster(
          value: value, weight: weight, copies: nodes.count,
          isSpurious: nodes.count == 1 && isShared))
      start = end
    }
    return clusters
  }
}
