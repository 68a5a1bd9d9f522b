/// The Gauss rule of one probe v: Σ w·f(θ) = vᵀf(A)v/vᵀv for every polynomial f of degree up to
/// 2k − 1 (Golub, Meurant 2010, §6).
public struct ProbeQuadrature: Codable, Equatable, Sendable {
  public let coefficients: LanczosCoefficients
  private let rule: GaussRule
  /// The rule that ends where β was least, if that was next to nothing: the Krylov space was all
  /// but invariant there, and what came after is rounding that took up the recurrence anew.
  private let settled: GaussRule?

  /// k nodes, the Ritz values; weights are the squares of the first components of T's eigenvectors
  /// and sum to 1 up to rounding.
  public var measure: DiscreteMeasure { rule.measure }
  /// For every node β_k times the last component of T's eigenvector: an eigenvalue of A lies within
  /// it of the node (Parlett 1998, §13.2), up to rounding.
  public var residuals: [Double] { rule.residuals }

  /// - Throws: `.noConvergence`.
  public init(_ coefficients: LanczosCoefficients) throws(SpectralEstimateError) {
    self.coefficients = coefficients
    rule = try GaussRule(coefficients)
    let beside = coefficients.offDiagonal
    let largest = beside.max() ?? 0
    if !coefficients.isInvariant,
      let end = beside.indices.min(by: { beside[$0] < beside[$1] }), beside[end] < 1e-5 * largest
    {
      settled = try GaussRule(coefficients.prefix(end + 1))
    } else {
      settled = nil
    }
  }

  /// The measure that the first half of the steps gave; the whole one's where that is exact.
  func coarseMeasure() throws(SpectralEstimateError) -> DiscreteMeasure {
    guard !coefficients.isInvariant else { return measure }
    return try GaussRule(coefficients.prefix((coefficients.steps + 1) / 2)).measure
  }

  /// What the share of v's square in eigenvectors of eigenvalues up to x may be, given T.
  ///
  /// - Parameter resolution: the rounding error of a node.
  public func cumulativeBracket(at x: Double, resolution: Double) -> ClosedRange<Double> {
    narrowest { $0.cumulativeBracket(at: x, resolution: resolution) }
  }

  /// What the share in eigenvectors of eigenvalues in an interval may be, given T.
  ///
  /// - Parameter resolution: the rounding error of a node.
  public func massBracket(
    in interval: ClosedRange<Double>, resolution: Double
  ) -> ClosedRange<Double> {
    narrowest { $0.massBracket(in: interval, resolution: resolution) }
  }

  /// Both rules are of the same measure: what both admit.
  private func narrowest(_ bracket: (GaussRule) -> ClosedRange<Double>) -> ClosedRange<Double> {
    let whole = bracket(rule)
    guard let other = settled.map(bracket) else { return whole }
    let low = max(whole.lowerBound, other.lowerBound)
    return low...max(low, min(whole.upperBound, other.upperBound))
  }
}
