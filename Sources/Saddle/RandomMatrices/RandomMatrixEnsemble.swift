/// A family of random symmetric (or Hermitian) matrices, one of every order, scaled so that the
/// spectrum has a limit.
///
/// Every Wigner-like ensemble fills the semicircle on [−2, 2]; a sample covariance matrix fills the
/// Marchenko–Pastur law of scale 1. `limit(order:)` gives the law.
public enum RandomMatrixEnsemble: Codable, Hashable, Sendable {
  /// Gaussian orthogonal: real, off-diagonal variance 1/n, diagonal variance 2/n.
  case goe
  /// Gaussian unitary: complex Hermitian, E|hᵢⱼ|² = 1/n on and off the diagonal.
  case gue
  /// Dumitriu and Edelman's tridiagonal with eigenvalue density
  /// ∏|λᵢ − λⱼ|^β·exp(−βn·Σλ²/4): N(0, 2) on the diagonal, χ_{β(n−1)}, …, χ_β beside it, all over
  /// √(βn). β = 1 has GOE's spectrum, β = 2 GUE's (Dumitriu, Edelman 2002).
  /// 1e-100 ≤ β ≤ 1e100 is taken, where neither βn nor its root leaves the numbers' range.
  case betaHermite(beta: Double)
  /// Independent entries on and above the diagonal, all of one law, over √n (over n^(1/α) for a
  /// heavy tail).
  case wigner(EntryLaw)
  /// GOE + diag(strengths, 0, …). A strength θ > 1 sends an eigenvalue to θ + 1/θ
  /// (Péché 2006; Féral, Péché 2007).
  ///
  /// GOE's law does not change under rotation: coordinate axes are as good as any directions.
  case spikedWigner(strengths: [Double])
  /// XXᵀ/m with X n × m of standard normal entries, m the `degrees` of freedom.
  case wishart(degrees: Int)
  /// Σ^½XXᵀΣ^½/m with Σ = I + diag(strengths, 0, …). For γ = n/m a strength ℓ > √γ sends an
  /// eigenvalue to (1 + ℓ)(1 + γ/ℓ) (Baik, Ben Arous, Péché 2005; Paul 2007).
  case spikedWishart(degrees: Int, strengths: [Double])

  /// The law that spectra tend to as the order grows, with the ratio n/m kept; nil for a heavy
  /// tail, where it is not Wigner's. Spikes are outliers: they do not change it.
  public func limit(order n: Int) -> (any SpectralLaw)? {
    switch self {
    case .wigner(let entries) where !entries.isOfFiniteVariance: nil
    case .goe, .gue, .betaHermite, .wigner, .spikedWigner: SemicircleLaw(radius: 2)
    case .wishart(let degrees), .spikedWishart(let degrees, _):
      n >= 1 && degrees >= 1 ? MarchenkoPasturLaw(ratio: Double(n) / Double(degrees)) : nil
    }
  }

  /// Where a spike sends its eigenvalue as the order grows, one for each strength; nil for one too
  /// weak to leave the bulk.
  public func outliers(order n: Int) -> [Double?] {
    switch self {
    case .goe, .gue, .betaHermite, .wigner, .wishart: []
    case .spikedWigner(let strengths):
      strengths.map { $0.magnitude > 1 ? $0 + 1 / $0 : nil }
    case .spikedWishart(let degrees, let strengths):
      strengths.map { strength in
        let ratio = Double(n) / Double(degrees)
        return strength * strength > ratio && strength != 0
          ? (1 + strength) * (1 + ratio / strength) : nil
      }
    }
  }

  /// - Throws: `.invalidOrder`, `.invalidParameter` for what no matrix can be drawn with.
  func validate(order n: Int, limit: Int) throws(RandomMatrixError) {
    guard n >= 1, n <= limit else { throw .invalidOrder(n, domain: "1 ≤ n ≤ \(limit)") }
    func requireDegrees(_ degrees: Int) throws(RandomMatrixError) {
      guard degrees >= 1 else {
        throw .invalidParameter(name: "degrees", value: "\(degrees)", domain: "at least 1")
      }
    }
    func requireStrengths(
      _ strengths: [Double], from least: Double
    ) throws(RandomMatrixError) {
      guard strengths.count <= n else {
        throw .invalidParameter(
          name: "strengths", value: "\(strengths.count) numbers", domain: "at most n = \(n)")
      }
      for strength in strengths where !(strength >= least && strength <= 1e100) {
        throw .invalidParameter(
          name: "strengths", value: "\(strength)", domain: "numbers from \(least) to 1e100")
      }
    }
    switch self {
    case .goe, .gue: break
    case .betaHermite(let beta):
      guard beta >= 1e-100, beta <= 1e100 else {
        throw .invalidParameter(name: "beta", value: "\(beta)", domain: "1e-100 ≤ beta ≤ 1e100")
      }
    case .wigner(let entries): try entries.validate()
    case .spikedWigner(let strengths): try requireStrengths(strengths, from: -1e100)
    case .wishart(let degrees): try requireDegrees(degrees)
    case .spikedWishart(let degrees, let strengths):
      try requireDegrees(degrees)
      try requireStrengths(strengths, from: -1)
    }
  }
}
