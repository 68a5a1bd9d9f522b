import RealModule

/// What was found of negative curvature at a point: no certificate can mean that there is none to
/// find, or that the evidence failed, and these are told apart.
public struct NegativeCurvature: Codable, Equatable, Sendable {
  public enum Outcome: String, Codable, CaseIterable, Sendable {
    /// No eigenvalue lies below −1e-6·max|λ|, its error included, and none is negative beyond it.
    case noneBeyondRounding
    /// None is negative beyond its error, but that is too large to say that none is.
    case notResolved
    /// Product and function values bear it out.
    case certified
    /// Function values are too noisy to say.
    case withinNoise
    /// Product and function values contradict each other: one of them is wrong.
    case contradicted
    /// An eigenvalue is negative beyond its error, and no direction was found that shows it.
    case notFound
  }

  public let outcome: Outcome
  /// The direction that was tried; nil where none was.
  public let certificate: NegativeCurvatureCertificate?

  public var isCertified: Bool { outcome == .certified }

  private init(_ outcome: Outcome, _ certificate: NegativeCurvatureCertificate? = nil) {
    self.outcome = outcome
    self.certificate = certificate
  }

  public static let noneBeyondRounding = NegativeCurvature(.noneBeyondRounding)
  public static let notResolved = NegativeCurvature(.notResolved)
  public static let notFound = NegativeCurvature(.notFound)

  /// What a direction that was tried shows.
  public init(_ certificate: NegativeCurvatureCertificate) {
    self.init(
      certificate.isValid
        ? .certified : certificate.isContradicted ? .contradicted : .withinNoise,
      certificate)
  }

  /// Searches for a witness where an eigenvalue came out negative beyond the eigensolver's error:
  /// function values may bear it out even where the Hessian's own rounding could explain it.
  ///
  /// - Parameter productError: a bound of ‖computed − true Hessian‖₂; nil where none is known.
  /// - Throws: `LinearAlgebraError` where the matrix is not square, finite and symmetric.
  init(
    in hessian: consuming Matrix<Double>, spectrum: Spectrum, productError: Double?,
    of objective: some Objective<Double>, at parameters: [Double], seed: UInt64
  ) throws(LinearAlgebraError) {
    guard Self.isSought(in: spectrum) else {
      self.init(nil, in: spectrum)
      return
    }
    var generator = RandomStream(seed: seed, name: "witness")
    let found = try NegativeCurvatureCertificate.search(
      hessian: consume hessian, leastEigenvalue: spectrum.least, of: objective, at: parameters,
      productError: productError, using: &generator)
    self.init(found, in: spectrum)
  }

  /// Whether a witness is worth a search: an eigenvalue is negative beyond the eigensolver's resolution.
  static func isSought(in spectrum: Spectrum) -> Bool {
    spectrum.least < -spectrum.resolution * spectrum.radius
  }

  /// - Parameter witness: what was found where one was sought.
  init(_ witness: NegativeCurvatureCertificate?, in spectrum: Spectrum) {
    let isNegative = spectrum.least < -spectrum.errorBound
    let found = witness.map { NegativeCurvature($0) }
    if let found, isNegative || found.isCertified || found.outcome == .contradicted {
      self = found
    } else if isNegative, Self.isSought(in: spectrum) {
      self = .notFound
    } else {
      self =
        spectrum.least - spectrum.errorBound >= -PointLimits.strictZero * spectrum.radius
        ? .noneBeyondRounding : .notResolved
    }
  }
}

