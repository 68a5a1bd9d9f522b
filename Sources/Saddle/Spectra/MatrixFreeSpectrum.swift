/// An eigenvalue, and how far from it one surely lies: |λ − value| ≤ `bound`.
public struct BoundedEigenvalue: Codable, Equatable, Sendable {
  public let value: Double
  public let bound: Double

  public init(value: Double, bound: Double) {
    self.value = value
    self.bound = bound
  }
}

/// What is known of a symmetric operator from its products with vectors: the extreme eigenpairs,
/// each with its residual, and the density of the rest, which they are deflated from.
///
/// What the pairs have is known; only the rest is left to random probes. So a trace is Σθ and an
/// estimate, and counts are those of the pairs and an estimate.
public struct MatrixFreeSpectrum: Codable, Equatable, Sendable {
  /// n.
  public let order: Int
  /// The extremes, ascending, each with its residual's bound.
  public let eigenvalues: [BoundedEigenvalue]
  /// How many of them are at the lower end.
  public let leastCount: Int
  public let ending: EigenpairEnding
  /// A bound on the probability that an eigenvalue which belongs among them was missed. Up to 1,
  /// which says nothing.
  public let missProbability: Double?
  /// Those of the extremes that have converged, and were taken out.
  public let deflated: DeflatedPairs
  /// The density of the n − `deflated.count` others; nil where there are none.
  public let rest: SpectralDensity?
  /// How far the kernel polynomial method, on probes of its own, agrees with `rest`.
  public let secondOpinion: DensityAgreement?
  /// Whether no eigenvalue is negative, known beforehand.
  public let isPositiveSemidefinite: Bool
  /// How many eigenvalues are zero at least, known beforehand.
  public let structuralZeros: Int
  public let trace: IntervalEstimate
  /// ‖A‖_F² = tr A².
  public let squaredFrobeniusNorm: IntervalEstimate
  /// At the tolerances 1e-6, 1e-4 and 1e-3.
  public private(set) var counts: [EstimatedCounts]
  /// ‖computed − true operator‖₂ at most, which is part of all bounds and counts: four times what is
  /// bounded of the assembled matrix, or as the settings have the products' noise; nil where it is not known.
  public let productError: Double?
  /// Products with a vector in all.
  public let products: Int

  public var least: BoundedEigenvalue { eigenvalues[0] }
  public var greatest: BoundedEigenvalue { eigenvalues[eigenvalues.count - 1] }
  /// max|λ| as far as is known: of the extremes and the Ritz values.
  public var radius: Double {
    max(rest?.radius ?? 0, max(least.value.magnitude, greatest.value.magnitude))
  }

  /// The tolerances of `counts`.
  public static let tolerances = [1e-6, 1e-4, 1e-3]
}

