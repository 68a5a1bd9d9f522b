import Saddle

/// An analysis of a made-up point, whose counts agree with its eigenvalues.
///
/// - Parameters:
///   - newtonStep: against a length of 1: critical up to 1e-3.
///   - curvature: nil for what the eigenvalues ask for, certified where one is negative.
public func madeUpAnalysis(
  _ eigenvalues: [Double], structuralZeros: Int = 0,
  evaluation: Evaluation = Evaluation(loss: 0.01, accuracy: 0.9, gradientNorm: 1e-7),
  newtonStep: Double = 1e-6, curvature: NegativeCurvature? = nil,
  secondCount: ToleranceCount? = nil
) throws -> PointAnalysis {
  let spectrum = try Spectrum(eigenvalues: eigenvalues, structuralZeros: structuralZeros)
  let bound = 1e-6 * spectrum.radius
  let below = eigenvalues.count { $0 < -bound }
  let notAbove = eigenvalues.count { $0 <= bound }
  let found = spectrum.least < -spectrum.errorBound ? NegativeCurvature(madeUpWitness()) : nil
  return PointAnalysis(
    evaluation: evaluation, rounding: nil, spectrum: spectrum,
    boundsHessian: false, structure: [],
    curvature: curvature ?? found ?? .noneBeyondRounding,
    secondCount: secondCount
      ?? ToleranceCount(
        tolerance: 1e-6, threshold: bound, order: eigenvalues.count, below: below...below,
        notAbove: notAbove...notAbove, errorBound: 0, doubt: 0),
    criticality: Criticality(
      gradientNorm: evaluation.gradientNorm, gradientError: 0, lengthScale: 1, resolution: 0,
      leastResolved: nil, newtonStep: newtonStep, newtonDecrement: newtonStep,
      unresolvedGradient: 0, nearKernelShare: 0, relativeResidual: 0, outwardCosine: nil,
      lanczosSteps: nil))
}

/// A witness of curvature −1 that function values bear out, or drown in their noise.
public func madeUpWitness(isValid: Bool = true) -> NegativeCurvatureCertificate {
  NegativeCurvatureCertificate(
    direction: [1], rayleighQuotient: -1, residual: 1e-9, step: 0.5, secondDifference: -0.25,
    halfStepDifference: -0.0625, noise: isValid ? 1e-12 : 1)
}
