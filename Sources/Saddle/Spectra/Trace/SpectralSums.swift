import RealModule

extension SpectralDensity {
  /// tr A.
  public var trace: StochasticEstimate { sum { $0 } }

  /// log det(A + σI) = Σ log(λᵢ + σ).
  ///
  /// Ritz values lie inside the spectrum, so one of at most −σ proves that the operator is not
  /// positive definite. That none does proves nothing: a direction that no probe has a part of, or
  /// that the steps have not reached yet, stays unseen. A normal probe has a part of
  /// every direction with probability one.
  ///
  /// - Parameter shift: σ, at least 0.
  /// - Throws: `SpectralEstimateError.invalidSetting` for a shift that is negative or not finite,
  ///   `.notPositiveDefinite` where a Ritz value is at most −σ.
  public func logDeterminant(
    shift: Double = 0
  ) throws(SpectralEstimateError) -> StochasticEstimate {
    guard shift >= 0 && shift.isFinite else {
      throw .invalidSetting("the shift", value: shift, requirement: "finite and at least 0")
    }
    guard extent.lowerBound + shift > 0 else {
      throw .notPositiveDefinite(ritzValue: extent.lowerBound, shift: shift)
    }
    return sum { Double.log($0 + shift) }
  }

  /// The effective dimension Σ λᵢ/(λᵢ + α) over positive eigenvalues: how many directions the data
  /// determine against a prior of precision α (MacKay 1992, eq. 4.9).
  ///
  /// Negative eigenvalues, of a Hessian at a saddle, count as zero: along them nothing is
  /// determined.
  ///
  /// - Parameter α: positive.
  /// - Throws: `SpectralEstimateError.invalidSetting`.
  public func effectiveDimension(
    precision α: Double
  ) throws(SpectralEstimateError) -> StochasticEstimate {
    try SpectralEstimateError.require("the precision", α, above: 0)
    return sum { $0 > 0 ? $0 / ($0 + α) : 0 }
  }
}
