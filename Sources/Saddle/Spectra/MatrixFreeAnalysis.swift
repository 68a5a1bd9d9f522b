/// How much work a matrix-free analysis does.
public struct MatrixFreeSettings: Codable, Hashable, Sendable {
  /// Eigenpairs at each end.
  public var pairs = 12
  /// Their residual, relative to the spectral radius.
  public var tolerance = 1e-6
  /// Products that they may take.
  public var products = 3000
  /// Lanczos steps of each probe of the density.
  public var steps = 100
  public var probes = 4
  /// Whether the density is taken again by the kernel polynomial method, with as many products.
  public var takesSecondOpinion = true
  /// Seeds starting vectors and probes.
  public var seed: UInt64 = 0

  public init() {}
}

/// What a curvature matrix is known to be from its products with vectors alone: for networks whose
/// matrix would not fit in memory.
public struct MatrixFreeAnalysis: Codable, Equatable, Sendable {
  /// An eigenvalue, and how far from it one surely lies: |λ − value| ≤ `bound`.
  public struct BoundedEigenvalue: Codable, Equatable, Sendable {
    public let value: Double
    public let bound: Double
  }

  public let kind: CurvatureKind
  public let evaluation: Evaluation
  public let settings: MatrixFreeSettings
  /// The extremes, ascending, each with its residual's bound.
  public let eigenvalues: [BoundedEigenvalue]
  /// How many of them are at the lower end.
  public let leastCount: Int
  public let ending: EigenpairEnding
  /// A bound on the probability that an eigenvalue which belongs among them was missed.
  public let missProbability: Double?
  public let density: SpectralDensity
  /// How far the kernel polynomial method, on probes of its own, agrees with `density`.
  public let secondOpinion: DensityAgreement?
  /// How many eigenvalues are zero at any θ; none under weight decay, where they are at it instead.
  public let structuralZeros: Int
  /// A witness of negative curvature, where the least value is surely negative and the matrix is
  /// the Hessian.
  public let certificate: NegativeCurvatureCertificate?
  /// Products with a vector in all.
  public let products: Int

  public var order: Int { density.dimension }
  public var least: BoundedEigenvalue { eigenvalues[0] }
  public var greatest: BoundedEigenvalue { eigenvalues[eigenvalues.count - 1] }
  /// max|λ| as far as is known: of the extremes and the Ritz values.
  public var radius: Double {
    max(density.radius, max(least.value.magnitude, greatest.value.magnitude))
  }

  /// How many eigenvalues are surely negative: those at the lower end whose bound is below zero.
  public var surelyNegative: Int { eigenvalues.count { $0.value + $0.bound < 0 } }
}

extension MatrixFreeAnalysis {
  /// Takes the extreme eigenpairs, the density, and a certificate of negative curvature.
  ///
  /// Memory: that of the operator, and some tens of vectors of P elements.
  /// - Throws: `SpectrumError.pointNotFinite`; `KrylovError` or `SpectralEstimateError` for settings
  ///   out of range and products that are not finite.
  public init(
    of objective: some SampledObjective<Double>, at parameters: [Double],
    _ kind: CurvatureKind = .hessian, includingPenalty: Bool = true,
    settings: MatrixFreeSettings = MatrixFreeSettings()
  ) throws {
    guard allFinite(parameters.span) else { throw SpectrumError.pointNotFinite("a parameter") }
    let evaluation = objective.evaluate(at: parameters)
    guard evaluation.isFinite else {
      throw SpectrumError.pointNotFinite("the loss or its gradient")
    }
    let matrix = objective.curvature(kind, at: parameters, includingPenalty: includingPenalty)
    var starts = RandomStream(seed: settings.seed, name: "starts")
    let pairs = try ThickRestartLanczos<Double>(
      ends: .bothEnds(settings.pairs), tolerance: settings.tolerance,
      maximumProducts: settings.products
    ).run(on: matrix, using: &starts)
    var probes = RandomStream(seed: settings.seed, name: "probes")
    let density = try StochasticLanczosQuadrature(steps: settings.steps, probes: settings.probes)
      .density(of: matrix, using: &probes)

    self.kind = kind
    self.evaluation = evaluation
    self.settings = settings
    eigenvalues = zip(pairs.values, pairs.errorBounds).map {
      BoundedEigenvalue(value: $0, bound: $1)
    }
    leastCount = min(settings.pairs, pairs.values.count)
    ending = pairs.ending
    missProbability = pairs.search?.missProbability
    self.density = density
    structuralZeros =
      objective.structuralEigenvalue(of: kind, includingPenalty: includingPenalty).zeros
    var products = pairs.products + density.products
    if settings.takesSecondOpinion {
      let other = try KernelPolynomialMethod(moments: 2 * settings.steps, probes: settings.probes)
        .density(of: matrix, bounds: Self.bounds(eigenvalues, density), using: &probes)
      secondOpinion = density.agreement(with: other)
      products += other.products
    } else {
      secondOpinion = nil
    }
    if kind == .hessian, includingPenalty || objective.weightDecay == 0,
      let least = eigenvalues.first, least.value + least.bound < 0
    {
      certificate = NegativeCurvatureCertificate(
        witness: pairs.vectors.row(0), of: objective, at: parameters)
      products += 1
    } else {
      certificate = nil
    }
    self.products = products
  }

  /// An interval with all eigenvalues in practice: that of the extremes with their bounds and of
  /// the Ritz values, and 1 % more.
  private static func bounds(
    _ extremes: [BoundedEigenvalue], _ density: SpectralDensity
  ) -> ClosedRange<Double> {
    let low = extremes.reduce(density.extent.lowerBound) { min($0, $1.value - $1.bound) }
    let high = extremes.reduce(density.extent.upperBound) { max($0, $1.value + $1.bound) }
    let margin = 0.01 * max(high - low, low.magnitude, high.magnitude)
    // A zero matrix has an interval too.
    return margin > 0 ? low - margin...high + margin : -1...1
  }
}
