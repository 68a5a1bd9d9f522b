/// Verifies a certificate of a critical point: its arithmetic line by line in double-double, and its
/// figures against a truth of one's own. Nothing of the claimant's code is used.
///
/// The arithmetic is held to the letter: a certificate's numbers are bounds, so one that is on the
/// wrong side by its last digit proves nothing.
public struct KantorovichCheck: Sendable {
  public enum Reason: String, Sendable, Codable, CaseIterable {
    /// A figure that the proof needs is missing, negative or not finite.
    case figureMissing
    /// ‖∇L‖ is larger than the claimed norm and its error together.
    case gradientBeyondBound
    /// The computed Hessian is further from the true one than e.
    case hessianBeyondError
    /// The true Hessian has an eigenvalue, besides the exact zeros, nearer to zero than σ − e.
    case eigenvalueInGap
    /// Exact zeros are claimed that the true Hessian does not have.
    case zerosMissing
    /// The negative eigenvalues are not as many as was claimed.
    case indexDiffers
    /// The kind is not the index's.
    case kindDoesNotFollow
    /// The critical point that Newton's steps find from θ is further away than was claimed, or none
    /// is found.
    case criticalPointElsewhere
    /// M is smaller than a third derivative, or than it is by an own bound.
    case lipschitzTooSmall
    /// β < 1/(σ − e), η < β(‖∇L‖ + its error), h < βMη.
    case inverseNormTooSmall, newtonStepTooSmall, criterionTooSmall
    /// h > ½.
    case criterionAboveHalf
    /// t* < 2η/(1 + √(1 − 2h)).
    case distanceTooSmall
    /// M is of a ball that does not hold the critical point.
    case ballTooSmall
    /// The point is said to be the only one further than h or M's ball allows.
    case uniquenessTooLarge
    /// M·t* ≥ σ − e: an eigenvalue might change its sign on the way.
    case kindMayChange
  }

  /// What is known of θ from elsewhere.
  public struct Truth: Sendable {
    /// ‖∇L(θ)‖.
    public var gradientNorm: DoubleDouble
    /// ∇²L at θ, or at the doubles nearest to the critical point where the claim is of a point nearby;
    /// rounded, P × P and exactly symmetric.
    public var hessian: [[Double]]
    /// ‖x* − θ‖ of the critical point; infinite where none was found, nil where it was not looked for.
    public var distance: DoubleDouble?
    /// ‖computed − true Hessian‖₂ as it was found; nil where it was not looked for.
    public var hessianDistance: Double?
    /// What M may not be below: a third derivative that was met in its ball, or M by another's
    /// arithmetic.
    public var lipschitz: Double

    public init(
      gradientNorm: DoubleDouble, hessian: [[Double]], distance: DoubleDouble? = nil,
      hessianDistance: Double? = nil, lipschitz: Double = 0
    ) {
      self.gradientNorm = gradientNorm
      self.hessian = hessian
      self.distance = distance
      self.hessianDistance = hessianDistance
      self.lipschitz = lipschitz
    }
  }

  public init() {}

  /// What is wrong with a claim; nothing where it is borne out, and of a claim that proves nothing.
  ///
  /// - Throws: `OracleError` where the true Hessian is not finite and symmetric; `.wrongLength` where
  ///   it is of another order.
  public func verify(
    _ claim: KantorovichClaim, against truth: Truth
  ) throws(OracleError) -> Set<Reason> {
    guard truth.hessian.count == claim.order else {
      throw .wrongLength(of: "Hessian", expected: claim.order, found: truth.hessian.count)
    }
    guard let kind = claim.kind else { return [] }
    guard let figures = Figures(claim) else { return [.figureMissing] }
    var reasons = arithmetic(figures)
    if let gradientError = claim.gradientError,
      truth.gradientNorm > DoubleDouble(claim.gradientNorm) + DoubleDouble(gradientError)
    {
      reasons.insert(.gradientBeyondBound)
    }
    if let distance = truth.distance,
      distance > DoubleDouble(figures.distance) + DoubleDouble(claim.shifted?.shift ?? 0)
    {
      reasons.insert(.criticalPointElsewhere)
    }
    if let distance = truth.hessianDistance, distance > figures.hessianError {
      reasons.insert(.hessianBeyondError)
    }
    if figures.bound.lipschitz < truth.lipschitz { reasons.insert(.lipschitzTooSmall) }
    reasons.formUnion(try spectrum(claim, kind, figures, truth.hessian))
    return reasons
  }