extension MatrixFreeSpectrum {
  /// Takes the density of what pairs leave.
  ///
  /// Memory: that of the operator, the pairs' vectors twice, and some vectors of n elements for
  /// each probe.
  /// - Parameters:
  ///   - pairs: of both ends, at least one.
  ///   - productError: a bound of ‖computed − true operator‖₂, where there is one.
  ///   - isPositiveSemidefinite: where it is known that no eigenvalue is negative.
  ///   - structuralZeros: how many eigenvalues are known to be zero.
  ///   - generator: the probes.
  /// - Throws: `SpectralEstimateError` for settings out of range and products that are not finite.
  public init(
    of matrix: some LinearOperator<Double>, pairs: EigenpairResult<Double>,
    settings: MatrixFreeSettings, productError: Double? = nil,
    isPositiveSemidefinite: Bool = false, structuralZeros: Int = 0,
    using generator: inout some RandomNumberGenerator
  ) throws(SpectralEstimateError) {
    precondition(!pairs.values.isEmpty, "no eigenpairs")
    precondition(
      structuralZeros >= 0 && structuralZeros <= matrix.dimension,
      "\(structuralZeros) zeros of \(matrix.dimension)")
    order = matrix.dimension
    self.productError = productError ?? settings.productNoise.map { $0 * pairs.radius }
    let noise = self.productError ?? 0
    eigenvalues = zip(pairs.values, pairs.errorBounds).map {
      BoundedEigenvalue(value: $0, bound: $1 + noise)
    }
    leastCount = min(settings.pairs, pairs.values.count)
    ending = pairs.ending
    missProbability = pairs.search?.missProbability
    deflated = DeflatedPairs(pairs)
    self.isPositiveSemidefinite = isPositiveSemidefinite
    self.structuralZeros = structuralZeros
    var products = pairs.products
    if deflated.count < order {
      let complement = matrix.complement(of: pairs.deflatedVectors)
      let density = try StochasticLanczosQuadrature(
        steps: settings.steps, probes: settings.probes
      ).density(of: complement, using: &generator)
      rest = density
      products += density.products
      if settings.takesSecondOpinion {
        let other = try Self.kernelPolynomials(
          of: complement, beside: density, scale: pairs.radius, settings, using: &generator)
        secondOpinion = other.map { density.agreement(with: $0) }
        products += other?.products ?? 0
      } else {
        secondOpinion = nil
      }
    } else {
      (rest, secondOpinion) = (nil, nil)
    }
    self.products = products
    trace = Self.trace(deflated, rest, order: order).adding(
      0, below: Double(order) * noise, above: Double(order) * noise)
    let norm = Self.squaredNorm(deflated, rest, order: order)
    // ‖A + E‖_F² with ‖E‖_F² ≤ n·‖E‖₂².
    let error = Double(order).squareRoot() * noise
    let change = error * (2 * max(0, norm.upper).squareRoot() + error)
    squaredFrobeniusNorm = norm.adding(0, below: change, above: change)
    counts = []
    counts = Self.tolerances.map { counts(at: $0) }
  }

  /// The same density by the kernel polynomial method, on an interval that holds what is left of the
  /// operator; nil where none that was tried did: a second opinion is no condition of the first.
  private static func kernelPolynomials(
    of complement: some LinearOperator<Double>, beside density: SpectralDensity, scale: Double,
    _ settings: MatrixFreeSettings, using generator: inout some RandomNumberGenerator
  ) throws(SpectralEstimateError) -> ChebyshevDensity? {
    let range = density.range(scale: scale)
    // What is left may be rounding alone, which has no range.
    var margin = max(
      0.01 * (range.upperBound - range.lowerBound), 0.01 * range.lowerBound.magnitude,
      0.01 * range.upperBound.magnitude, 4 * density.resolution(scale: scale))
    // A zero matrix has an interval too.
    if margin == 0 { margin = 1 }
    for _ in 0..<6 {
      do throws(SpectralEstimateError) {
        return try KernelPolynomialMethod(
          moments: 2 * settings.steps, probes: settings.probes
        ).density(
          of: complement, bounds: range.lowerBound - margin...range.upperBound + margin,
          using: &generator)
      } catch {
        guard case .outsideBounds = error else { throw error }
        margin *= 16
      }
    }
    return nil
  }

  /// tr A = Σθ + tr B.
  private static func trace(
    _ pairs: DeflatedPairs, _ rest: SpectralDensity?, order: Int
  ) -> IntervalEstimate {
    let scale = pairs.radius
    let rounding = pairs.rounding(order: order)
    return (rest?.traceInterval(scale: scale) ?? .none).adding(
      pairs.values.reduce(0, +), below: rounding, above: rounding)
  }

  /// tr A² = ‖AV‖² + ‖AZ‖², of which the residuals are in both: Σθ² + 2·Σ‖r‖² + tr B² at most.
  private static func squaredNorm(
    _ pairs: DeflatedPairs, _ rest: SpectralDensity?, order: Int
  ) -> IntervalEstimate {
    let scale = pairs.radius
    let rounding = 2 * scale * pairs.rounding(order: order)
    return (rest?.squaredNormInterval(scale: scale) ?? .none).adding(
      pairs.values.reduce(0) { $0 + $1 * $1 }, below: rounding,
      above: rounding + 2 * pairs.errorBounds.reduce(0) { $0 + $1 * $1 })
  }
}

extension IntervalEstimate {
  /// Nothing is left to be estimated.
  fileprivate static var none: IntervalEstimate {
    IntervalEstimate(value: 0, lower: 0, upper: 0, level: 0.95)
  }
}
