/// How much work a matrix-free analysis does.
public struct MatrixFreeSettings: Codable, Hashable, Sendable {
  /// Eigenpairs at each end.
  public var pairs = 12
  /// Their residual, relative to the spectral radius.
  public var tolerance = 1e-6
  /// Products that they may take.
  public var products = 3000
  /// Lanczos steps of each probe of the density.
  public var steps = 100
  public var probes = 4
  /// Whether the density is taken again by the kernel polynomial method, with as many products.
  public var takesSecondOpinion = true
  /// How far the products may be from those with one symmetric matrix, relative to its norm: what a
  /// program in single precision rounds. nil where that is below what is computed here.
  public var productNoise: Double?
  /// Seeds starting vectors and probes.
  public var seed: UInt64 = 0

  public init() {}
}
