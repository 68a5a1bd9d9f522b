import RealModule

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
  /// L(θ + h·v) + L(θ − h·v) − 2·L(θ): about h²·vᵀHv, whatever the gradient is.
  public let secondDifference: Double
  /// The standard deviation of the rounding noise of `secondDifference`, as measured at θ.
  public let noise: Double

  public init(
    direction: [Double], rayleighQuotient: Double, residual: Double, step: Double,
    secondDifference: Double, noise: Double
  ) {
    self.direction = direction
    self.rayleighQuotient = rayleighQuotient
    self.residual = residual
    self.step = step
    self.secondDifference = secondDifference
    self.noise = noise
  }

  /// How many standard deviations of its noise the second difference must lie below zero.
  public static let significance = 10.0

  /// The curvature that function values alone give.
  public var curvatureFromValues: Double { secondDifference / (step * step) }

  /// Whether both checks say negative, the quotient even with its residual added and the second
  /// difference beyond its noise, and within a half agree on how much.
  public var isValid: Bool {
    rayleighQuotient + residual < 0 && secondDifference < -Self.significance * noise
      && (curvatureFromValues - rayleighQuotient).magnitude <= rayleighQuotient.magnitude / 2
  }
}

extension NegativeCurvatureCertificate {
  /// Takes a direction as a witness: normalizes it, multiplies it with the Hessian and compares
  /// function values along it.
  ///
  /// The result is a certificate only if `isValid`. None of it uses the matrix or the eigensolver
  /// that the direction came from.
  public init(witness: [Double], of objective: some Objective<Double>, at parameters: [Double]) {
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
    let noise = 6.0.squareRoot() * valueNoise(around: center, value)
    // The largest step whose curvature still agrees with the quotient has the most signal.
    var best = (step: 0.0, difference: 0.0)
    for exponent in 0..<24 {
      let step = Double(sign: .plus, exponent: -exponent, significand: 1)
      let difference = value(step) + value(-step) - 2 * center
      guard difference.isFinite else { continue }
      best = (step, difference)
      if (difference / (step * step) - quotient).magnitude <= 0.1 * quotient.magnitude { break }
    }
    self.init(
      direction: v, rayleighQuotient: quotient, residual: euclideanNorm(residual.span),
      step: best.step, secondDifference: best.difference, noise: noise)
  }

  /// Searches for a witness by inverse iteration just below the least eigenvalue, given the
  /// Hessian and that eigenvalue, and certifies it.
  ///
  /// - Returns: nil where the least eigenvalue is not negative, or where no direction with finite
  ///   figures was found.
  /// - Throws: `LinearAlgebraError` where the matrix is not square, finite and symmetric.
  public static func search(
    hessian: consuming Matrix<Double>, leastEigenvalue: Double,
    of objective: some Objective<Double>, at parameters: [Double],
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
    let certificate = NegativeCurvatureCertificate(witness: v, of: objective, at: parameters)
    return certificate.isFinite ? certificate : nil
  }

  private var isFinite: Bool {
    allFinite(direction.span)
      && [rayleighQuotient, residual, step, secondDifference, noise].allSatisfy { $0.isFinite }
  }
}

/// The standard deviation of a function's rounding noise near 0, by differences of sixth order,
/// which the smooth part of the function does not survive (ECNoise: Moré, Wild 2011, §3).
private func valueNoise(around center: Double, _ value: (Double) -> Double) -> Double {
  let order = 6
  // Steps large enough that each argument differs from the last in many parameters' bits.
  var table = (0...2 * order).map { value(Double($0 - order) * 1e-10) }
  for _ in 0..<order { table = zip(table, table.dropFirst()).map { $1 - $0 } }
  let meanSquare = table.reduce(0) { $0 + $1 * $1 } / Double(table.count)
  // Var(Δ⁶f) = (12 choose 6)·σ² for independent errors.
  let sigma = (meanSquare / 924).squareRoot()
  return max(sigma, center.ulp / 2)
}
