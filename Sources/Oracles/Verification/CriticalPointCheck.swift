/// Verifies a classification of a point from values and gradients, with its own arithmetic: a
/// Hessian by differences of the gradient, its eigenvalues by GSL, its own reading of the kinds.
///
/// Nothing of the claimant's code is used but the functions. P eigenvalues cost P³ and the
/// differences about 26·P gradients: for P up to a few hundred.
public struct CriticalPointCheck: Sendable {
  public let value: @Sendable ([Double]) -> Double
  public let gradient: @Sendable ([Double]) -> [Double]
  /// A dense Hessian of one's own, where differences are too coarse or too slow. It is compared
  /// with a difference of the gradient first.
  public let hessian: (@Sendable ([Double]) -> [[Double]])?
  public let differences: FiniteDifferences

  public init(
    value: @escaping @Sendable ([Double]) -> Double,
    gradient: @escaping @Sendable ([Double]) -> [Double],
    hessian: (@Sendable ([Double]) -> [[Double]])? = nil,
    differences: FiniteDifferences = FiniteDifferences()
  ) {
    self.value = value
    self.gradient = gradient
    self.hessian = hessian
    self.differences = differences
  }

  /// Frye et al. 2021: gradient-flat where r exceeds this.
  static let flatLimit = 0.9

  /// - Throws: `notFiniteResult`, `wrongLength`; `invalidArgument` for a claim that is not finite.
  public func verify(_ claim: CriticalPointClaim) throws(OracleError) -> CriticalPointReport {
    let θ = claim.point
    let figures =
      θ + [claim.value, claim.gradientNorm, claim.zeroBound] + claim.criticality.figures
    guard figures.allSatisfy(\.isFinite), !θ.isEmpty, claim.zeroBound >= 0 else {
      throw .invalidArgument(
        message: "a claim with figures that are not finite, or with no parameters")
    }
    var finding = Finding()
    let g = try checked(gradient(θ), "gradient", expecting: θ.count, at: "θ")
    let (rows, error) = try denseHessian(at: θ, &finding)
    let (eigenvalues, vectors) = try GSL.eigensystem(rows)
    let radius = radius(eigenvalues)
    // Rounding θ alone moves the gradient by ‖H‖·‖θ‖·ulp, however small it is.
    try compareFunctions(
      claim, gradient: g, rounding: 16 * Noise.ulp * radius * max(norm(θ), 1), &finding)
    let slack = error + 60 * Double(θ.count) * Noise.ulp * radius
    count(claim, eigenvalues, slack, &finding)

    let critical = self.critical(
      claim, eigenvalues, parts: vectors.map { dot($0, g) }, error: slack, &finding)
    let claimsCritical = ![.gradientFlat, .notCritical, .undecided, .unresolved].contains(
      claim.kind)
    if claimsCritical, !critical.possibly { finding.refutations.append(.notCritical) }
    if claim.kind == .gradientFlat || claim.kind == .notCritical, critical.surely {
      finding.refutations.append(.critical)
    }
    var witness: NegativeCurvatureReport?
    if claimsCritical {
      if claim.kind != kind(claim.inertia, structural: claim.structuralZeros) {
        finding.refutations.append(.kindDoesNotFollow)
      }
      witness = try verifyWitness(claim, slack, &finding)
    }
    if claim.kind == .undecided || claim.kind == .unresolved { finding.doubts.append(.nothingClaimed) }
    let r = try verifyFlatness(claim, rows, gradient: g, error: slack, &finding)
    return CriticalPointReport(
      verdict: finding.verdict, reasons: finding.refutations + finding.doubts,
      gradientNorm: norm(g), eigenvalues: eigenvalues, eigenvalueError: slack, curvature: witness,
      relativeResidual: r)
  }

  /// A thousandth of the length scale: the step of a critical point.
  static let criticalStep = 1e-3

