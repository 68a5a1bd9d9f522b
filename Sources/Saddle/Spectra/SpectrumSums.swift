extension Spectrum {
  /// The error of one eigenvalue: the eigensolver's `resolution`·max|λ|, LAPACK's threshold of
  /// 60·P·ulp, and by Weyl's inequality the matrix's own.
  public var errorBound: Double { resolution * radius + matrixError }

  /// The same of a matrix whose columns are products, each known to `noise`·max|λ|: all of them
  /// together to √P times that.
  func widened(byProductNoise noise: Double?) throws(SpectrumError) -> Spectrum {
    guard let noise, noise > 0 else { return self }
    return try Spectrum(
      eigenvalues: eigenvalues, structuralZeros: structuralZeros,
      matrixError: matrixError + Double(order).squareRoot() * noise * radius)
  }

  /// How many eigenvalues lie so close to ±`bound` that their error may carry them over.
  public func uncertain(about bound: Double, below: Bool, above: Bool) -> Int {
    eigenvalues.count {
      (below && ($0 + bound).magnitude <= errorBound)
        || (above && ($0 - bound).magnitude <= errorBound)
    }
  }

  /// tr = Σλ. Its error is at most P·`errorBound`.
  public var trace: Double { eigenvalues.reduce(0, +) }

  /// ‖H‖_F² = Σλ². Its error is at most 2·Σ|λ|·`errorBound` + P·`errorBound`².
  public var squaredFrobeniusNorm: Double { eigenvalues.reduce(0) { $0 + $1 * $1 } }
}
