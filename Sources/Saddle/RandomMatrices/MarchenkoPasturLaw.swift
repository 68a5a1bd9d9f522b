import RealModule

/// The Marchenko–Pastur law: the limit law of shift·I + scale·XXᵀ/m for X p × m with independent
/// entries of variance 1 and p/m → ratio (Marchenko, Pastur 1967).
///
/// The continuous part lies on shift + scale·[(1 − √ratio)², (1 + √ratio)²]. Where ratio > 1 it has
/// mass 1/ratio, and the rest is an atom at the shift. A negative scale mirrors the law.
public struct MarchenkoPasturLaw: SpectralLaw {
  /// p/m.
  public let ratio: Double
  public let scale: Double
  public let shift: Double

  public init(ratio: Double, scale: Double = 1, shift: Double = 0) {
    precondition(
      ratio > 0 && ratio.isFinite && scale != 0 && scale.isFinite && shift.isFinite,
      "a Marchenko–Pastur law of ratio \(ratio), scale \(scale) and shift \(shift)")
    self.ratio = ratio
    self.scale = scale
    self.shift = shift
  }

  private var root: Double { ratio.squareRoot() }
  /// The edge nearer to the shift, 1 − √ratio taken without cancellation.
  private var nearEdge: Double {
    let gap = (1 - ratio) / (1 + root)
    return shift + scale * gap * gap
  }
  private var farEdge: Double { shift + scale * (1 + root) * (1 + root) }
  private var continuousMass: Double { min(1, 1 / ratio) }

  public var support: ClosedRange<Double> {
    scale > 0 ? nearEdge...max(nearEdge, farEdge) : min(farEdge, nearEdge)...nearEdge
  }
  public var atom: Atom? {
    ratio > 1 ? Atom(position: shift, mass: (ratio - 1) / ratio) : nil
  }
  public var mean: Double { shift + scale }
  public var variance: Double { scale * scale * ratio }

  public func density(_ x: Double) -> Double {
    let width = 4 * root * scale
    let near = (x - nearEdge) / width
    let far = (farEdge - x) / width
    guard near > 0, far > 0 else { return 0 }
    let gap = (1 - ratio) / (1 + root)
    let standardized = gap * gap + 4 * root * near
    return 2 * (near * far).squareRoot() / (.pi * root * standardized * scale.magnitude)
  }

  public func cumulative(_ x: Double) -> Double {
    let atom = x >= shift ? self.atom?.mass ?? 0 : 0
    return atom + (scale > 0 ? massNear(x) : massFar(x))
  }

  public func survival(_ x: Double) -> Double {
    let atom = x < shift ? self.atom?.mass ?? 0 : 0
    return atom + (scale > 0 ? massFar(x) : massNear(x))
  }

  /// The continuous mass between x and the near edge.
  private func massNear(_ x: Double) -> Double {
    continuousMass
      * MarchenkoPasturIntegral(ratio: ratio).near(depth: (x - nearEdge) / (4 * root * scale))
  }

  /// The continuous mass between x and the far edge.
  private func massFar(_ x: Double) -> Double {
    continuousMass
      * MarchenkoPasturIntegral(ratio: ratio).far(depth: (farEdge - x) / (4 * root * scale))
  }
}
