extension PointAnalysis {
  /// The analysis for people: a name and a value a row, the same on a terminal and on a page.
  public func table(test: Evaluation? = nil) -> [(name: String, value: String)] {
    var rows = [("training loss", short(evaluation.loss))]
    if let accuracy = evaluation.accuracy { rows.append(("training accuracy", percent(accuracy))) }
    if let test {
      rows.append(("test loss", short(test.loss)))
      if let accuracy = test.accuracy { rows.append(("test accuracy", percent(accuracy))) }
    }
    rows.append(("gradient norm ‖∇L‖", short(evaluation.gradientNorm)))
    rows.append(("parameters", "\(spectrum.order)"))
    rows.append(("least eigenvalue", short(spectrum.least)))
    rows.append(("greatest eigenvalue", short(spectrum.greatest)))
    rows.append(("structural zeros", "\(spectrum.structuralZeros)"))
    let tolerances = [("1e-10", 1e-10), ("1e-6", 1e-6), ("1e-3", 1e-3)]
    for (name, tolerance) in tolerances {
      let zeros = spectrum.degeneracy(at: tolerance)
      rows.append(
        (
          "degeneracy at ε = \(name)",
          "\(percent(zeros.fraction)) (\(zeros.structural) structural, \(zeros.emergent) emergent)"
        ))
    }
    for (name, tolerance) in tolerances {
      let index = spectrum.index(at: tolerance)
      rows.append(
        (
          "index at ε = \(name)",
          "\(index) (\(percent(Double(index) / Double(spectrum.order))))"
        ))
    }
    rows.append(
      (
        "eigenvalues below, within, above ±\(short(inertiaTolerance))·max|λ|",
        "\(inertia.negative), \(inertia.zero), \(inertia.positive) by LDLᵀ: "
          + (countsAgree ? "as the eigensolver" : "not as the eigensolver")
      ))
    if let certificate {
      rows.append(
        (
          "certificate of negative curvature",
          certificate.isValid ? "valid" : "not valid: the evidence is within its noise"
        ))
      rows.append(
        (
          "  vᵀHv, with ‖Hv − (vᵀHv)v‖",
          "\(short(certificate.rayleighQuotient)), \(short(certificate.residual))"
        ))
      rows.append(
        (
          "  L(θ+hv) + L(θ−hv) − 2L(θ)",
          "\(short(certificate.secondDifference)) at h = \(short(certificate.step)), "
            + "noise \(short(certificate.noise))"
        ))
    }
    return rows
  }
}
