/// A sampler of random symmetric matrices with its eigensolver, as the oracles see it.
public struct EnsembleSubject: Sendable {
  /// What it says that it draws.
  public enum Ensemble: Sendable, Equatable {
    /// Normal entries, variance 1 beside the diagonal and 2 on it.
    case goe
    /// Independent entries of mean 0, variance 1 beside the diagonal, with a fourth moment.
    case wigner
    /// XXᵀ of X with so many columns of standard normal entries.
    case wishart(degrees: Int)
    /// GOE/√n + θ·vvᵀ, v a unit vector, θ > 1.
    case spikedWigner(strength: Double)
  }

  public let ensemble: Ensemble
  /// A matrix's rows; nil where only eigenvalues are drawn.
  public let matrix: (@Sendable (_ order: Int, _ seed: UInt64) throws -> [[Double]])?
  /// All eigenvalues of a matrix, ascending; the same for the same seed.
  public let spectrum: @Sendable (_ order: Int, _ seed: UInt64) throws -> [Double]

  public init(
    _ ensemble: Ensemble,
    matrix: (@Sendable (_ order: Int, _ seed: UInt64) throws -> [[Double]])? = nil,
    spectrum: @escaping @Sendable (_ order: Int, _ seed: UInt64) throws -> [Double]
  ) {
    self.ensemble = ensemble
    self.matrix = matrix
    self.spectrum = spectrum
  }

  /// Whether the entries are normal and the matrix is centred: GOE's laws for finite n are its.
  var isGOE: Bool { ensemble == .goe }

  /// Whether the semicircle of radius 2√n is its limit.
  var isWigner: Bool { ensemble == .goe || ensemble == .wigner }

  /// The spectra of seeds `first` … , each with n finite eigenvalues that ascend.
  func spectra(order: Int, count: Int, seed: UInt64) throws -> [[Double]] {
    try (0..<count).map { i in
      let values = try spectrum(order, seed &+ UInt64(i))
      try EigensolverSubject.requireSpectrum(values, order: order)
      return values
    }
  }
}
