import RealModule

/// What the mean of q probes, uᵀAu with u uniform on the sphere, proves about the mean eigenvalue.
///
/// For eigenvalues λ₁ … λₘ in [a, b] with mean μ, and x the mean of q probes,
///
///     P(x ≥ t) ≤ exp(−(qm/2)·KL(p, s)),  p = (μ − a)/(b − a),  s = (t − a)/(b − a),
///     KL(p, s) = p·ln(p/s) + (1 − p)·ln((1 − p)/(1 − s)),
///
/// whatever the eigenvalues between: no normal law is assumed, and few eigenvalues may dominate.
/// Proof. Let gⱼ be normal vectors and S = Σ‖gⱼ‖². The pooled quotient y = Σ gⱼᵀAgⱼ/S is independent
/// of S, so E exp(r·S·(y − t)) = E φ(y) with φ(y) = (1 − 2r(y − t))^(−qm/2), which is convex and at
/// least 1 from t on. The mean of the single quotients is the conditional expectation of y given
/// the directions, hence P(x ≥ t) ≤ E φ(x) ≤ E φ(y) = Π (1 − 2r(λᵢ − t))^(−q/2). −ln(1 − 2r(λ − t))
/// is convex in λ, so the product is largest for eigenvalues at a and b only, and the best r gives
/// the exponent. All its derivatives being positive, under Var λ ≤ v it is largest for two points
/// (Bennett 1962), b and μ − v/(b − μ), which then stands for a.
package enum ProbeBounds {
  /// KL(p, s) of two shares; infinite where s excludes p.
  package static func divergence(_ p: Double, _ s: Double) -> Double {
    func term(_ p: Double, _ s: Double) -> Double {
      if p <= 0 { return 0 }
      return s > 0 ? p * .log(p / s) : .infinity
    }
    return max(0, term(p, s) + term(1 - p, 1 - s))
  }

  /// The least mean eigenvalue that is not refuted by the mean of probes.
  ///
  /// - Parameters:
  ///   - observed: x.
  ///   - range: [a, b].
  ///   - variance: v, at least the eigenvalues' variance.
  ///   - freedom: qm/2.
  ///   - miss: the probability that the true mean is less.
  package static func least(
    observed x: Double, range: ClosedRange<Double>, variance: Double = .infinity,
    freedom: Double, miss: Double
  ) -> Double {
    let (a, b) = (range.lowerBound, range.upperBound)
    let x = min(max(x, a), b)
    let limit = -Double.log(miss) / freedom
    func isRefuted(_ mean: Double) -> Bool {
      let low = max(a, mean - variance / (b - mean))
      let width = b - low
      guard width > 0 else { return false }
      return divergence((mean - low) / width, (x - low) / width) > limit
    }
    guard a < x, isRefuted(a) else { return a }
    var (refuted, kept) = (a, x)
    for _ in 0..<200 {
      let middle = refuted + (kept - refuted) / 2
      guard middle > refuted, middle < kept else { break }
      if isRefuted(middle) { refuted = middle } else { kept = middle }
    }
    return refuted
  }

  /// The means that are not refuted, from both sides.
  ///
  /// - Parameters:
  ///   - observed: from the lower to the upper value that the mean of probes may have.
  ///   - miss: on each side.
  package static func interval(
    observed: ClosedRange<Double>, range: ClosedRange<Double>, variance: Double = .infinity,
    freedom: Double, miss: Double
  ) -> ClosedRange<Double> {
    let low = least(
      observed: observed.lowerBound, range: range, variance: variance, freedom: freedom,
      miss: miss)
    let high = -least(
      observed: -observed.upperBound, range: -range.upperBound...(-range.lowerBound),
      variance: variance, freedom: freedom, miss: miss)
    return low...max(low, high)
  }
}
