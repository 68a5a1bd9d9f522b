extension MatrixFreeAnalysis {
  /// The analysis for people: a name and a value a row, each value with what bounds its error.
  public func table(test: Evaluation? = nil) -> [(name: String, value: String)] {
    var rows = evaluation.table(rounding: nil, test: test)
    rows.append(("matrix", "\(kind), P = \(order); known by \(products) products with vectors"))
    func bounded(_ eigenvalue: BoundedEigenvalue) -> String {
      "\(short(eigenvalue.value)) ± \(short(eigenvalue.bound))"
    }
    rows.append(("least eigenvalues", eigenvalues.prefix(3).map(bounded).joined(separator: ", ")))
    rows.append(
      (
        "greatest eigenvalues",
        eigenvalues.suffix(3).reversed().map(bounded).joined(separator: ", ")
      ))
    rows.append(("  bounds", "residuals of the pairs; \(endingSummary)"))
    rows.append(
      ("surely negative eigenvalues", "at least \(surelyNegative), by the same bounds"))
    if let certificate { rows += NegativeCurvature(certificate).table }
    rows.append(("trace", estimate(density.trace)))
    rows.append(
      (
        "squared Frobenius norm",
        estimate(density.sum { $0 * $0 })
      ))
    rows.append(("structural zeros", "\(structuralZeros), exact: from data and network"))
    for tolerance in [1e-6, 1e-4, 1e-3] {
      let atom = density.atom(tolerance: tolerance)
      rows.append(
        (
          "degeneracy at ε = \(short(tolerance))",
          "\(percent(atom.fraction)), with 95 % in \(range(atom.interval))"
        ))
      let below = density.cumulativeBand(at: [-tolerance * density.radius])
      rows.append(
        (
          "index at ε = \(short(tolerance))",
          "\(percent(below.estimate[0])), with 95 % in \(range(below.lower[0]...below.upper[0]))"
        ))
    }
    if let error = try? density.wassersteinError() {
      rows.append(
        (
          "density",
          "\(density.probes.count) probes of \(settings.steps) steps, within "
            + "\(short(error.total)) in Wasserstein-1 distance, by estimate"
        ))
    }
    if let secondOpinion {
      rows.append(
        (
          "  second opinion",
          "kernel polynomial method, \(settings.probes) other probes: "
            + "\(short(secondOpinion.wasserstein1)) away in Wasserstein-1 distance, "
            + "resolution \(short(secondOpinion.resolution)); "
            + "bins of a twentieth differ by \(percent(secondOpinion.largestDifference)) at most"
        ))
    }
    return rows
  }

  private var endingSummary: String {
    switch ending {
    case .converged:
      "missed with probability at most \(missProbability.map(short) ?? "unknown")"
    case .budgetSpent: "not all converged within \(settings.products) products"
    case .invariantSubspace(let step): "the whole space was seen, \(step) dimensions"
    case .stalled: "not all converged: products are less accurate than that"
    }
  }

  private func estimate(_ estimate: StochasticEstimate) -> String {
    guard let interval = estimate.interval() else {
      return "\(short(estimate.value)), of one probe: no error can be told"
    }
    return "\(short(estimate.value)), with 95 % in [\(short(interval.lowerBound)), "
      + "\(short(interval.upperBound))]"
  }

  private func range(_ interval: ClosedRange<Double>) -> String {
    "[\(percent(interval.lowerBound)), \(percent(interval.upperBound))]"
  }
}

extension Evaluation {
  /// Loss, accuracy and gradient norm, with those of samples held out: sums with what rounding may
  /// have changed of them, counts exactly.
  func table(
    rounding: EvaluationRounding?, test: Evaluation?
  ) -> [(name: String, value: String)] {
    func sum(_ value: Double, _ error: Double?) -> String {
      short(value) + (error.map { " ± \(short($0))" } ?? ", its rounding not bounded")
    }
    func rows(
      _ name: String, _ evaluation: Evaluation, _ loss: String
    ) -> [(name: String, value: String)] {
      [("\(name) loss", loss)]
        + (evaluation.accuracy.map { [("\(name) accuracy", "\(percent($0)), a count")] } ?? [])
    }
    return rows("training", self, sum(loss, rounding?.loss))
      + (test.map { rows("test", $0, short($0.loss)) } ?? [])
      + [("gradient norm ‖∇L‖", sum(gradientNorm, rounding?.gradientNorm))]
  }
}