  private func spectrum(
    _ claim: KantorovichClaim, _ kind: String, _ figures: Figures, _ hessian: [[Double]]
  ) throws(OracleError) -> Set<Reason> {
    var reasons: Set<Reason> = []
    let eigenvalues = try GSL.eigenvalues(hessian)
    let radius = eigenvalues.reduce(0) { max($0, $1.magnitude) }
    // GSL's own error, and the truth's rounding to doubles.
    let slack = 60 * Double(eigenvalues.count) * Noise.ulp * radius
    let byMagnitude = eigenvalues.sorted { $0.magnitude < $1.magnitude }
    guard (0...eigenvalues.count).contains(claim.exactZeros) else { return [.zerosMissing] }
    if byMagnitude.prefix(claim.exactZeros).contains(where: { $0.magnitude > slack }) {
      reasons.insert(.zerosMissing)
    }
    let others = byMagnitude.dropFirst(claim.exactZeros)
    if let least = others.first,
      least.magnitude + slack < figures.separation - figures.hessianError
    {
      reasons.insert(.eigenvalueInGap)
    }
    let negative = others.count { $0 < 0 }
    if negative != figures.index { reasons.insert(.indexDiffers) }
    let expected =
      figures.index == 0
      ? "minimum" : figures.index == others.count ? "maximum" : "strictSaddle"
    if kind != expected { reasons.insert(.kindDoesNotFollow) }
    return reasons
  }

  /// Newton–Kantorovich (Kantorovich 1948), from the claim's primary figures.
  private func arithmetic(_ figures: Figures) -> Set<Reason> {
    var reasons: Set<Reason> = []
    let (one, two) = (DoubleDouble(1), DoubleDouble(2))
    let bound = figures.bound
    let room =
      DoubleDouble(figures.separation) - DoubleDouble(figures.hessianError) - figures.change
    guard room > DoubleDouble(0) else { return [.inverseNormTooSmall] }
    let (β, η, m) = (
      DoubleDouble(bound.inverseNorm), DoubleDouble(bound.newtonStep), DoubleDouble(bound.lipschitz)
    )
    let h = DoubleDouble(bound.criterion)
    if β * room < one { reasons.insert(.inverseNormTooSmall) }
    let gradient = DoubleDouble(figures.gradientNorm) + DoubleDouble(figures.gradientError)
    if η < β * gradient { reasons.insert(.newtonStepTooSmall) }
    if h < β * m * η { reasons.insert(.criterionTooSmall) }
    guard h + h <= one else { return reasons.union([.criterionAboveHalf]) }
    let root = (one - two * h).squareRoot
    let distance = DoubleDouble(figures.distance)
    if distance * (one + root) < two * η { reasons.insert(.distanceTooSmall) }
    if bound.radius < figures.distance { reasons.insert(.ballTooSmall) }
    if !(m * distance < room) { reasons.insert(.kindMayChange) }
    for each in [figures.bound, figures.wideBound].compactMap({ $0 }) {
      guard let unique = each.uniquenessRadius else { continue }
      let h = DoubleDouble(each.inverseNorm) * DoubleDouble(each.lipschitz) * DoubleDouble(each.newtonStep)
      let limit = one + (one - two * h).squareRoot
      let reach = DoubleDouble(unique) * DoubleDouble(each.inverseNorm) * DoubleDouble(each.lipschitz)
      if h + h > one || reach > limit || unique > each.radius || each.lipschitz < bound.lipschitz
        || DoubleDouble(each.inverseNorm) * room < one
        || DoubleDouble(each.newtonStep) < DoubleDouble(each.inverseNorm) * gradient
      {
        reasons.insert(.uniquenessTooLarge)
      }
    }
    return reasons
  }

  /// A claim's figures, all there.
  private struct Figures {
    /// At the point that the theorem is applied to.
    let gradientNorm, gradientError: Double
    let hessianError, separation, distance: Double
    /// What the Hessian may change by from where it was taken to that point.
    let change: DoubleDouble
    let index: Int
    let bound: KantorovichClaim.Bound
    let wideBound: KantorovichClaim.Bound?

