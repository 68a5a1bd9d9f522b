import Foundation

/// Uniform directions in n ≥ 2 dimensions.
package struct DirectionLaw: Sendable {
  package let dimension: Int
  /// c_m/(m − 2) for m = 4, 6, …, n or m = 5, 7, …, n, where c_m(1 − x²)^((m−3)/2) is the density
  /// of a coordinate.
  private let weights: [Double]

  package init(dimension n: Int) {
    precondition(n >= 2, "a coordinate of a direction in \(n) dimensions has no density")
    dimension = n
    var (m, c) = n.isMultiple(of: 2) ? (2, 1 / Double.pi) : (3, 0.5)
    var weights: [Double] = []
    while m < n {
      c *= Double(m) / Double(m - 1)
      m += 2
      weights.append(c / Double(m - 2))
    }
    self.weights = weights
  }

  /// P(ξ₁ ≤ x), from F₂ = ½ + asin(x)/π or F₃ = (1 + x)/2 upward by parts:
  /// F_m = F_{m−2} + c_m·x·(1 − x²)^((m−3)/2)/(m − 2).
  package func cumulative(_ x: Double) -> Double {
    let x = min(max(x, -1), 1)
    let y = (1 - x) * (1 + x)
    let isEven = dimension.isMultiple(of: 2)
    var sum = isEven ? 0.5 + asin(x) / .pi : (1 + x) / 2
    var power = isEven ? y.squareRoot() : y
    for weight in weights {
      sum += weight * x * power
      power *= y
    }
    return min(max(sum, 0), 1)
  }

  /// log of a bound on P(‖ξ − e‖ ≤ d) for a fixed direction e: c_n·dⁿ⁻¹/(n − 1), exact for n = 3.
  ///
  /// With 1 − x = y the density is at most c_n·(2y)^((n−3)/2); n ≥ 3.
  package func logCap(_ d: Double) -> Double {
    precondition(dimension >= 3, "no bound on caps in \(dimension) dimensions")
    let n = Double(dimension)
    let c = lgamma(n / 2) - lgamma((n - 1) / 2) - 0.5 * log(Double.pi)
    return c - log(n - 1) + (n - 1) * log(d)
  }
}

/// Rosenblatt's transform (1952): n − 1 independent uniform numbers from a uniform direction.
///
/// Given the coordinates before it, each is a coordinate of a uniform direction in the dimensions
/// that are left; the last two are an angle.
package struct DirectionTransform: Sendable {
  /// For n, n − 1, …, 3 dimensions.
  private let laws: [DirectionLaw]

  package init(dimension n: Int) {
    precondition(n >= 2, "a direction in \(n) dimensions is a sign")
    laws = stride(from: n, to: 2, by: -1).map { DirectionLaw(dimension: $0) }
  }

  package func callAsFunction(_ direction: [Double]) -> [Double] {
    let n = direction.count
    // ξᵢ² + … + ξₙ², from the end so that nothing cancels.
    var rests = [Double](repeating: 0, count: n)
    var sum = 0.0
    for i in direction.indices.reversed() {
      sum += direction[i] * direction[i]
      rests[i] = sum
    }
    var result: [Double] = []
    for (i, law) in laws.enumerated() {
      result.append(law.cumulative(rests[i] > 0 ? direction[i] / rests[i].squareRoot() : 0))
    }
    let angle = atan2(direction[n - 1], direction[n - 2]) / (2 * .pi)
    return result + [angle < 0 ? angle + 1 : angle]
  }
}
