import Foundation

/// What came of one run of a grid.
public struct RunResult: Codable, Equatable, Sendable {
  public let key: String
  public let experiment: Experiment
  public let measure: EndMeasurement
  public let outcome: Outcome
  /// Wall time of training (of its last part, where it was resumed) and of the analysis, in s.
  public let trainingSeconds: Double
  public let analysisSeconds: Double
  /// The BLAS and its kernels, since they decide the last bits of a trajectory.
  public let blas: String

  public enum Outcome: Codable, Equatable, Sendable {
    case finished(EndPoint)
    /// Training stopped being finite: that is a result, and the grid goes on.
    case diverged(epoch: Int, cause: String)
  }

  /// Where the run ended; nil where it diverged.
  public var end: EndPoint? {
    if case .finished(let end) = outcome { end } else { nil }
  }
}

/// The point where a run ended, in figures.
public struct EndPoint: Codable, Equatable, Sendable {
  /// P.
  public let parameters: Int
  public let startingLoss: Double
  public let training: Evaluation
  public let test: Evaluation?
  /// Steps in which the optimizer's mechanism for leaving saddle points acted; nil where it has
  /// none, and in results from before it was counted.
  public let interventions: Int?
  /// Extremes, index and degeneracy; nil where none were asked for.
  public let spectrum: EpochSpectrum?
  /// Zeros that every θ has; nil but for all eigenvalues.
  public let structuralZeros: Int?
  /// Whether products and function values bear negative curvature out; nil as above.
  public let isCertified: Bool?
  /// Eigenvalues above the largest gap; nil as above.
  public let outliers: Int?
  /// Why no law was fitted to the bulk, where it was asked for: there is none.
  public let whyNoFit: String?
  public let refined: RefinedEnd?
  /// The Hessian beside the Gauss–Newton matrix; nil where it was not asked for.
  public let gaussNewton: GaussNewtonComparison?
  /// Spectra along the run, where they were asked for.
  public let along: [EpochSpectrum]?
}

/// What a search for a critical point made of a run's end.
public struct RefinedEnd: Codable, Equatable, Sendable {
  public let loss: Double
  public let gradientNorm: Double
  public let kind: CriticalPointKind
  /// Eigenvalues below −1e-6·max|λ|, max|λ| being the end point's, and zeros besides the
  /// structural ones.
  public let index: Int
  public let nullity: Int
}