    init?(_ claim: KantorovichClaim) {
      guard let gradientError = claim.shifted?.gradientError ?? claim.gradientError,
        let hessianError = claim.hessianError,
        let separation = claim.separation, let index = claim.index, let bound = claim.bound,
        let distance = bound.distance
      else { return nil }
      let (norm, shifted) = (claim.shifted?.gradientNorm ?? claim.gradientNorm, claim.shifted)
      // An offset without its M may change the Hessian by anything.
      let offset = shifted?.offset ?? 0
      let lipschitz = shifted?.lipschitz ?? (offset == 0 ? 0 : .infinity)
      let all = [
        shifted?.shift ?? 0, offset, lipschitz, norm, gradientError,
        hessianError, separation, distance, bound.inverseNorm, bound.newtonStep, bound.lipschitz,
        bound.radius, bound.criterion,
      ]
      guard all.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
      gradientNorm = norm
      change = DoubleDouble(offset) * DoubleDouble(lipschitz)
      self.gradientError = gradientError
      self.hessianError = hessianError
      self.separation = separation
      self.distance = distance
      self.index = index
      self.bound = bound
      wideBound = claim.wideBound
    }
  }
}

extension PlainNetwork {
  /// What double-double says of a point, for `KantorovichCheck`: for small P.
  ///
  /// - Parameters:
  ///   - claim: of a certificate at θ; where it is of a point nearby, the critical point is looked for
  ///     and the Hessian compared at the doubles nearest to it.
  ///   - computed: the Hessian that the claimant computes at P numbers, P × P.
  /// - Throws: `OracleError` where the differences are not finite; what `computed` throws.
  public func kantorovichTruth(
    of claim: KantorovichClaim, at θ: [Double], computedHessian computed: ([Double]) -> [[Double]]
  ) throws(OracleError) -> KantorovichCheck.Truth {
    let start = θ.map { DoubleDouble($0) }
    let critical =
      claim.shifted == nil ? nil : try criticalPoint(near: start, zeros: claim.exactZeros)
    let place = critical?.map { Double($0) } ?? θ
    let point = inHigherPrecision(at: place)
    let theirs = computed(place)
    let differences = θ.indices.map { i in
      θ.indices.map { j in Double(DoubleDouble(theirs[i][j]) - point.hessian[i][j]) }
    }
    let hessianDistance = try GSL.eigenvalues(differences).reduce(0) { max($0, $1.magnitude) }
    // GSL's share of that estimate is no fault of the claim's.
    return KantorovichCheck.Truth(
      gradientNorm: lossAndGradientInHigherPrecision(at: start).gradient.norm,
      hessian: point.hessian.map { $0.map { Double($0) } },
      distance: critical.map { zip($0, start).map { $0 - $1 }.norm }
        ?? (claim.shifted == nil ? nil : DoubleDouble(.infinity)),
      hessianDistance: hessianDistance * (1 - 1e-9),
      lipschitz: try hessianLipschitz(at: place, radius: claim.bound?.radius ?? 0) * (1 - 1e-3))
  }

  /// Newton's steps in double-double until the gradient falls no further, in the space of all but the
  /// `zeros` least eigenvalues; nil where it does not come to rest.
  private func criticalPoint(
    near start: [DoubleDouble], zeros: Int
  ) throws(OracleError) -> [DoubleDouble]? {
    var point = start
    var least = DoubleDouble(.greatestFiniteMagnitude)
    for _ in 0..<40 {
      let here = inHigherPrecision(at: point)
      let norm = here.gradient.norm
      guard norm < least * DoubleDouble(0.5) else { break }
      least = norm
      let (values, vectors) = try GSL.eigensystem(here.hessian.map { $0.map { Double($0) } })
      let used = values.indices.sorted { values[$0].magnitude < values[$1].magnitude }.dropFirst(zeros)
      for k in used {
        let along = zip(vectors[k], here.gradient).reduce(DoubleDouble(0)) {
          $0 + DoubleDouble($1.0) * $1.1
        }
        let step = along / DoubleDouble(values[k])
        for i in point.indices { point[i] = point[i] - step * DoubleDouble(vectors[k][i]) }
      }
    }
    // A gradient that is no rounding is no critical point's.
    return least < DoubleDouble(1e-22) ? point : nil
  }
}
