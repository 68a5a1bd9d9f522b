/// A discrete measure on the line with everything about it in plain loops: what a spectral density
/// is held against.
public struct PrescribedMeasure: Sendable, Equatable {
  /// Where the masses are, in any order.
  public let nodes: [Double]
  /// The masses, each at least zero.
  public let weights: [Double]

  public init(nodes: [Double], weights: [Double]) {
    precondition(nodes.count == weights.count, "\(nodes.count) nodes, \(weights.count) weights")
    self.nodes = nodes
    self.weights = weights
  }

  /// Equal masses 1/n at n eigenvalues.
  public init(eigenvalues: [Double]) {
    self.init(
      nodes: eigenvalues,
      weights: eigenvalues.map { _ in 1 / Double(eigenvalues.count) })
  }

  /// Σ w·xᵏ.
  public func moment(_ k: Int) -> Double {
    var sum = 0.0
    for (x, w) in zip(nodes, weights) {
      var power = 1.0
      for _ in 0..<k { power *= x }
      sum += w * power
    }
    return sum
  }

  /// Σ w·f(x).
  public func mean(of f: (Double) -> Double) -> Double {
    zip(nodes, weights).reduce(0) { $0 + $1.1 * f($1.0) }
  }

  /// The mass at x ≤ `bound`.
  public func cumulative(_ bound: Double) -> Double {
    zip(nodes, weights).reduce(0) { $0 + ($1.0 <= bound ? $1.1 : 0) }
  }

  /// The Wasserstein-1 distance by moving mass: on the line the cheapest plan carries the leftmost
  /// mass that is left to the leftmost place that is free (Villani 2003, §2.2).
  ///
  /// Both measures have the same mass; what rounding leaves over is not moved.
  public func wasserstein1(to other: PrescribedMeasure) -> Double {
    var from = zip(nodes, weights).map { ($0, $1) }.sorted { $0.0 < $1.0 }
    var to = zip(other.nodes, other.weights).map { ($0, $1) }.sorted { $0.0 < $1.0 }
    var (i, j, cost) = (0, 0, 0.0)
    while i < from.count, j < to.count {
      let moved = min(from[i].1, to[j].1)
      cost += moved * (from[i].0 - to[j].0).magnitude
      from[i].1 -= moved
      to[j].1 -= moved
      if from[i].1 <= 0 { i += 1 }
      if to[j].1 <= 0 { j += 1 }
    }
    return cost
  }
}