  /// Newton's step from an eigensystem of one's own, against the limits that the claim states.
  ///
  /// - Parameters:
  ///   - parts: vᵢᵀg.
  ///   - error: of the eigenvalues.
  private func critical(
    _ claim: CriticalPointClaim, _ eigenvalues: [Double], parts: [Double], error: Double,
    _ finding: inout Finding
  ) -> (possibly: Bool, surely: Bool) {
    let claimed = claim.criticality
    let length = max(norm(claim.point), 1)
    let rounding = 16 * Noise.ulp * radius(eigenvalues) * length
    // Limits of the claimant's own choice would make any point critical.
    if claimed.lengthScale > 10 * length || claimed.gradientError > 1e6 * rounding + 1e-9 {
      finding.refutations.append(.limitsTooWide)
    }
    let resolution = max(claimed.resolution, error)
    var (squares, unresolved, least) = (0.0, 0.0, Double.infinity)
    for (λ, part) in zip(eigenvalues, parts) {
      if λ.magnitude > resolution {
        squares += (part / λ) * (part / λ)
        least = min(least, λ.magnitude)
      } else {
        unresolved += part * part
      }
    }
    let step = squares.squareRoot()
    // The eigenvalues' error changes the step by its share of the least one, rounding by more.
    let slack = step * min(1, 4 * error / least) + (rounding + claimed.gradientError) / least
    if (step - claimed.newtonStep).magnitude > 1e-3 * step + 2 * slack,
      claimed.resolution >= error || eigenvalues.allSatisfy({ $0.magnitude > resolution })
    {
      finding.refutations.append(.newtonStepDiffers)
    }
    let (flat, reach) = (unresolved.squareRoot(), step + claimed.gradientError / least)
    let limit = Self.criticalStep * claimed.lengthScale
    // Near the limits, rounding decides.
    return (
      flat <= claimed.gradientError + rounding && reach <= limit + slack,
      flat <= claimed.gradientError && reach + slack <= limit
    )
  }

  private struct Finding {
    var refutations: [CriticalPointReport.Reason] = []
    var doubts: [CriticalPointReport.Reason] = []

    var verdict: NegativeCurvatureReport.Verdict {
      refutations.isEmpty ? (doubts.isEmpty ? .confirmed : .undecided) : .refuted
    }
  }

  private func compareFunctions(
    _ claim: CriticalPointClaim, gradient g: [Double], rounding: Double,
    _ finding: inout Finding
  ) throws(OracleError) {
    let θ = claim.point
    let here = try checked([value(θ)], "value", expecting: 1, at: "θ")[0]
    // Two implementations sum in other orders: 1e-9 is far above that and far below a fault.
    if !((here - claim.value).magnitude <= 1e-9 * max(here.magnitude, 1)) {
      finding.refutations.append(.valueDiffers)
    }
    if !((norm(g) - claim.gradientNorm).magnitude <= 1e-6 * norm(g) + rounding) {
      finding.refutations.append(.gradientNormDiffers)
    }
    let along = alternating(θ.count)
    let slope = try differences.directionalDerivative(of: value, at: θ, along: along)
    if (slope.value - dot(g, along)).magnitude > 4 * slope.error + rounding {
      finding.refutations.append(.valuesDisagree)
    }
  }

  /// The Hessian, exactly symmetric, and a bound on the 2-norm of its error.
  private func denseHessian(
    at θ: [Double], _ finding: inout Finding
  ) throws(OracleError) -> (rows: [[Double]], error: Double) {
    if let hessian {
      let rows = hessian(θ)
      try requireSymmetric(rows)
      let v = alternating(θ.count)
      let product = try differences.hessianVectorProduct(
        fromGradient: gradient, at: θ, along: v)
      for (row, estimate) in zip(rows, product) {
        let entry = dot(row, v)
        if (entry - estimate.value).magnitude > 4 * estimate.error + 1e-9 * norm(row) {
          finding.refutations.append(.hessianDisagrees)
          break
        }
      }
      return (rows, 0)
    }
    let estimates = try differences.hessian(fromGradient: gradient, at: θ)
    let rows = RandomMatrix.symmetric(order: θ.count) { i, j in
      (estimates[i][j].value + estimates[j][i].value) / 2
    }
    return (rows, norm(estimates.flatMap { $0.map(\.error) }))
  }

  private func count(
    _ claim: CriticalPointClaim, _ eigenvalues: [Double], _ error: Double,
    _ finding: inout Finding
  ) {
    let bound = claim.zeroBound
    // Weyl: an eigenvalue moves by at most the norm of the Hessian's error.
    let isClear = eigenvalues.allSatisfy {
      ($0 - bound).magnitude > error && ($0 + bound).magnitude > error
    }
    // A Hessian of zeros has nothing but zeros, with no bound to be on a side of.
    let isZero = bound == 0 && eigenvalues.allSatisfy { $0.magnitude <= error }
    guard isClear || isZero else {
      finding.doubts.append(.eigenvalueAtBound)
      return
    }
    let negative = isZero ? 0 : eigenvalues.count { $0 < -bound }
    let positive = isZero ? 0 : eigenvalues.count { $0 > bound }
    let counts = CriticalPointClaim.Counts(
      negative: negative, zero: eigenvalues.count - negative - positive, positive: positive)
    if counts != claim.inertia { finding.refutations.append(.countsDiffer) }
  }

