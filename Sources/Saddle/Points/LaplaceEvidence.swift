import Foundation

/// Laplace's approximation of the evidence of a network as a model of its data, with a normal prior
/// N(0, I/δ) of its parameters (MacKay 1992; Immer et al. 2021, eq. 7):
/// log p(D) ≈ log p(D|θ) − ½δ‖θ‖² + ½P·log δ − ½Σ log(N·λᵢ + δ),
/// λᵢ the eigenvalues of a curvature matrix of the mean loss at θ, without a penalty.
///
/// It is an expansion at a mode of the posterior: at a θ that is none it says nothing, and what kind of
/// point θ is, is for `CriticalPointCertificate` to say. Gauss–Newton's eigenvalues, none of which is
/// negative, are the usual ones.
public struct LaplaceEvidence: Codable, Equatable, Sendable {
  /// log p(D|θ): −N·loss for classes; for squared errors, of unit variance, less ½NK·log 2π.
  public let logLikelihood: Double
  /// −½δ‖θ‖² + ½P·log δ − ½Σ log(Nλ + δ): what the parameters cost.
  public let occamFactor: Double
  /// Σ Nλ/(Nλ + δ): how many parameters the data determine.
  public let effectiveDimension: Double
  /// The approximation, with what the eigenvalues may be off by.
  public let value: ClosedRange<Double>
  /// δ.
  public let priorPrecision: Double

  /// - Parameters:
  ///   - eigenvalues: P of them, of the mean loss without penalty.
  ///   - error: by what each may be off.
  ///   - logLikelihood: log p(D|θ), known to within `likelihoodError`.
  ///   - squaredNorm: ‖θ‖².
  ///   - samples: N.
  /// - Throws: `LaplaceError` for a prior that is none, and where an eigenvalue of Nλ + δ is not above
  ///   zero for certain.
  public init(
    eigenvalues: [Double], within error: Double = 0, logLikelihood: Double,
    likelihoodError: Double = 0, squaredNorm: Double, samples: Int, priorPrecision δ: Double
  ) throws(LaplaceError) {
    guard δ > 0, δ.isFinite else { throw .priorPrecision(δ) }
    let n = Double(samples)
    let notAbove = eigenvalues.count { !(n * ($0 - error) + δ > 0) }
    guard notAbove == 0 else { throw .notAMode(eigenvalues: notAbove, of: eigenvalues.count) }
    func cost(_ shift: Double) -> Double {
      // log(Nλ/δ + 1), so that P·log δ does not cancel.
      eigenvalues.reduce(0) { $0 + log1p(n * ($1 + shift) / δ) } / 2 + δ * squaredNorm / 2
    }
    self.logLikelihood = logLikelihood
    priorPrecision = δ
    occamFactor = -cost(0)
    effectiveDimension = eigenvalues.reduce(0) { $0 + n * $1 / (n * $1 + δ) }
    // Sums of P terms, beside the eigenvalues' own errors.
    let rounding =
      Double(eigenvalues.count + 4) * .ulpOfOne
      * (logLikelihood.magnitude + eigenvalues.reduce(0) { $0 + log1p(n * $1 / δ).magnitude }
        + δ * squaredNorm) + likelihoodError
    value =
      logLikelihood - cost(error) - rounding...logLikelihood - cost(-error) + rounding
  }

  /// Of a network's exact Gauss–Newton matrix, all of its eigenvalues. Where no bound of the matrix's own
  /// rounding is known (`curvatureRounding`), the interval has the eigensolver's alone.
  ///
  /// - Parameters:
  ///   - parameters: θ, P elements.
  ///   - priorPrecision: δ; nil for that which the objective's penalty is, N·α.
  /// - Throws: `LaplaceError`; `LinearAlgebraError` where the matrix is not finite.
  public init(
    of objective: NetworkObjective<Double>, at parameters: [Double], priorPrecision: Double? = nil
  ) throws {
    let matrix = objective.curvatureMatrix(
      .gaussNewton, at: parameters, includingPenalty: false)
    // None is negative but by rounding.
    let spectrum = try Spectrum(
      eigenvalues: matrix.eigenvalues().map { max($0, 0) },
      matrixError: objective.curvatureRounding(.gaussNewton, at: parameters) ?? 0)
    let samples = Double(objective.samples)
    let data = objective.replacing(
      inputs: objective.inputs, targets: objective.targets, weightDecay: 0)
    let outputs = Double(objective.network.outputs)
    let normalization =
      objective.loss == .meanSquaredError ? samples * outputs * log(2 * Double.pi) / 2 : 0
    try self.init(
      eigenvalues: spectrum.eigenvalues, within: spectrum.errorBound,
      logLikelihood: -samples * data.value(at: parameters) - normalization,
      likelihoodError: samples * (data.rounding(at: parameters)?.loss ?? 0),
      squaredNorm: parameters.dot(parameters),
      samples: objective.samples, priorPrecision: priorPrecision ?? samples * objective.weightDecay)
  }
}

/// Why there is no Laplace approximation.
public enum LaplaceError: Error, Equatable, CustomStringConvertible {
  case priorPrecision(Double)
  case notAMode(eigenvalues: Int, of: Int)

  public var description: String {
    switch self {
    case .priorPrecision(let δ):
      "a prior of precision \(δ) is none: give one above 0, or train with weight decay"
    case .notAMode(let count, let order):
      "\(count) of \(order) eigenvalues of the posterior's curvature are not above zero for certain: θ is "
        + "no mode that they tell of. Take Gauss–Newton's eigenvalues, or a larger prior precision"
    }
  }
}
