/// What the evidence says of a claim.
public enum Verdict: String, Codable, CaseIterable, Sendable {
  case reproduced
  case notReproduced = "not reproduced"
  case undecided
}

/// A claim from the literature, the rule that decides it, and what came of it at one point.
public struct Claim: Codable, Equatable, Sendable {
  public let statement: String
  public let citation: String
  /// The rule, fixed before the run.
  public let rule: String
  public let verdict: Verdict
  /// The figures that the rule was applied to, in words.
  public let evidence: String
}

/// The limits that the rules use. They were fixed before any run; no run may move them.
public enum ClaimLimits {
  /// "Most" eigenvalues: more than this share.
  public static let most = 0.5
  /// The tolerances between which "about zero" is taken to lie.
  public static let strictZero = 1e-6
  public static let looseZero = 1e-3
  /// A point is critical where ‖∇L‖ is at most this: Frye et al. 2021 call ‖∇L‖² < 1e-10 a
  /// numerical critical point.
  public static let criticalGradientNorm = 1e-5
  /// A loss is low where it is at most this share of the loss that training started from.
  public static let lowLoss = 0.1
}

extension PointAnalysis {
  /// Whether negative curvature is certified.
  public var isCertified: Bool { certificate?.isValid ?? false }
  /// Whether the gradient is small enough to speak of a critical point.
  public var isCritical: Bool { evaluation.gradientNorm <= ClaimLimits.criticalGradientNorm }
}

extension Claim {
  private static let paper = "arXiv 1706.02052"

  /// The claims of the paper, decided at one end point of training.
  ///
  /// - Parameter startingLoss: nil where it is not known, of imported parameters.
  public static func all(for analysis: PointAnalysis, startingLoss: Double?) -> [Claim] {
    [
      negativeCurvature(analysis), degeneracy(analysis), lowLoss(analysis, startingLoss),
      saddle(analysis),
    ]
  }

  private static func negativeCurvature(_ analysis: PointAnalysis) -> Claim {
    let spectrum = analysis.spectrum
    let evidence: String
    if let certificate = analysis.certificate {
      // A residual can come out smaller than the rounding of the product it is made from.
      let error = max(certificate.residual, spectrum.resolution * spectrum.radius)
      evidence =
        "index \(spectrum.index(at: ClaimLimits.strictZero)) of \(spectrum.order) at ε = 1e-6; "
        + "vᵀHv = \(short(certificate.rayleighQuotient)) ± \(short(error)); "
        + "function values give \(short(certificate.curvatureFromValues)), "
        + "\(short(-certificate.secondDifference / certificate.noise)) times their noise below zero"
    } else {
      evidence =
        "no eigenvalue lies below −\(short(spectrum.resolution * spectrum.radius)), "
        + "the resolution of the arithmetic"
    }
    return Claim(
      statement: "Training ends at a point with negative curvature, not at a local minimum.",
      citation: paper,
      rule: "reproduced if a direction is certified by a Hessian-vector product and by function "
        + "values; not reproduced if no eigenvalue is negative beyond rounding",
      verdict: analysis.isCertified ? .reproduced : spectrum.index == 0 ? .notReproduced : .undecided,
      evidence: evidence)
  }

  private static func degeneracy(_ analysis: PointAnalysis) -> Claim {
    let strict = analysis.spectrum.degeneracy(at: ClaimLimits.strictZero)
    let loose = analysis.spectrum.degeneracy(at: ClaimLimits.looseZero)
    let verdict = degeneracyVerdict(
      strict: strict.emergentFraction, loose: loose.emergentFraction)
    return Claim(
      statement: "Most eigenvalues of the Hessian are about zero.", citation: paper,
      rule: "of the eigenvalues that are not structural zeros, reproduced if more than half are "
        + "about zero at ε = 1e-6; not reproduced if at most half are at 1e-3; else the answer "
        + "depends on the tolerance",
      verdict: verdict,
      evidence: "\(percent(strict.emergentFraction)) at ε = 1e-6, "
        + "\(percent(loose.emergentFraction)) at 1e-3, besides "
        + "\(strict.structuralKnown) structural zeros of \(strict.order)")
  }

  /// - Parameters:
  ///   - strict: the share of emergent zeros at `ClaimLimits.strictZero`.
  ///   - loose: that at `ClaimLimits.looseZero`.
  static func degeneracyVerdict(strict: Double, loose: Double) -> Verdict {
    if strict > ClaimLimits.most { return .reproduced }
    return loose <= ClaimLimits.most ? .notReproduced : .undecided
  }

  private static func lowLoss(_ analysis: PointAnalysis, _ startingLoss: Double?) -> Claim {
    let verdict: Verdict =
      startingLoss.map {
        analysis.evaluation.loss / $0 <= ClaimLimits.lowLoss ? .reproduced : .notReproduced
      } ?? .undecided
    return Claim(
      statement: "The loss is low where training ends.", citation: paper,
      rule: "reproduced if the training loss is at most a tenth of the loss at the start; else not",
      verdict: verdict,
      evidence: "loss \(short(analysis.evaluation.loss))"
        + (startingLoss.map { " from \(short($0))" } ?? ", from where is not known")
        + (analysis.evaluation.accuracy.map { ", training accuracy \(percent($0))" } ?? ""))
  }

  private static func saddle(_ analysis: PointAnalysis) -> Claim {
    let verdict: Verdict
    switch (analysis.isCritical, analysis.isCertified) {
    case (true, true): verdict = .reproduced
    case (true, false): verdict = analysis.spectrum.index == 0 ? .notReproduced : .undecided
    case (false, _): verdict = .undecided
    }
    return Claim(
      statement: "The end point is a saddle point: critical, with negative curvature.",
      citation: paper,
      rule: "decided only at a critical point, ‖∇L‖ ≤ 1e-5: there as the first claim; undecided "
        + "where the gradient is larger, since a slope is not a saddle",
      verdict: verdict,
      evidence: "‖∇L‖ = \(short(analysis.evaluation.gradientNorm))"
        + (analysis.isCritical ? "" : ": not a critical point"))
  }
}
