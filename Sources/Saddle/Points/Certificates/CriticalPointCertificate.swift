/// A proof that an objective has exactly one critical point near θ, and of which kind; or what is
/// missing for it.
///
/// By Newton and Kantorovich's theorem (`KantorovichBound`) with every error bounded: of the gradient
/// and the Hessian by running error analysis, of the Hessian's eigenvalues by factorizations with
/// their residual (`VerifiedFactorization`; Rump 2010, §10), of its change nearby by a Lipschitz
/// constant. The kind is the exact critical point's: an eigenvalue cannot cross zero within t*, since
/// M·t* < σ − e (Weyl).
///
/// The theorem is applied at θ, or where ∇L is known in ball arithmetic at a point x nearby at which
/// it is smaller (`Shifted`): near a critical point the rounding of θ's own digits is all there is.
///
/// Where the objective is constant along known directions N (`exactNullDirections`), τ·Σvvᵀ is added
/// to the Hessian: the theorem is then L's own on the affine space θ + N⊥, since ∇L is orthogonal to
/// N, so that a point where ∇L + τVVᵀ(x − θ) vanishes is critical and lies in that space. Critical
/// points come in families parallel to N; there is one family near θ, and N is the whole kernel of
/// the Hessian on it.
public struct CriticalPointCertificate: Codable, Equatable, Sendable {
  /// What is proved: `.minimum`, `.strictSaddle` or `.maximum`, nondegenerate but for
  /// `exactZeros`; nil where nothing is.
  public let kind: CriticalPointKind?
  /// What is missing for a proof.
  public let obstacle: CertificateObstacle?
  /// P.
  public let order: Int
  /// ‖∇L(θ)‖ as computed, in ball arithmetic where the objective has it.
  public let gradientNorm: Double
  /// A bound of its error.
  public let gradientError: Double?
  /// Where the theorem is applied; nil: at θ.
  public let shifted: Shifted?
  /// e: a bound of ‖computed − true Hessian‖₂, and of what was added to it.
  public let hessianError: Double?
  /// σ: no eigenvalue of the computed Hessian has a smaller magnitude, but for `exactZeros`; 0 where
  /// none was found.
  public let separation: Double?
  /// Its negative eigenvalues, where σ > e: the critical point's Morse index where there is one.
  public let index: Int?
  /// Directions along which the objective is constant: zeros of every Hessian, exactly.
  public let exactZeros: Int
  /// β, η, M, h and t*.
  public let bound: KantorovichBound?
  /// The same with M in a larger ball, where that says more of how far the point is the only one.
  public let wideBound: KantorovichBound?
  /// No critical point lies nearer to θ, proved by ‖∇L(θ)‖ alone; nil where there may be one.
  public let exclusionRadius: Double?

  /// Whether a critical point near θ is proved.
  public var isProved: Bool { kind != nil }

  /// The exact critical point lies no further from θ; nil where none is proved.
  public var distance: Double? {
    guard isProved, let distance = bound?.distance else { return nil }
    return shifted.map { ($0.shift + distance) * Rounding.inflation } ?? distance
  }

  /// No other critical point is as near to θ, but for shifts of the same one along `exactZeros`
  /// directions.
  public var uniquenessRadius: Double? {
    guard isProved, let radius = wideBound?.uniquenessRadius ?? bound?.uniquenessRadius else {
      return nil
    }
    return shifted.map { max(0, radius / Rounding.inflation - $0.shift) } ?? radius
  }

  /// A point x near θ, to which Newton's steps lead with ∇L in ball arithmetic, and the Hessian at
  /// its nearest doubles.
  public struct Shifted: Codable, Equatable, Sendable {
    /// A bound of ‖x − θ‖.
    public let shift: Double
    /// A bound of ‖x − y‖, with its nearest doubles y, which e, σ and the index are of.
    public let offset: Double
    /// ‖∇L(x)‖, and a bound of its error.
    public let gradientNorm: Double
    public let gradientError: Double
    /// M in the ball of radius `offset` about y: the Hessian at x may differ by M·`offset`. nil where
    /// the proof did not come to it.
    public let lipschitz: Double?
  }

  public enum Outcome: String, Codable, Sendable {
    /// There is a critical point near θ.
    case proved
    /// There is none that θ could be called.
    case refuted
    case open
  }

  /// What is proved of θ as a critical point.
  ///
  /// - Parameter lengthScale: ‖θ‖, of which `PointLimits.criticalStep` is how far off a critical point
  ///   may be.
  public func outcome(lengthScale: Double) -> Outcome {
    if isProved { return .proved }
    return refutes(within: PointLimits.criticalStep * lengthScale) ? .refuted : .open
  }

  /// Whether it is proved that no critical point lies within a distance of θ.
  public func refutes(within distance: Double) -> Bool {
    exclusionRadius.map { $0 > distance } ?? false
  }
}

