/// A proof that an objective has exactly one critical point near θ, and of which kind; or what is
/// missing for it.
///
/// By Newton and Kantorovich's theorem (`KantorovichBound`) with every error bounded: of the gradient
/// and the Hessian by running error analysis, of the Hessian's eigenvalues by factorizations with
/// their residual (`VerifiedFactorization`; Rump 2010, §10), of its change nearby by a Lipschitz
/// constant. The kind is the exact critical point's: an eigenvalue cannot cross zero within t*, since
/// M·t* < σ − e (Weyl).
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
  /// ‖∇L(θ)‖ as computed, of networks by shorter sums than the objective's own.
  public let gradientNorm: Double
  /// A bound of its error.
  public let gradientError: Double?
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
  public var distance: Double? { isProved ? bound?.distance : nil }

  /// No other critical point is as near to θ, but for shifts of the same one along `exactZeros`
  /// directions.
  public var uniquenessRadius: Double? {
    isProved ? wideBound?.uniquenessRadius ?? bound?.uniquenessRadius : nil
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
  /// Assembles the Hessian at θ and tries the proof. Costs about two factorizations and their
  /// products at a minimum, three elsewhere; no eigenvalues.
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
    guard θ.count == objective.dimension else {
      throw CriticalPointError.wrongDimension(point: θ.count, objective: objective.dimension)
    }
    if let at = firstNotFinite(θ) { throw CriticalPointError.pointNotFinite(coordinate: at) }
    try PointAnalysis.requireMemory(order: θ.count, matrices: 5)
    let evaluation = objective.evaluate(at: θ)
    guard evaluation.isFinite else {
      throw CriticalPointError.gradientNotFinite(coordinate: nil)
    }
    let hessian = objective.hessian(at: θ)
    do throws(LinearAlgebraError) {
      try hessian.requireSymmetric()
    } catch {
      throw CriticalPointError.hessianRefused(error)
    }
    // Of a network the gradient is summed anew: near a critical point its rounding is all there is.
    let fine = (objective as? NetworkObjective<Double>)?.finelySummedGradientNorm(at: θ)
    var proof = CertificateProof(
      gradientNorm: fine?.norm ?? evaluation.gradientNorm,
      gradientError: fine?.error ?? objective.rounding(at: θ)?.gradientNorm,
      hessianError: objective.hessianRounding(at: θ))
    let nullDirections = objective.exactNullDirections
    var start = RandomStream(seed: seed, name: "certificate")
    try proof.run(
      hessian, nullDirections: nullDirections,
      lipschitz: { objective.hessianLipschitz(at: θ, radius: $0) }, using: &start)
    self.init(
      kind: proof.kind, obstacle: proof.obstacle, order: θ.count,
      gradientNorm: proof.gradientNorm, gradientError: proof.gradientError,
      hessianError: proof.hessianError, separation: proof.separation, index: proof.index,
      exactZeros: nullDirections.count, bound: proof.bound, wideBound: proof.wideBound,
      exclusionRadius: proof.exclusionRadius)
  }
}
