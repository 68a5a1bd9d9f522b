/// The numerical rank of a matrix and the room about it: the cut lies at the resolution of the
/// arithmetic (`Spectrum.resolution`), where LAPACK's own threshold keeps what is zero below.
public struct RankGap: Codable, Equatable, Sendable {
  /// Eigenvalues above the cut.
  public let rank: Int
  /// The least magnitude above it and the greatest below, relative to the greatest of all.
  public let above, below: Double

  /// - Returns: nil of a matrix of zeros, which has no scale.
  public init?(of spectrum: Spectrum) {
    guard spectrum.radius > 0 else { return nil }
    let sizes = spectrum.eigenvalues.map { $0.magnitude / spectrum.radius }
    rank = sizes.count { $0 > spectrum.resolution }
    above = sizes.filter { $0 > spectrum.resolution }.min() ?? 1
    below = sizes.filter { $0 <= spectrum.resolution }.max() ?? 0
  }

  /// How far the one stands above the other; at least above what one rounding leaves.
  public var ratio: Double { above / max(below, Double.ulpOfOne) }
}
