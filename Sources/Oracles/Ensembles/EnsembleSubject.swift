/// A sampler of random symmetric matrices with its eigensolver, as the oracles see it.
public struct EnsembleSubject: Sendable {
  /// What it says that it draws.
  public enum Ensemble: Sendable, Equatable {
    /// Normal entries, variance 1 beside the diagonal and 2 on it.
    case goe
    /// Hermitian with complex normal entries, E|hᵢⱼ|² = 1 everywhere. The n eigenvalues alone are
    /// asked for.
    case gue
    /// Independent entries of mean 0, variance 1 beside the diagonal, whose tails are no heavier than
    /// Laplace's: a fourth moment of at most 6. Sparse matrices are none.
    case wigner
    /// XXᵀ of X with so many columns of standard normal entries.
    case wishart(degrees: Int)
    /// GOE/√n + θ·vvᵀ, v a unit vector, θ > 1. The laws of its greatest eigenvalue and of that one's
    /// vector are for θ ≥ 1.5.
    case spikedWigner(strength: Double)
  }

  /// The unit vector v of a matrix's spike, and the unit eigenvector of its greatest eigenvalue.
  public typealias Spike = (direction: [Double], eigenvector: [Double])

  public let ensemble: Ensemble
  /// A matrix's rows; nil where only eigenvalues are drawn.
  public let matrix: (@Sendable (_ order: Int, _ seed: UInt64) throws -> [[Double]])?
  /// Of the matrix that `matrix` draws from the same seed, where there is one; nil where a subject
  /// has no spike or no eigenvectors.
  public let spike: (@Sendable (_ order: Int, _ seed: UInt64) throws -> Spike)?
  /// All eigenvalues of a matrix, ascending; the same for the same seed.
  public let spectrum: @Sendable (_ order: Int, _ seed: UInt64) throws -> [Double]
  private let memory: SpectrumMemory?

  public init(
    _ ensemble: Ensemble,
    matrix: (@Sendable (_ order: Int, _ seed: UInt64) throws -> [[Double]])? = nil,
    spike: (@Sendable (_ order: Int, _ seed: UInt64) throws -> Spike)? = nil,
    spectrum: @escaping @Sendable (_ order: Int, _ seed: UInt64) throws -> [Double]
  ) {
    self.init(ensemble, matrix: matrix, spike: spike, spectrum: spectrum, memory: nil)
  }

  private init(
    _ ensemble: Ensemble,
    matrix: (@Sendable (_ order: Int, _ seed: UInt64) throws -> [[Double]])?,
    spike: (@Sendable (_ order: Int, _ seed: UInt64) throws -> Spike)?,
    spectrum: @escaping @Sendable (_ order: Int, _ seed: UInt64) throws -> [Double],
    memory: SpectrumMemory?
  ) {
    self.ensemble = ensemble
    self.matrix = matrix
    self.spike = spike
    self.spectrum = spectrum
    self.memory = memory
  }

  /// The same subject, whose spectra are kept for the next law that asks for them: laws of one seed
  /// share most of their draws. What the law of seeds compares is drawn anew.
  public func remembering() -> EnsembleSubject {
    EnsembleSubject(
      ensemble, matrix: matrix, spike: spike, spectrum: spectrum, memory: SpectrumMemory())
  }

  /// Dyson's index β where entries are normal and the matrix is centred: GOE's or GUE's laws for
  /// finite n are its.
  var beta: Double? {
    switch ensemble {
    case .goe: 1
    case .gue: 2
    case .wigner, .wishart, .spikedWigner: nil
    }
  }

  var isGOE: Bool { ensemble == .goe }

  /// Whether the semicircle of radius 2√n is its limit.
  var isWigner: Bool { beta != nil || ensemble == .wigner }

  /// The spectra of seeds `first` … , each with n finite eigenvalues that ascend.
  func spectra(order: Int, count: Int, seed: UInt64) throws -> [[Double]] {
    try (0..<count).map { i in
      let (order, seed) = (order, seed &+ UInt64(i))
      let values = try memory?.spectrum(order, seed, spectrum) ?? spectrum(order, seed)
      try EigensolverSubject.requireSpectrum(values, order: order)
      return values
    }
  }
}
