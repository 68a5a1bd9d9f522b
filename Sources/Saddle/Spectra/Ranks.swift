// How many directions a symmetric matrix has that matter, by three measures.

/// The stable rank ‖A‖_F²/‖A‖₂² = Σλ²/max λ² of a matrix with these eigenvalues: from 1 to n, and 0
/// for the zero matrix (Rudelson, Vershynin 2007). No tolerance; small eigenvalues hardly count.
public func stableRank(_ eigenvalues: [Double]) -> Double {
  let radius = eigenvalues.reduce(0) { max($0, $1.magnitude) }
  guard radius > 0 else { return 0 }
  return eigenvalues.reduce(0) { $0 + ($1 / radius) * ($1 / radius) }
}

/// The stable rank from ‖A‖_F² and max|λ|, each known or estimated by itself.
///
/// - Returns: nil where a figure is negative or not finite, or the radius is 0 and the norm is not.
public func stableRank(squaredFrobeniusNorm: Double, radius: Double) -> Double? {
  guard squaredFrobeniusNorm >= 0, radius >= 0, squaredFrobeniusNorm.isFinite, radius.isFinite
  else { return nil }
  if squaredFrobeniusNorm == 0 { return 0 }
  return radius > 0 ? squaredFrobeniusNorm / radius / radius : nil
}

/// How many eigenvalues are larger than ε·max|λ| in magnitude.
public func numericalRank(_ eigenvalues: [Double], tolerance: Double) -> Int {
  let radius = eigenvalues.reduce(0) { max($0, $1.magnitude) }
  return eigenvalues.count { $0.magnitude > tolerance * radius }
}

extension ToleranceCount {
  /// The same from factorizations: at least and at most as many.
  public var numericalRank: ClosedRange<Int> {
    order - zeros.upperBound...order - zeros.lowerBound
  }
}