extension CriticalPointCertificate {
  /// Assembles the Hessian at θ and tries the proof. Costs about three factorizations and their
  /// products at a minimum, four elsewhere, and a second assembly where θ is no critical point's
  /// nearest; no eigenvalues.
  ///
  /// Memory: five P × P matrices at the peak.
  /// - Parameters:
  ///   - θ: P parameters.
  ///   - seed: starts inverse iteration, by which shifts are chosen; no proof depends on it.
  /// - Throws: `CriticalPointError.wrongDimension`, `.pointNotFinite`, `.gradientNotFinite`,
  ///   `.hessianRefused`; `SpectrumError.tooLarge` before any work; `LinearAlgebraError` where LAPACK
  ///   gives up.
  public init(
    of objective: some Objective<Double>, at θ: [Double], seed: UInt64 = 0
  ) throws {
    self = try Self.tried(of: objective, at: θ, seed: seed).certificate
  }

  /// - Returns: the certificate, and the doubles nearest to the critical point where one is proved; θ
  ///   where none is.
  static func tried(
    of objective: some Objective<Double>, at θ: [Double], seed: UInt64
  ) throws -> (certificate: Self, nearest: [Double]) {
    guard θ.count == objective.dimension else {
      throw CriticalPointError.wrongDimension(point: θ.count, objective: objective.dimension)
    }
    if let at = firstNotFinite(θ) { throw CriticalPointError.pointNotFinite(coordinate: at) }
    try PointAnalysis.requireMemory(order: θ.count, matrices: 5)
    let evaluation = objective.evaluate(at: θ)
    guard evaluation.isFinite else {
      throw CriticalPointError.gradientNotFinite(coordinate: nil)
    }
    var hessian = try Self.hessian(of: objective, at: θ)
    var hessianError = objective.hessianRounding(at: θ)
    let gradient = objective.gradientEnclosure(at: θ.map { Ball($0) })
    let norm = gradient?.norm
    let (gradientNorm, gradientError) = (
      norm?.value ?? evaluation.gradientNorm, norm?.error ?? objective.rounding(at: θ)?.gradientNorm
    )
    let free = gradientError.flatMap { gradientError in
      hessianError.flatMap {
        exclusionRadius(
          gradient: (gradientNorm - gradientError) / Rounding.inflation, hessian, error: $0
        ) { objective.hessianLipschitz(at: θ, radius: $0) }
      }
    }

    let nullDirections = objective.exactNullDirections
    let refined = try gradient.flatMap {
      try PolishedPoint(
        of: objective, near: θ, gradient: $0,
        hessian: FilledHessian(hessian, along: nullDirections).matrix)
    }
    let nearest = refined?.nearest ?? θ
    if nearest != θ {
      hessian = try Self.hessian(of: objective, at: nearest)
      hessianError = objective.hessianRounding(at: nearest)
    }
    let offset = refined?.offset ?? 0
    var proof = CertificateProof(
      gradient: (refined?.gradientNorm ?? gradientError.map { (gradientNorm, $0) })
        .map { ($0.value + $0.error) * Rounding.inflation },
      offset: offset, hessianError: hessianError)
    var start = RandomStream(seed: seed, name: "certificate")
    try proof.run(
      consume hessian, nullDirections: nullDirections,
      lipschitz: { objective.hessianLipschitz(at: nearest, radius: $0) }, using: &start)
    let shifted = refined.map {
      Shifted(
        shift: $0.shift, offset: offset, gradientNorm: $0.gradientNorm.value,
        gradientError: $0.gradientNorm.error,
        lipschitz: proof.offsetLipschitz)
    }
    let certificate = Self(
      kind: proof.kind, obstacle: proof.obstacle, order: θ.count, gradientNorm: gradientNorm,
      gradientError: gradientError, shifted: shifted, hessianError: proof.hessianError,
      separation: proof.separation, index: proof.index, exactZeros: nullDirections.count,
      bound: proof.bound, wideBound: proof.wideBound, exclusionRadius: free)
    return (certificate, certificate.isProved ? nearest : θ)
  }

  private static func hessian(
    of objective: some Objective<Double>, at θ: [Double]
  ) throws(CriticalPointError) -> Matrix<Double> {
    let hessian = objective.hessian(at: θ)
    do throws(LinearAlgebraError) {
      try hessian.requireSymmetric()
    } catch {
      throw .hessianRefused(error)
    }
    return hessian
  }

  /// A distance within which ∇L cannot vanish: ‖∇L(x)‖ ≥ ‖∇L(θ)‖ − ‖H‖ρ − ½Mρ² at a distance ρ.
  private static func exclusionRadius(
    gradient: Double, _ hessian: Matrix<Double>, error: Double, _ lipschitz: (Double) -> Double?
  ) -> Double? {
    let greatest =
      (min(
        largestRowSum(hessian.elements.span, order: hessian.rows), hessian.elements.norm)
        + error) * Rounding.inflation
    let reach = gradient / greatest
    guard gradient > 0, reach.isFinite, reach > 0, let m = lipschitz(reach), m >= 0, m.isFinite
    else { return nil }
    // The root of ½Mρ² + ‖H‖ρ = ‖∇L‖, which is no more than `reach`.
    let root = (greatest * greatest + 2 * m * gradient).squareRoot()
    let radius = 2 * gradient / (greatest + root) / (Rounding.inflation * Rounding.inflation)
    return radius > 0 && radius.isFinite ? radius : nil
  }
}
