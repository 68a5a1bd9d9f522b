/// Verifies a claim of negative curvature from values and gradients alone.
///
/// The claim: at θ the Hessian has an eigenvalue within `residual` of `eigenvalue` < 0, witnessed
/// by the unit vector v (for symmetric H, some eigenvalue lies within ‖Hv − λv‖ of λ; Parlett
/// 1998, §4.5). Nothing of the claimant's code but the two functions is used, and no eigensolver:
/// Hv comes from differences of the gradient, and L(θ+hv) + L(θ−hv) − 2L(θ) < 0 from three values.
public struct NegativeCurvatureCheck: Sendable {
  public let value: @Sendable ([Double]) -> Double
  public let gradient: @Sendable ([Double]) -> [Double]
  public let differences: FiniteDifferences

  public init(
    value: @escaping @Sendable ([Double]) -> Double,
    gradient: @escaping @Sendable ([Double]) -> [Double],
    differences: FiniteDifferences = FiniteDifferences()
  ) {
    self.value = value
    self.gradient = gradient
    self.differences = differences
  }

  /// - Parameters:
  ///   - θ: P parameters.
  ///   - v: the witness, P numbers of norm 1 within 1e-6 of it.
  ///   - eigenvalue: λ as claimed.
  ///   - residual: ‖Hv − λv‖ as claimed; checked up to a relative 1e-3 and the error of the
  ///     differences.
  /// - Throws: `notFiniteResult`, `wrongLength`; `invalidArgument` for a claim that is not finite
  ///   or a negative residual.
  public func verify(
    at θ: [Double], along v: [Double], eigenvalue: Double, residual: Double
  ) throws(OracleError) -> NegativeCurvatureReport {
    guard v.count == θ.count else {
      throw .wrongLength(of: "witness", expected: θ.count, found: v.count)
    }
    guard eigenvalue.isFinite, residual.isFinite, residual >= 0, !v.isEmpty else {
      throw .invalidArgument(
        message: """
          eigenvalue \(eigenvalue), residual \(residual), \(v.count) parameters; pass finite \
          numbers, a residual ≥ 0 and at least one parameter
          """)
    }
    let length = norm(v)
    let g = try checked(gradient(θ), "gradient", expecting: θ.count, at: "θ")
    let product = try differences.hessianVectorProduct(fromGradient: gradient, at: θ, along: v)

    var curvature = Estimate(value: 0, error: 0)
    var difference = [Double]()
    for i in v.indices {
      curvature.value += v[i] * product[i].value
      curvature.error += v[i].magnitude * product[i].error
      difference.append(product[i].value - eigenvalue * v[i])
    }
    let residualFound = Estimate(
      value: norm(difference), error: norm(product.map { $0.error }))
    let fromValues = try differences.curvature(of: value, at: θ, along: v)
    let second = try bestSecondDifference(at: θ, along: v, gradient: g, curvature: curvature.value)

    var refutations = [NegativeCurvatureReport.Reason]()
    var doubts = [NegativeCurvatureReport.Reason]()
    if !((length - 1).magnitude <= 1e-6) { refutations.append(.witnessNotUnit) }
    if !(eigenvalue < 0) { refutations.append(.eigenvalueNotNegative) }
    let slack = residual * 1.001 + residualFound.error
    // |vᵀHv − λ| ≤ ‖Hv − λv‖ for a unit v, and vᵀHv carries its own error.
    if !((curvature.value - eigenvalue).magnitude <= slack + curvature.error) {
      refutations.append(.eigenvalueDisagrees)
    }
    if !(residualFound.value <= slack) { refutations.append(.residualTooLarge) }
    if curvature.value - curvature.error >= 0 {
      refutations.append(.curvatureNotNegative)
    } else if !(curvature.value + curvature.error < 0) {
      doubts.append(.curvatureNotNegative)
    }
    // Four times the errors: this is to catch a gradient that is not the values', not rounding.
    if (curvature.value - fromValues.value).magnitude > 4 * (curvature.error + fromValues.error) {
      refutations.append(.valuesDisagree)
    }
    if eigenvalue + residual >= 0 { doubts.append(.residualCoversZero) }
    if !(second?.isSignificant ?? false) { doubts.append(.secondDifferenceNotNegative) }

    return NegativeCurvatureReport(
      verdict: refutations.isEmpty ? (doubts.isEmpty ? .confirmed : .undecided) : .refuted,
      reasons: refutations + doubts, norm: length, gradientNorm: norm(g), curvature: curvature,
      curvatureFromValues: fromValues, residual: residualFound, secondDifference: second)
  }

  /// The second difference of values that stands out most from its rounding error, among the
  /// steps whose quotient agrees with the curvature within a half: at larger steps a negative
  /// difference would speak of the landscape further off, not of the Hessian at θ.
  private func bestSecondDifference(
    at θ: [Double], along v: [Double], gradient g: [Double], curvature: Double
  ) throws(OracleError) -> NegativeCurvatureReport.SecondDifference? {
    let noise = try Noise.measured(of: { [value($0)] }, named: "value", at: θ, along: v)[0]
    let middle = try checked([value(θ)], "value", expecting: 1, at: "θ")[0]
    // θ ± hv is rounded, which moves each value by up to Σ|gᵢ|·ulp·|θᵢ|/2.
    let argumentError = Noise.ulp * zip(g, θ).reduce(0) { $0 + ($1.0 * $1.1).magnitude }
    var best: NegativeCurvatureReport.SecondDifference?
    for octave in 0..<30 {
      let h = 1 / Double(1 << octave)
      let plus = value(moved(θ, by: h, along: v))
      let minus = value(moved(θ, by: -h, along: v))
      // A large step may leave the function's domain; smaller ones follow.
      guard plus.isFinite, minus.isFinite else { continue }
      let largest = max(plus.magnitude, minus.magnitude, middle.magnitude)
      let candidate = NegativeCurvatureReport.SecondDifference(
        value: (plus - middle) + (minus - middle), step: h,
        noise: 4 * differences.roundingBound(noise, largest: largest) + argumentError)
      let quotient = candidate.value / (h * h)
      guard (quotient - curvature).magnitude <= 0.5 * curvature.magnitude else { continue }
      if candidate.significance > best?.significance ?? -.infinity { best = candidate }
    }
    return best
  }
}
