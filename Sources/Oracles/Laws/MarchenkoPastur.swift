import Foundation

/// The Marchenko–Pastur law of XXᵀ/m, X p × m with independent entries of variance 1, p/m → ratio
/// (Marchenko, Pastur 1967): density by its formula, everything else by quadrature.
public struct MarchenkoPastur: Equatable, Sendable {
  public let ratio: Double

  public init(ratio: Double) {
    precondition(ratio > 0 && ratio.isFinite, "a Marchenko–Pastur law of ratio \(ratio)")
    self.ratio = ratio
  }

  public var lowerEdge: Double { (1 - ratio.squareRoot()) * (1 - ratio.squareRoot()) }
  public var upperEdge: Double { (1 + ratio.squareRoot()) * (1 + ratio.squareRoot()) }
  /// The mass at zero.
  public var atom: Double { max(0, 1 - 1 / ratio) }

  /// √((b − x)(x − a))/(2π·ratio·x), without the atom.
  public func density(_ x: Double) -> Double {
    guard x > lowerEdge, x < upperEdge, x > 0 else { return 0 }
    return ((upperEdge - x) * (x - lowerEdge)).squareRoot() / (2 * Double.pi * ratio * x)
  }

  /// The mass of [low, high] without the atom, by GSL's quadrature of the density.
  public func mass(from low: Double, to high: Double) throws(OracleError) -> Estimate {
    let low = max(low, lowerEdge)
    let high = min(high, upperEdge)
    guard low < high else { return Estimate(value: 0, error: 0) }
    // In t = √(x − a), since the density is like 1/√x beyond a lower edge that is almost zero.
    return try GSL.integral(
      of: { t in 2 * t * density(lowerEdge + t * t) }, from: (low - lowerEdge).squareRoot(),
      to: (high - lowerEdge).squareRoot(), relative: 1e-11)
  }

  /// ∫ xᵏ dF = Σ_r ratio^r·N(k, r + 1), the Narayana numbers N(k, r + 1) = C(k,r)·C(k−1,r)/(r + 1).
  public func moment(_ k: Int) -> Double {
    guard k > 0 else { return 1 }
    return (0..<k).reduce(0) { sum, r in
      sum + pow(ratio, Double(r)) * binomial(k, r) * binomial(k - 1, r) / Double(r + 1)
    }
  }

  private func binomial(_ n: Int, _ k: Int) -> Double {
    (0..<k).reduce(1) { $0 * Double(n - $1) / Double($1 + 1) }
  }
}