/// Evidence of negative curvature at θ that can be checked without any eigensolver.
public struct NegativeCurvatureCertificate: Codable, Equatable, Sendable {
  /// The witness v, of norm 1 (P elements).
  public let direction: [Double]
  /// The Rayleigh quotient vᵀHv, from a Hessian-vector product. The least eigenvalue is at most
  /// this.
  public let rayleighQuotient: Double
  /// ‖Hv − (vᵀHv)·v‖₂: some eigenvalue lies within it of the Rayleigh quotient (Parlett 1998,
  /// theorem 4.5.1).
  public let residual: Double
  /// The step h of the check by function values.
  public let step: Double
  /// Δ(h) = L(θ + h·v) + L(θ − h·v) − 2·L(θ): about h²·vᵀHv, whatever the gradient is.
  public let secondDifference: Double
  /// Δ(h/2).
  public let halfStepDifference: Double
  /// The standard deviation of the rounding noise of either, as measured at θ.
  public let noise: Double
  /// How far rounding may have moved the product Hv: a proved bound of the Hessian's rounding where
  /// there is one, else 1e-9 of the Rayleigh quotient.
  public let productError: Double

  public init(
    direction: [Double], rayleighQuotient: Double, residual: Double, step: Double,
    secondDifference: Double, halfStepDifference: Double, noise: Double,
    productError: Double? = nil
  ) {
    self.productError = productError ?? 1e-9 * rayleighQuotient.magnitude
    self.direction = direction
    self.rayleighQuotient = rayleighQuotient
    self.residual = residual
    self.step = step
    self.secondDifference = secondDifference
    self.halfStepDifference = halfStepDifference
    self.noise = noise
  }

  /// How many standard deviations of its noise a figure from function values may be off.
  public static let significance = 10.0

  /// The curvature that function values alone give: Δ(h/2) and Δ(h) extrapolated to h = 0
  /// (Richardson), (16·Δ(h/2) − Δ(h))/3h².
  public var curvatureFromValues: Double {
    (16 * halfStepDifference - secondDifference) / (3 * step * step)
  }

  /// How far the truth may lie from `curvatureFromValues`: what the extrapolation changed of the
  /// finer difference, which is more than it left wherever the remainder falls like h², and
  /// `significance` standard deviations of the noise.
  public var curvatureFromValuesError: Double {
    let square = step * step
    let extrapolated = (4 * halfStepDifference - secondDifference).magnitude / (3 * square)
    return extrapolated + Self.significance * noise * 257.0.squareRoot() / (3 * square)
  }

  /// Whether the product and the function values contradict each other: then one of them is wrong,
  /// or the function is not smooth at θ, and nothing is certified.
  public var isContradicted: Bool {
    let apart = (curvatureFromValues - rayleighQuotient).magnitude
    return !(apart <= curvatureFromValuesError + productError)
  }

  /// Whether both say negative, the quotient even with its residual added and the function values
  /// beyond their error, and agree on how much to within that error. It certifies the curvature,
  /// and the product with it.
  public var isValid: Bool {
    rayleighQuotient + residual < 0
      && curvatureFromValues + curvatureFromValuesError < 0 && !isContradicted
  }
}

