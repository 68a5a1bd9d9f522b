/// max|λ| of a symmetric operator, as far as it is known: what tolerances are relative to.
public struct SpectralRadius: Codable, Equatable, Sendable {
  /// Where the figure comes from.
  public enum Source: String, Codable, Sendable {
    /// All eigenvalues.
    case spectrum
    /// The largest Ritz value of a Lanczos run.
    case lanczos
    /// Given by the caller.
    case given
  }

  /// The figure that tolerances are multiplied by.
  public let value: Double
  /// An eigenvalue of at least this magnitude exists.
  public let lower: Double
  /// None is larger: a norm of the matrix, which is a guarantee and seldom sharp.
  public let upper: Double
  public let source: Source

  public init(value: Double, lower: Double, upper: Double, source: Source) {
    self.value = value
    self.lower = lower
    self.upper = upper
    self.source = source
  }
}
