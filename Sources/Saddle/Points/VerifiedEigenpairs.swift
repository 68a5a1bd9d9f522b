/// All eigenpairs of a Hessian, as far as a point is judged by them: for a matrix that is elsewhere, in
/// parts, and whose eigenvectors stay there.
public struct VerifiedEigenpairs: Equatable, Sendable {
  /// Ascending.
  public let values: [Double]
  /// So far is each of them from the matrix's: proved by residuals and what rounding may have done to
  /// them, whatever the eigensolver did. It grows like P²·ulp·max|λ|, 6e-7·max|λ| at P = 50,000.
  public let errorBound: Double
  /// (vᵢᵀg)²/‖g‖² of the gradient g, in the values' order; zeros where g is zero.
  public let gradientShares: [Double]
  /// The eigenvector of the least value.
  public let leastVector: [Double]

  /// - Parameters:
  ///   - values: ascending.
  ///   - residual: ‖AZ − ZΛ‖_F of the eigenvectors Z and values Λ, as products in double gave it.
  ///   - departure: ‖ZᵀZ − I‖_F, likewise.
  ///   - matrixNorm: ‖A‖_F.
  ///   - gradientCoefficients: Zᵀg.
  ///   - leastVector: the eigenvector of the least value.
  public init(
    values: [Double], residual: Double, departure: Double, matrixNorm: Double,
    gradientCoefficients: [Double],
    leastVector: [Double]
  ) {
    precondition(
      values.count == gradientCoefficients.count && values.count == leastVector.count,
      "\(values.count) eigenvalues, \(gradientCoefficients.count) coefficients")
    self.values = values
    self.leastVector = leastVector
    let norm = gradientCoefficients.norm
    gradientShares = gradientCoefficients.map { norm > 0 ? $0 / norm * ($0 / norm) : 0 }
    let radius = values.reduce(0) { max($0, $1.magnitude) }
    // Products of n terms are off by n·u of their magnitudes' products, and ‖Z‖_F is √n. A tenth more is
    // for the subtractions, the norms' own sums and what ‖Z‖_F is above √n.
    let n = Double(values.count)
    let rounding = 1.1 * (n + 2) * Double.ulpOfOne / 2
    errorBound = Self.error(
      radius: radius,
      residual: residual + rounding * (matrixNorm + radius) * n.squareRoot(),
      departure: departure + rounding * n)
  }

  /// How far eigenvalues may be from their places in Λ.
  ///
  /// With Z = Q·S, S the root of ZᵀZ: ‖Z − Q‖ = max|σ − 1| ≤ max|σ² − 1| = δ, the departure. So
  /// ‖AQ − QΛ‖ ≤ r + (‖A‖ + ‖Λ‖)·δ with the residual r, and by Weyl's theorem for A and QΛQᵀ that
  /// bounds b, how far an eigenvalue is. ‖A‖ ≤ ‖Λ‖ + b gives b ≤ (r + 2‖Λ‖δ)/(1 − δ). Nothing is known
  /// where δ is ½ or more.
  private static func error(radius: Double, residual: Double, departure: Double) -> Double {
    departure < 0.5 ? (residual + 2 * radius * departure) / (1 - departure) : .infinity
  }

  /// The counts at a tolerance ε that the bound leaves.
  func count(at tolerance: Double, radius: Double) -> ToleranceCount {
    let threshold = tolerance * radius
    func below(_ bound: Double) -> ClosedRange<Int> {
      let least = values.count { $0 + errorBound < bound }
      return least...max(least, values.count { $0 - errorBound <= bound })
    }
    return ToleranceCount(
      tolerance: tolerance, threshold: threshold, order: values.count,
      below: below(-threshold), notAbove: below(threshold), errorBound: errorBound, doubt: 0)
  }
}
