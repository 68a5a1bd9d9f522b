/// A point that carries mass.
public struct Atom: Codable, Equatable, Sendable {
  public let position: Double
  public let mass: Double

  public init(position: Double, mass: Double) {
    self.position = position
    self.mass = mass
  }
}

/// The limit law of a random matrix's eigenvalues.
public protocol SpectralLaw: Codable, Equatable, Sendable {
  /// The least and the greatest point of the continuous part's support.
  var support: ClosedRange<Double> { get }
  /// The law's only point mass, if it has one.
  var atom: Atom? { get }
  var mean: Double { get }
  var variance: Double { get }
  /// The density of the continuous part; zero outside its support.
  func density(_ x: Double) -> Double
  /// F(x) = P(λ ≤ x).
  func cumulative(_ x: Double) -> Double
  /// P(λ > x), by itself: 1 − F(x) would lose the upper tail's digits.
  func survival(_ x: Double) -> Double
}

extension SpectralLaw {
  public var atom: Atom? { nil }

  /// inf {x: F(x) ≥ p}, by bisection that takes Newton's step where it stays inside the bracket.
  ///
  /// - Accuracy: a few units in the last place of the support's larger end, where the law's tails
  ///   keep their digits.
  public func quantile(_ p: Double) -> Double {
    precondition(p >= 0 && p <= 1, "a quantile of \(p): pass a share between 0 and 1")
    return quantile(below: p, above: 1 - p)
  }

  /// The same for the share above: P(λ > x) = p, exact where p is tiny.
  public func upperQuantile(_ p: Double) -> Double {
    precondition(p >= 0 && p <= 1, "a quantile of \(p): pass a share between 0 and 1")
    return quantile(below: 1 - p, above: p)
  }

  private func quantile(below: Double, above: Double) -> Double {
    var (low, high) = (support.lowerBound, support.upperBound)
    if let atom {
      low = min(low, atom.position)
      high = max(high, atom.position)
    }
    if above <= 0 { return high }
    /// Positive where x lies beyond the quantile. The smaller tail is compared, since it has the
    /// digits.
    func excess(_ x: Double) -> Double {
      below <= above ? cumulative(x) - below : above - survival(x)
    }
    if excess(low) >= 0 { return low }
    return bracketedRoot(
      negativeAt: low, positiveAt: high, from: low + (high - low) * below
    ) { (excess($0), density($0)) }
  }
}
