extension PointAnalysis {
  /// The analysis for people: a name and a value a row, the same on a terminal and on a page. Every
  /// figure stands with its error bound, its certificate, or what makes it exact.
  public func table(test: Evaluation? = nil) -> [(name: String, value: String)] {
    var rows = evaluation.table(rounding: rounding, test: test) + spectrum.table
    if !boundsHessian {
      rows.append(
        (
          "  their ±",
          spectrum.matrixError > 0
            ? "the eigensolver's, and the products' rounding as it was measured"
            : "the eigensolver's alone: the Hessian's own rounding is not bounded"
        ))
    }
    rows += structure.map { ("  " + $0.name, "\($0.count): \($0.reason)") }
    rows.append(
      (
        "the same at ε = \(short(secondCount.tolerance)) by LDLᵀ",
        secondCount.summary
          + (countsAgree ? "; the eigenvalues say the same" : "; the eigenvalues say OTHERWISE")
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
        "  vᵀHv of a unit vector v",
        "\(short(rayleighQuotient)), with an eigenvalue within ‖Hv − (vᵀHv)v‖ = \(short(residual))"
      ),
      (
        "  the same from function values",
        "\(short(curvatureFromValues)) ± \(short(curvatureFromValuesError)), from L at θ and θ ± "
          + "\(short(step))·v"
      ),
    ]
  }
}

extension Criticality {
  /// How near a critical point is, each figure a row.
  var table: [(name: String, value: String)] {
    let scale =
      lengthScale > 0 ? ", \(short(newtonStep / lengthScale)) times ‖θ‖ = \(short(lengthScale))" : ""
    let source = lanczosSteps.map { "by \($0) Lanczos steps" } ?? "by the whole Hessian"
    return [
      (
        "length of Newton's step",
        "\(short(newtonStep)) ± \(short(reach - newtonStep))\(scale); of modes that are resolved, "
          + source
      ),
      ("Newton's decrement", short(newtonDecrement)),
      (
        "part of ∇L where H is about zero",
        "\(percent(nearKernelShare)) of ‖∇L‖²; where it is not told from zero: "
          + "\(short(unresolvedGradient)) of ‖∇L‖"
      ),
      (
        "flatness r (Frye et al.)",
        "\(short(relativeResidual)): ‖Hp + ∇L‖/(‖H‖_F‖p‖ + ‖∇L‖) of that step p, 1 where ∇L lies in H's "
          + "kernel"
      ),
      (
        "cosine of −∇L and θ",
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
    case .unresolved: "rounding leaves open what it is"
    }
  }
}

extension ToleranceCount {
  /// The three counts, as intervals where rounding leaves a doubt, with what they rest on.
  public var summary: String {
    func text(_ range: ClosedRange<Int>) -> String {
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) … \(range.upperBound)"
    }
    return "\(text(index)) negative, \(text(zeros)) zero, \(text(positive)) positive, with each limit known "
      + "to ± \(short(errorBound)); wrong with probability \(short(doubt)) at most"
  }
}
