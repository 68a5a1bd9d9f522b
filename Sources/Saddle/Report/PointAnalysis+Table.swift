extension PointAnalysis {
  /// The analysis for people: a name and a value a row, the same on a terminal and on a page. Every
  /// figure stands with its error bound, its certificate, or what makes it exact.
  public func table(test: Evaluation? = nil) -> [(name: String, value: String)] {
    var rows = evaluation.table(rounding: rounding, test: test) + spectrum.table
    if !boundsHessian {
      rows.append(("  their ±", "the eigensolver's alone: the Hessian's own rounding is not bounded"))
    }
    rows += structure.map { ("  " + $0.name, "\($0.count): \($0.reason)") }
    rows.append(
      (
        "index, zeros, positive at ε = \(short(secondCount.tolerance)) by LDLᵀ",
        secondCount.summary + (countsAgree ? ": as the eigensolver" : ": not as the eigensolver")
      ))
    return rows + curvature.table + criticality.table + [("kind of point", kind.inWords)]
  }
}

extension NegativeCurvature {
  /// What was found, and the certificate's two checks, a row each.
  var table: [(name: String, value: String)] {
    let found =
      switch outcome {
      case .noneBeyondRounding: "none beyond the eigenvalues' error"
      case .notResolved: "not resolved: the eigenvalues' error is larger than what could be negative"
      case .certified: "certified"
      case .withinNoise: "not certified: function values are too noisy to bear it out"
      case .contradicted:
        "not certified: the Hessian-vector product and function values contradict each other"
      case .notFound: "not certified: no direction was found"
      }
    return [("negative curvature", found)] + (certificate?.table ?? [])
  }
}

extension NegativeCurvatureCertificate {
  /// What the product and what function values give.
  var table: [(name: String, value: String)] {
    [
      (
        "  vᵀHv of a witness v, ‖Hv − (vᵀHv)v‖",
        "\(short(rayleighQuotient)), \(short(residual)): an eigenvalue lies within the latter"
      ),
      (
        "  the same from function values",
        "\(short(curvatureFromValues)) ± \(short(curvatureFromValuesError)), at h = \(short(step))"
      ),
    ]
  }
}

extension Criticality {
  /// How near a critical point is, each figure a row.
  var table: [(name: String, value: String)] {
    let scale = lengthScale > 0 ? ", \(short(newtonStep / lengthScale)) of \(short(lengthScale))" : ""
    let source = lanczosSteps.map { "by \($0) Lanczos steps" } ?? "by all of the Hessian"
    return [
      ("Newton's step, over resolved modes", "\(short(newtonStep))\(scale), \(source)"),
      ("Newton's decrement", short(newtonDecrement)),
      (
        "gradient in the near-kernel, not resolved",
        "\(percent(nearKernelShare)) of ‖∇L‖²; \(short(unresolvedGradient)) of ‖∇L‖"
      ),
      ("Frye's residual r", short(relativeResidual)),
      (
        "cosine of downhill and outward",
        outwardCosine.map(short) ?? "none: the point or the gradient is zero"
      ),
    ]
  }
}

extension CriticalPointKind {
  /// The kind, in a few words.
  public var inWords: String {
    switch self {
    case .minimum: "a nondegenerate minimum"
    case .secondOrderCritical: "critical, degenerate, without negative curvature"
    case .strictSaddle: "a nondegenerate saddle"
    case .degenerateSaddle: "a degenerate saddle"
    case .maximum: "a nondegenerate maximum"
    case .degenerateMaximum: "critical, degenerate, without positive curvature"
    case .gradientFlat: "gradient-flat: not critical, and no step makes the gradient shorter"
    case .notCritical: "not a critical point"
    case .undecided: "critical, but its figures contradict each other"
    }
  }
}

extension ToleranceCount {
  /// The three counts, as intervals where rounding leaves a doubt, with what they rest on.
  public var summary: String {
    func text(_ range: ClosedRange<Int>) -> String {
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) … \(range.upperBound)"
    }
    return "\(text(index)), \(text(zeros)), \(text(positive)), "
      + "eigenvalues to ± \(short(errorBound)), in doubt with \(short(doubt))"
  }
}