  /// What counts make of a critical point; nil where the zeros that were promised are not there.
  private func kind(
    _ counts: CriticalPointClaim.Counts, structural: Int
  ) -> CriticalPointClaim.Kind? {
    guard structural >= 0, structural <= counts.zero else { return nil }
    let isDegenerate = counts.zero > structural
    if counts.negative == 0 { return isDegenerate ? .secondOrderCritical : .minimum }
    if counts.positive == 0 { return isDegenerate ? .degenerateMaximum : .maximum }
    return isDegenerate ? .degenerateSaddle : .strictSaddle
  }

  private func verifyWitness(
    _ claim: CriticalPointClaim, _ rounding: Double, _ finding: inout Finding
  ) throws(OracleError) -> NegativeCurvatureReport? {
    guard claim.inertia.negative > 0 else { return nil }
    guard let witness = claim.curvature else {
      finding.refutations.append(.witnessMissing)
      return nil
    }
    let report = try NegativeCurvatureCheck(
      value: value, gradient: gradient, differences: differences
    ).verify(
      at: claim.point, along: witness.direction, eigenvalue: witness.rayleighQuotient,
      // By luck a residual comes out smaller than the rounding of the product it is made from.
      residual: max(witness.residual, rounding))
    switch report.verdict {
    case .confirmed: break
    case .refuted: finding.refutations.append(.witnessFails)
    case .undecided: finding.doubts.append(.witnessFails)
    }
    return report
  }

  /// - Returns: r = ‖Hp + g‖/(‖H‖_F‖p‖ + ‖g‖).
  private func verifyFlatness(
    _ claim: CriticalPointClaim, _ rows: [[Double]], gradient g: [Double], error: Double,
    _ finding: inout Finding
  ) throws(OracleError) -> Double? {
    guard claim.kind == .gradientFlat || claim.kind == .notCritical else { return nil }
    guard let flatness = claim.flatness else {
      if claim.kind == .gradientFlat { finding.refutations.append(.stepMissing) }
      return nil
    }
    let p = flatness.step
    guard p.count == g.count else {
      throw .wrongLength(of: "step", expected: g.count, found: p.count)
    }
    let rest = zip(rows, g).map { dot($0, p) + $1 }
    let image = rows.map { dot($0, rest) }
    let frobenius = norm(rows.flatMap { $0 })
    let r = norm(rest) / (frobenius * norm(p) + norm(g))
    let rounding = 16 * Noise.ulp * frobenius * (frobenius * norm(p) + norm(g))
    let allowed = 1.02 * flatness.tolerance * flatness.curvatureScale + error
    let isLeastSquares = norm(image) <= allowed * norm(rest) + rounding
    if claim.kind == .gradientFlat {
      // A scale of one's own choice would make anything a least-squares solution …
      var found = radius(try GSL.eigenvalues(rows))
      if let place = flatness.scalePoint {
        found = radius(try GSL.eigenvalues(try denseHessian(at: place, &finding).rows))
      }
      if !(found * 1.001 >= flatness.curvatureScale) {
        finding.refutations.append(.scaleNotFound)
      }
      // … and so would a tolerance.
      if !isLeastSquares || flatness.tolerance > 1e-3 {
        finding.refutations.append(.stepNotLeastSquares)
      }
      if !(r > Self.flatLimit) { finding.refutations.append(.residualDisagrees) }
    } else if isLeastSquares, r > Self.flatLimit * 1.001 {
      finding.refutations.append(.residualDisagrees)
    }
    return r
  }

  private func radius(_ eigenvalues: [Double]) -> Double {
    eigenvalues.reduce(0) { max($0, $1.magnitude) }
  }

  /// (1, −1, 1, …)/√n: a function of the sum alone must not look flat.
  private func alternating(_ n: Int) -> [Double] {
    (0..<n).map { ($0 % 2 == 0 ? 1 : -1) / Double(n).squareRoot() }
  }
}
