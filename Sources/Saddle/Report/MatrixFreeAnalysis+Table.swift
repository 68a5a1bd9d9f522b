extension MatrixFreeAnalysis {
  /// The analysis for people: a name and a value a row, each value with what bounds its error.
  public func table(test: Evaluation? = nil) -> [(name: String, value: String)] {
    var rows = evaluation.table(rounding: nil, test: test)
    rows.append(("matrix", "\(kind), P = \(order); known by \(products) products with vectors"))
    func bounded(_ eigenvalue: BoundedEigenvalue) -> String {
      "\(short(eigenvalue.value)) ± \(short(eigenvalue.bound))"
    }
    rows.append(
      ("least eigenvalues", spectrum.eigenvalues.prefix(3).map(bounded).joined(separator: ", ")))
    rows.append(
      (
        "greatest eigenvalues",
        spectrum.eigenvalues.suffix(3).reversed().map(bounded).joined(separator: ", ")
      ))
    let rounding =
      spectrum.productError.map { "and rounding of the matrix, \(short($0)) at most" }
      ?? "without the rounding of the products, which is not bounded here"
    rows.append(("  bounds", "residuals of the pairs, \(rounding); \(endingSummary)"))
    rows.append(("surely negative eigenvalues", negativeSummary))
    if let certificate { rows += NegativeCurvature(certificate).table }
    rows.append(("trace", spectrum.trace.summary))
    rows.append(("squared Frobenius norm", spectrum.squaredFrobeniusNorm.summary))
    rows.append(
      ("structural zeros", "\(spectrum.structuralZeros)"))
    for counts in spectrum.counts {
      let steps = "the \(settings.steps) steps"
      rows.append(
        (
          "degeneracy at ε = \(short(counts.tolerance))",
          counts.summary(of: counts.zeros, unresolvedBy: steps)
        ))
      rows.append(
        (
          "index at ε = \(short(counts.tolerance))",
          counts.summary(of: counts.index, unresolvedBy: steps)
        ))
    }
    if let rest = spectrum.rest, let error = try? rest.wassersteinError() {
      rows.append(
        (
          "density of the \(rest.dimension) others",
          "\(rest.probes.count) probes of \(settings.steps) steps, within "
            + "\(short(error.total)) in Wasserstein-1 distance, by estimate"
        ))
    }
    if let secondOpinion = spectrum.secondOpinion {
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

  private var negativeSummary: String {
    spectrum.isPositiveSemidefinite
      ? "none: the matrix is positive semidefinite"
      : "at least \(surelyNegative), by the same bounds"
  }

  private var endingSummary: String {
    switch spectrum.ending {
    case .converged:
      // A bound near 1 would say nothing.
      if let probability = spectrum.missProbability, probability < 0.5 {
        "missed with probability at most \(short(probability))"
      } else {
        "a search from other random vectors found none that was missed"
      }
    case .budgetSpent: "not all converged within \(settings.products) products"
    case .invariantSubspace(let step): "the whole space was seen, \(step) dimensions"
    case .stalled: "not all converged: products are less accurate than that"
    }
  }
}

extension IntervalEstimate {
  /// The figure with its limits.
  var summary: String {
    let limits = "[\(short(lower)), \(short(upper))]"
    // Limits so near to each other that the figures printed are the same.
    guard short(lower) != short(upper) else { return "\(short(value)) ± \(short(halfWidth))" }
    return "\(short(value)), with \(percent(level)) or more in \(limits)"
  }

  private var halfWidth: Double { max(upper - value, value - lower) }
}

extension EstimatedCounts {
  /// A count as a share of the order, with its limits and where they come from.
  func summary(of count: EstimatedCount, unresolvedBy steps: String) -> String {
    func limits(_ range: ClosedRange<Int>) -> String {
      "[\(percent(share(range.lowerBound))), \(percent(share(range.upperBound)))]"
    }
    guard let value = count.value, let likely = count.likely else {
      return "not resolved by \(steps); surely in \(limits(count.certain))"
    }
    if count.isCertain { return "\(percent(share(value))), surely: \(value) of \(order)" }
    return "\(percent(share(value))), with 95 % or more in \(limits(likely))"
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
        + (evaluation.accuracy.map { [("\(name) accuracy", "\(percent($0)), exact")] } ?? [])
    }
    return rows("training", self, sum(loss, rounding?.loss))
      + (test.map { rows("test", $0, short($0.loss)) } ?? [])
      + [("gradient norm ‖∇L‖", sum(gradientNorm, rounding?.gradientNorm))]
  }
}
