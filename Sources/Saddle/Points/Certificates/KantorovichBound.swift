/// Newton and Kantorovich's theorem for F = ∇L at θ, in numbers that are all on the safe side
/// (Kantorovich 1948; in this affine form Ortega 1968; Deuflhard 2011, theorem 2.1).
///
///     β ≥ ‖H⁻¹‖,  η ≥ ‖H⁻¹∇L‖,  M a Lipschitz constant of H in the ball of radius r ≥ t*,
///     h = βMη ≤ ½  ⇒  one critical point within t* = 2η/(1 + √(1 − 2h)) of θ,
///                     and no other within min(r, (1 + √(1 − 2h))/(βM))
public struct KantorovichBound: Codable, Equatable, Sendable {
  /// β.
  public let inverseNorm: Double
  /// η.
  public let newtonStep: Double
  /// M.
  public let lipschitz: Double
  /// r: where M holds.
  public let radius: Double
  /// h.
  public let criterion: Double
  /// t*: the critical point is no further from θ; nil where h > ½.
  public let distance: Double?
  /// No other critical point is as near to θ as this; nil where h > ½.
  public let uniquenessRadius: Double?

  /// Every figure is the outcome of fewer than ten operations, inflated for 2³² roundings: outward,
  /// whatever rounding did.
  ///
  /// - Parameters:
  ///   - gradient: a bound of ‖∇L(θ)‖.
  ///   - curvature: a lower bound of min|λ(H(θ))|; positive.
  init(gradient: Double, curvature: Double, lipschitz: Double, radius: Double) {
    let out = Rounding.inflation
    inverseNorm = 1 / curvature * out
    newtonStep = inverseNorm * gradient * out
    self.lipschitz = lipschitz
    self.radius = radius
    criterion = lipschitz == 0 ? 0 : inverseNorm * lipschitz * newtonStep * out
    guard criterion <= 0.5 else {
      (distance, uniquenessRadius) = (nil, nil)
      return
    }
    let root = Self.root(of: criterion)
    let nearest = 2 * newtonStep / (1 + root) * out
    guard nearest <= radius else {
      (distance, uniquenessRadius) = (nil, nil)
      return
    }
    distance = nearest
    uniquenessRadius = min(radius, Self.widestRadius(inverseNorm, lipschitz, criterion) ?? radius)
  }

  /// √(1 − 2h) from a little below. 1 − 2h loses at most an ulp of 1.
  private static func root(of criterion: Double) -> Double {
    max(0, 1 - 2 * criterion - 4 * Rounding.unit).squareRoot() / Rounding.inflation
  }

  private static func widestRadius(_ β: Double, _ m: Double, _ h: Double) -> Double? {
    m == 0 ? nil : (1 + root(of: h)) / (β * m) / Rounding.inflation
  }

  /// How far the point is the only one as far as h says, M's own domain apart; nil where h > ½, and
  /// where M = 0 sets no limit.
  var widestRadius: Double? {
    distance == nil ? nil : Self.widestRadius(inverseNorm, lipschitz, criterion)
  }

  /// More than t* can be, whatever M is: t* ≤ 2η.
  static func largestDistance(gradient: Double, curvature: Double) -> Double {
    2 * gradient / curvature * Rounding.inflation * Rounding.inflation * Rounding.inflation
  }
}
