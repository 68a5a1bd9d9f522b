/// What rounding may have changed of a loss and of its gradient, near a critical point too: there
/// the samples' gradients cancel, and what is left of them is no measure of their rounding.
public struct EvaluationRounding: Codable, Equatable, Sendable {
  public let loss: Double
  public let gradientNorm: Double

  /// The gradient's bound is relative to √(mean ‖∇ℓₙ‖²), the root of the empirical Fisher matrix's
  /// trace, and to the penalty's gradient; the trace is Hutchinson's estimate and three standard
  /// errors, from 16 products.
  ///
  /// - Throws: `SpectralEstimateError.productNotFinite`.
  public init(
    of objective: some SampledObjective<Double>, at parameters: [Double], value: Double,
    using generator: inout some RandomNumberGenerator
  ) throws(SpectralEstimateError) {
    let squares = try TraceEstimator(.hutchinson, products: 16).trace(
      of: objective.curvature(.empiricalFisher, at: parameters, includingPenalty: false),
      using: &generator)
    let perSample = (max(squares.value, 0) + 3 * (squares.standardError ?? 0)).squareRoot()
    loss = Evaluation.tolerance * value.magnitude
    gradientNorm =
      Evaluation.tolerance * (perSample + objective.weightDecay * Double(parameters.norm))
  }
}
