import RealModule

/// Wigner's semicircle law on [c − R, c + R]: the limit law of a symmetric matrix with independent
/// entries of finite variance (Wigner 1958).
///
/// A GOE matrix of order n with off-diagonal variance v has R = 2√(nv).
public struct SemicircleLaw: SpectralLaw {
  public let center: Double
  public let radius: Double

  public init(center: Double = 0, radius: Double) {
    precondition(
      center.isFinite && radius > 0 && radius.isFinite,
      "a semicircle of radius \(radius) around \(center)")
    self.center = center
    self.radius = radius
  }

  public var support: ClosedRange<Double> { center - radius...center + radius }
  public var mean: Double { center }
  public var variance: Double { radius * radius / 4 }

  /// 2√(R² − (x − c)²)/(πR²).
  public func density(_ x: Double) -> Double {
    let t = (x - center) / radius
    guard t.magnitude < 1 else { return 0 }
    return 2 * ((1 - t) * (1 + t)).squareRoot() / (.pi * radius)
  }

  public func cumulative(_ x: Double) -> Double {
    Self.tail(beyond: (x - (center - radius)) / radius)
  }

  public func survival(_ x: Double) -> Double {
    Self.tail(beyond: (center + radius - x) / radius)
  }

  /// The mass of the unit semicircle within `depth` of one of its edges.
  ///
  /// With depth = 1 − cos(φ/2) it is (φ − sin φ)/(2π).
  private static func tail(beyond depth: Double) -> Double {
    if depth <= 0 { return 0 }
    if depth >= 2 { return 1 }
    let angle = 4 * .asin((depth / 2).squareRoot())
    return sineDeficit(angle) / (2 * .pi)
  }

  /// φ − sin φ for φ ≥ 0, to full relative accuracy: by its series where the two cancel.
  private static func sineDeficit(_ angle: Double) -> Double {
    guard angle < 1 else { return angle - .sin(angle) }
    let square = angle * angle
    var term = angle * square / 6
    var sum = term
    for k in stride(from: 4.0, through: 18, by: 2) {
      term *= -square / (k * (k + 1))
      sum += term
    }
    return sum
  }
}
