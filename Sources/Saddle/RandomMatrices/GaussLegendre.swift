import RealModule

/// Gauss–Legendre quadrature: exact for polynomials of degree 2n − 1.
struct GaussLegendre: Sendable {
  /// On [−1, 1].
  let nodes: [Double]
  let weights: [Double]

  /// Nodes by Newton's iteration on the Legendre polynomial, from Tricomi's approximation.
  init(order n: Int) {
    precondition(n > 0, "quadrature of \(n) nodes")
    var nodes: [Double] = []
    var weights: [Double] = []
    for k in 1...n {
      var x = -Double.cos(.pi * (Double(k) - 0.25) / (Double(n) + 0.5))
      var slope = 1.0
      for _ in 0..<8 {
        var (previous, value) = (1.0, x)
        for j in stride(from: 2, through: n, by: 1) {
          let next = (Double(2 * j - 1) * x * value - Double(j - 1) * previous) / Double(j)
          (previous, value) = (value, next)
        }
        slope = Double(n) * (x * value - previous) / (x * x - 1)
        x -= value / slope
      }
      nodes.append(x)
      weights.append(2 / ((1 - x) * (1 + x) * slope * slope))
    }
    self.nodes = nodes
    self.weights = weights
  }

  /// ∫ f over [low, high].
  @inline(__always)
  func integral(from low: Double, to high: Double, of function: (Double) -> Double) -> Double {
    let half = (high - low) / 2
    let middle = low + half
    var sum = 0.0
    for k in nodes.indices { sum += weights[k] * function(middle + half * nodes[k]) }
    return half * sum
  }
}
