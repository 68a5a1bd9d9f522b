import RealModule

/// How near to a critical point θ is, by what the gradient g and all of the Hessian's curvature say
/// together: a short gradient alone says nothing, since a loss can send both to zero at infinity.
///
/// All sums go over eigenpairs (λᵢ, vᵢ) of the Hessian. A mode is resolved where |λᵢ| is beyond
/// `resolution`; below it, the arithmetic cannot tell λᵢ from zero.
public struct Criticality: Codable, Equatable, Sendable {
  /// ‖g‖.
  public let gradientNorm: Double
  /// What rounding may have changed of g: its proved bound where there is one, else
  /// ulp·max|λ|·‖θ‖, which rounding θ alone changes.
  public let gradientError: Double
  /// What steps are held against: ‖θ‖, or how far a search for the point has come.
  public let lengthScale: Double
  /// |λ| up to this is not told from zero.
  public let resolution: Double
  /// The least |λ| that is; nil where there is none.
  public let leastResolved: Double?
  /// ‖p‖ of Newton's step p = −Σ vᵢ(vᵢᵀg)/λᵢ over the resolved modes.
  public let newtonStep: Double
  /// √(Σ (vᵢᵀg)²/|λᵢ|) over them: half its square is what the quadratic model's loss changes along
  /// Newton's step, where the Hessian is definite (Boyd, Vandenberghe 2004, §9.5.1).
  public let newtonDecrement: Double
  /// The part of ‖g‖ in modes that are not resolved.
  public let unresolvedGradient: Double
  /// The share of ‖g‖² in the near-kernel, |λ| ≤ 1e-6·max|λ|.
  public let nearKernelShare: Double
  /// Frye's r = ‖Hp + g‖/(‖H‖_F‖p‖ + ‖g‖) of the step without the near-kernel's modes.
  public let relativeResidual: Double
  /// −gᵀθ/(‖g‖‖θ‖): above zero, downhill leads away from the origin. Nil where either is zero.
  public let outwardCosine: Double?
  /// The steps of a Lanczos run that the sums come from; nil where they come from the whole Hessian.
  public let lanczosSteps: Int?

  package init(
    gradientNorm: Double, gradientError: Double, lengthScale: Double, resolution: Double,
    leastResolved: Double?, newtonStep: Double, newtonDecrement: Double,
    unresolvedGradient: Double, nearKernelShare: Double, relativeResidual: Double,
    outwardCosine: Double?, lanczosSteps: Int?
  ) {
    self.gradientNorm = gradientNorm
    self.gradientError = gradientError
    self.lengthScale = lengthScale
    self.resolution = resolution
    self.leastResolved = leastResolved
    self.newtonStep = newtonStep
    self.newtonDecrement = newtonDecrement
    self.unresolvedGradient = unresolvedGradient
    self.nearKernelShare = nearKernelShare
    self.relativeResidual = relativeResidual
    self.outwardCosine = outwardCosine
    self.lanczosSteps = lanczosSteps
  }

  /// How far the nearest critical point of the quadratic model may be, whatever rounding did to g:
  /// ‖p‖ + `gradientError`/`leastResolved`.
  public var reach: Double {
    newtonStep + (leastResolved.map { gradientError / $0 } ?? 0)
  }

  /// Whether θ is a critical point as far as the arithmetic can tell: the quadratic model has one
  /// within a thousandth of `lengthScale`, and along what is not resolved there is no slope beyond
  /// rounding. Never from a part of the curvature.
  public var isCritical: Bool {
    lanczosSteps == nil && unresolvedGradient <= gradientError
      && reach <= PointLimits.criticalStep * lengthScale
  }

  /// Whether θ is no critical point, whatever rounding did to the gradient. Between this and
  /// `isCritical` the arithmetic cannot tell.
  public var isRuledOut: Bool {
    lanczosSteps != nil || unresolvedGradient > gradientError
      || 2 * newtonStep - reach > PointLimits.criticalStep * lengthScale
  }

  /// Whether the gradient lies where the Hessian sends it to zero (Frye et al. 2021), at a point that
  /// is not critical. However small the gradient is.
  public var isGradientFlat: Bool {
    isRuledOut && relativeResidual > GradientFlatness.limit
  }
}

extension Criticality {
  /// - Parameters:
  ///   - measure: of the gradient in H.
  ///   - spectrum: H's.
  ///   - gradientError: the proved bound of the gradient's rounding, if there is one.
  ///   - lengthScale: nil for ‖θ‖.
  init(
    _ measure: GradientMeasure, gradient: [Double], at θ: [Double], in spectrum: CurvatureExtent,
    gradientError: Double?, lengthScale: Double?
  ) {
    let (norm, length) = (gradient.norm, θ.norm)
    let resolution = spectrum.resolution
    let kernel = PointLimits.strictZero * spectrum.scale
    func isResolved(_ λ: Double) -> Bool { λ.magnitude > resolution }
    gradientNorm = norm
    self.gradientError = gradientError ?? finite(Double.ulpOfOne * spectrum.radius * length)
    self.lengthScale = lengthScale ?? length
    self.resolution = resolution
    leastResolved = measure.eigenvalues.lazy.map(\.magnitude).filter(isResolved).min()
    newtonStep = finite(norm * measure.length(isResolved) { 1 / $0 })
    newtonDecrement = finite(norm * measure.sum(isResolved, { 1 / $0.magnitude }).squareRoot())
    unresolvedGradient = norm * measure.sum { !isResolved($0) }.squareRoot()
    // What rounding left beyond 1 or below is no share.
    nearKernelShare = min(measure.sum { $0.magnitude <= kernel }, 1)
    let residual = norm * nearKernelShare.squareRoot()
    // ‖H‖_F‖p‖/‖g‖ by ratios: 1/λ of the least numbers is beyond the largest.
    let pull = measure.length({ $0.magnitude > kernel }) { spectrum.frobeniusNorm / $0 }
    let largest = norm * (1 + pull)
    relativeResidual = largest > 0 ? residual / largest : 0
    // Of unit vectors: a product of small ones would be lost.
    outwardCosine =
      norm > 0 && length > 0
      ? zip(gradient, θ).reduce(0) { $0 - $1.0 / norm * ($1.1 / length) } : nil
    lanczosSteps = measure.lanczosSteps
  }
}

/// What criticality needs of a Hessian's spectrum.
struct CurvatureExtent {
  /// max|λ|.
  let radius: Double
  /// The same, or the largest curvature met on the way where that is larger: what the near-kernel is
  /// near to. In one dimension, say, H alone has no scale.
  let scale: Double
  /// |λ| up to this is not told from zero.
  let resolution: Double
  /// ‖H‖_F.
  let frobeniusNorm: Double

  init(_ spectrum: Spectrum, metOnTheWay: Double?) {
    radius = spectrum.radius
    scale = max(spectrum.radius, metOnTheWay ?? 0)
    // The eigensolver's own: more modes count, and Newton's step comes out longer rather than shorter.
    // Below the least normal number nothing is resolved: what is left there has no digits.
    resolution =
      radius > 0 ? max(spectrum.resolution * spectrum.radius, .leastNormalMagnitude) : 0
    // Of scaled values: squares of small ones would be lost.
    frobeniusNorm = stableRank(spectrum.eigenvalues).squareRoot() * spectrum.radius
  }
}

/// Records hold no infinity: what is beyond all numbers is their largest, which no limit lets pass.
private func finite(_ figure: Double) -> Double { min(figure, .greatestFiniteMagnitude) }
