/// Masses at points of the line: an eigenvalue distribution, or a quadrature rule for one.
public struct DiscreteMeasure: Codable, Equatable, Sendable {
  /// Ascending; equal ones may repeat.
  public let nodes: [Double]
  /// The mass at each node, at least zero.
  public let weights: [Double]

  /// - Throws: `SpectralEstimateError.invalidSetting` for a node that is not finite or a weight
  ///   that is not finite and at least zero.
  public init(nodes: [Double], weights: [Double]) throws(SpectralEstimateError) {
    precondition(nodes.count == weights.count, "\(nodes.count) nodes, \(weights.count) weights")
    if let x = nodes.first(where: { !$0.isFinite }) {
      throw .invalidSetting("a node", value: x, requirement: "finite")
    }
    if let w = weights.first(where: { !($0 >= 0 && $0.isFinite) }) {
      throw .invalidSetting("a weight", value: w, requirement: "finite and at least 0")
    }
    let order = nodes.indices.sorted { nodes[$0] < nodes[$1] }
    self.nodes = order.map { nodes[$0] }
    self.weights = order.map { weights[$0] }
  }

  /// Mass 1/n at each of n eigenvalues.
  public init(eigenvalues: [Double]) throws(SpectralEstimateError) {
    let share = 1 / Double(max(eigenvalues.count, 1))
    try self.init(nodes: eigenvalues, weights: eigenvalues.map { _ in share })
  }

  /// Nodes that are known to ascend, with weights that are squares.
  init(ascending nodes: [Double], weights: [Double]) {
    self.nodes = nodes
    self.weights = weights
  }

  /// The mean of several measures, all with the same share.
  static func mixture(_ parts: [DiscreteMeasure]) -> DiscreteMeasure {
    let share = 1 / Double(parts.count)
    let nodes = parts.flatMap(\.nodes)
    let weights = parts.flatMap(\.weights)
    let order = nodes.indices.sorted { nodes[$0] < nodes[$1] }
    return DiscreteMeasure(
      ascending: order.map { nodes[$0] }, weights: order.map { weights[$0] * share })
  }

  /// The sum of all weights.
  public var mass: Double { weights.reduce(0, +) }

  /// ∫ f: the sum of wᵢ·f(xᵢ).
  public func integral(of f: (Double) -> Double) -> Double {
    var sum = 0.0
    for (x, w) in zip(nodes, weights) { sum += w * f(x) }
    return sum
  }

  /// ∫ xᵏ, not divided by the mass.
  public func moment(_ k: Int) -> Double {
    integral { x in (0..<k).reduce(1) { power, _ in power * x } }
  }

  /// The mass at nodes of at most `x`.
  public func cumulative(at x: Double) -> Double {
    var sum = 0.0
    for (node, w) in zip(nodes, weights) {
      guard node <= x else { break }
      sum += w
    }
    return sum
  }

  /// The mass within a closed interval.
  public func mass(in interval: ClosedRange<Double>) -> Double {
    integral { interval.contains($0) ? 1 : 0 }
  }

  /// The Wasserstein-1 distance ∫ |F − G| dx, exact up to rounding (Vallender 1974).
  ///
  /// - Throws: `.massesDiffer` for masses that differ by more than 1e-9 of the first: nothing is
  ///   renormalized in silence.
  public func wasserstein1(
    to other: DiscreteMeasure
  ) throws(SpectralEstimateError) -> Double {
    let (mass, otherMass) = (mass, other.mass)
    guard (mass - otherMass).magnitude <= 1e-9 * mass else { throw .massesDiffer(mass, otherMass) }
    var (i, j) = (0, 0)
    var (difference, distance, position) = (0.0, 0.0, 0.0)
    while i < nodes.count || j < other.nodes.count {
      let isMine = j == other.nodes.count || (i < nodes.count && nodes[i] <= other.nodes[j])
      let next = isMine ? nodes[i] : other.nodes[j]
      if i + j > 0 { distance += difference.magnitude * (next - position) }
      position = next
      if isMine {
        difference += weights[i]
        i += 1
      } else {
        difference -= other.weights[j]
        j += 1
      }
    }
    return distance
  }
}
