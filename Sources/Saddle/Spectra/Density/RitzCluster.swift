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