extension NegativeCurvatureCertificate {
  /// Takes a direction as a witness: normalizes it, multiplies it with the Hessian and compares
  /// function values along it.
  ///
  /// The result is a certificate only if `isValid`. None of it uses the matrix or the eigensolver
  /// that the direction came from.
  ///
  /// - Parameter productError: a bound of ‖computed − true Hessian‖₂; nil where none is known.
  public init(
    witness: [Double], of objective: some Objective<Double>, at parameters: [Double],
    productError: Double? = nil
  ) {
    let norm = euclideanNorm(witness.span)
    let v = witness.map { $0 / norm }
    let product = objective.linearized(at: parameters).apply(v)
    let quotient = dot(v.span, product.span)
    var residual = product
    var span = residual.mutableSpan
    axpy(-quotient, v.span, into: &span)

    func value(_ h: Double) -> Double {
      objective.value(at: zip(parameters, v).map { $0 + h * $1 })
    }
    let center = value(0)
    let noise = 6.0.squareRoot() * valueNoise(around: center, in: objective.precision, value)
    /// Δ(h), and its noise: far from θ values can be larger, and their rounding with them.
    func difference(_ step: Double) -> (value: Double, noise: Double) {
      let (ahead, behind) = (value(step), value(-step))
      return (
        ahead + behind - 2 * center,
        max(noise, max(ahead.magnitude, behind.magnitude).ulp(in: objective.precision))
      )
    }
    // Large steps leave the truncation, small ones the noise: the step whose error is least.
    func certificate(
      _ step: Double, _ whole: (value: Double, noise: Double),
      _ half: (value: Double, noise: Double)
    ) -> Self {
      Self(
        direction: v, rayleighQuotient: quotient, residual: euclideanNorm(residual.span),
        step: step, secondDifference: whole.value, halfStepDifference: half.value,
        noise: max(whole.noise, half.noise), productError: productError)
    }
    var (whole, half) = (difference(1), difference(0.5))
    var best = certificate(1, whole, half)
    for exponent in 1..<40 {
      let step = Double(sign: .plus, exponent: -exponent, significand: 1)
      (whole, half) = (half, difference(step / 2))
      let found = certificate(step, whole, half)
      let least = best.curvatureFromValuesError
      if found.curvatureFromValuesError < least || !least.isFinite { best = found }
      // From here on noise alone is more than the best step's error.
      if Self.significance * noise / (step * step) > least { break }
    }
    self = best
  }

  /// Searches for a witness by inverse iteration just below the least eigenvalue, given the
  /// Hessian and that eigenvalue, and certifies it.
  ///
  /// - Returns: nil where the least eigenvalue is not negative, or where no direction with finite
  ///   figures was found.
  /// - Throws: `LinearAlgebraError` where the matrix is not square, finite and symmetric.
  public static func search(
    hessian: consuming Matrix<Double>, leastEigenvalue: Double,
    of objective: some Objective<Double>, at parameters: [Double], productError: Double? = nil,
    using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) -> NegativeCurvatureCertificate? {
    guard leastEigenvalue < 0 else { return nil }
    // A shift that is off by 1e-8 of the eigenvalue keeps the solve regular, and each step still
    // damps an eigenvector whose value differs by 1 % a million-fold.
    let factorization = try SymmetricFactorization(
      hessian, shift: leastEigenvalue * (1 + 1e-8))
    guard factorization.inertia.zero == 0 else { return nil }
    var v = parameters.map { _ in generator.normal() }
    for _ in 0..<4 {
      v = try factorization.solve(v)
      let norm = euclideanNorm(v.span)
      v = v.map { $0 / norm }
    }
    let certificate = NegativeCurvatureCertificate(
      witness: v, of: objective, at: parameters, productError: productError)
    return certificate.isFinite ? certificate : nil
  }

  private var isFinite: Bool {
    allFinite(direction.span)
      && [
        rayleighQuotient, residual, step, secondDifference, halfStepDifference, noise, productError,
      ].allSatisfy { $0.isFinite }
  }
}

/// The standard deviation of a function's rounding noise near 0, by differences of sixth order,
/// which the smooth part of the function does not survive (ECNoise: Moré, Wild 2011, §3).
private func valueNoise(
  around center: Double, in precision: Precision, _ value: (Double) -> Double
) -> Double {
  let order = 6
  // Steps large enough that each argument differs from the last in many parameters' bits.
  let spacing = precision == .float ? 1e-4 : 1e-10
  var table = (0...2 * order).map { value(Double($0 - order) * spacing) }
  for _ in 0..<order { table = zip(table, table.dropFirst()).map { $1 - $0 } }
  let meanSquare = table.reduce(0) { $0 + $1 * $1 } / Double(table.count)
  // Var(Δ⁶f) = (12 choose 6)·σ² for independent errors.
  let sigma = (meanSquare / 924).squareRoot()
  return max(sigma, center.ulp(in: precision) / 2)
}

extension Double {
  fileprivate func ulp(in precision: Precision) -> Double {
    precision == .float ? Double(Float(self).ulp) : ulp
  }
}
