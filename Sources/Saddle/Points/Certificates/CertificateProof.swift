/// The steps of a critical point's proof, from the figures of a point.
struct CertificateProof {
  /// ‖∇L(x)‖ at most.
  private let gradient: Double
  /// How far x is from the point that the Hessian and M are of.
  private let offset: Double
  /// M between the two; nil where it was not needed or is not known.
  private(set) var offsetLipschitz: Double?
  private(set) var hessianError: Double?
  private(set) var separation: Double?
  private(set) var index: Int?
  private(set) var bound: KantorovichBound?
  private(set) var wideBound: KantorovichBound?
  private(set) var kind: CriticalPointKind?
  private(set) var obstacle: CertificateObstacle?

  /// Of a point x, and of the Hessian near it.
  ///
  /// - Parameters:
  ///   - gradient: a bound of ‖∇L(x)‖; nil where there is none.
  ///   - offset: a bound of ‖x − y‖, with y where the Hessian is taken.
  init(gradient: Double?, offset: Double, hessianError: Double?) {
    self.gradient = gradient ?? .infinity
    self.offset = offset
    self.hessianError = hessianError
    if !self.gradient.isFinite {
      obstacle = .gradientUnbounded
    } else if !(hessianError ?? .infinity).isFinite {
      obstacle = .hessianUnbounded
    }
  }

  /// - Parameters:
  ///   - hessian: at y as computed, exactly symmetric and finite.
  ///   - nullDirections: of the true Hessian.
  ///   - lipschitz: M by the radius of the ball about y.
  mutating func run(
    _ hessian: consuming Matrix<Double>, nullDirections: [SparseDirection],
    lipschitz: (Double) -> Double?, using generator: inout some RandomNumberGenerator
  ) throws {
    guard obstacle == nil, let error = hessianError else { return }
    let order = hessian.rows
    let filled = FilledHessian(consume hessian, along: nullDirections)
    let e = (error + filled.error) * Rounding.inflation
    hessianError = e
    let gap = try VerifiedGap(about: filled.matrix, using: &generator)
    separation = gap.separation
    // From y to x the Hessian changes by M·‖x − y‖ at most.
    if offset > 0 { offsetLipschitz = lipschitz(offset) }
    let change = offset == 0 ? 0 : (offsetLipschitz ?? .infinity) * offset * Rounding.inflation
    guard change.isFinite else {
      obstacle = .lipschitzUnknown(radius: offset)
      return
    }
    let curvature = ((gap.separation - e).nextDown - change).nextDown
    guard curvature > 0, (1 / curvature).isFinite else {
      let doubt = e + (gap.residual.isFinite ? gap.residual : 0)
      obstacle = .singular(leastEigenvalue: gap.estimate, error: doubt)
      return
    }
    index = gap.index
    let offset = self.offset
    try decide(
      curvature: curvature, freeOrder: order - nullDirections.count, index: gap.index
    ) { radius in lipschitz((radius + offset) * Rounding.inflation) }
  }

  /// - Parameter lipschitz: M by the radius of the ball about x.
  private mutating func decide(
    curvature: Double, freeOrder: Int, index: Int, _ lipschitz: (Double) -> Double?
  ) throws {
    let radius = KantorovichBound.largestDistance(gradient: gradient, curvature: curvature)
    guard radius.isFinite, let near = lipschitz(radius), near >= 0, near.isFinite else {
      obstacle = .lipschitzUnknown(radius: radius.isFinite ? radius : .greatestFiniteMagnitude)
      return
    }
    let found = KantorovichBound(
      gradient: gradient, curvature: curvature, lipschitz: near, radius: radius)
    guard let distance = found.distance else {
      obstacle = .tooFar(criterion: min(found.criterion, .greatestFiniteMagnitude))
      bound = found.criterion.isFinite ? found : nil
      return
    }
    // Where the critical point itself may be degenerate, at h = ½, nothing is said of its kind.
    bound = found
    guard near * distance * Rounding.inflation < curvature else {
      obstacle = .tooFar(criterion: found.criterion)
      return
    }
    // The same with M in a larger ball, to say how far the point is the only one.
    // Where M = 0 sets no limit, any ball will do.
    let reach = found.widestRadius ?? max(1, radius)
    if reach > radius, let further = lipschitz(reach), further >= near, further.isFinite {
      let whole = KantorovichBound(
        gradient: gradient, curvature: curvature, lipschitz: further, radius: reach)
      if whole.uniquenessRadius ?? 0 > found.uniquenessRadius ?? 0 { wideBound = whole }
    }
    kind = index == 0 ? .minimum : index == freeOrder ? .maximum : .strictSaddle
  }
}
