extension Matrix where T == Double {
  /// An upper bound of ‖W‖₂: the largest eigenvalue of the smaller of WWᵀ and WᵀW is below a number
  /// that a factorization proves to be above all of them, and at most ‖W‖_F.
  ///
  /// - Throws: `LinearAlgebraError` where an element is not finite or LAPACK gives up.
  package func spectralNormBound() throws(LinearAlgebraError) -> Double {
    guard !elements.isEmpty else { return 0 }
    if let at = firstNotFinite(elements) { throw .notFinite(row: at / columns, column: at % columns) }
    let frobenius = elements.norm * (1 + Rounding.gamma(elements.count + 8)) * Rounding.inflation
    let wide = rows <= columns ? self : transpose
    let gram = (wide * wide.transpose).symmetrized()
    guard allFinite(gram.elements.span), let greatest = try gram.eigenvalues().last, greatest > 0
    else { return frobenius }
    let s = 1.0001 * greatest
    let factors = try VerifiedFactorization(gram, shift: s)
    guard factors.positive == 0 else { return frobenius }
    // ‖fl(WWᵀ) − WWᵀ‖_F ≤ γ·‖|W||W|ᵀ‖_F ≤ γ·‖W‖_F².
    let error =
      Rounding.gamma(wide.columns + 2) * frobenius * frobenius
      + Double(gram.elements.count) * Double(wide.columns) * Rounding.underflow
    return min(frobenius, (s + factors.residual + error).squareRoot() * Rounding.inflation)
  }
}
