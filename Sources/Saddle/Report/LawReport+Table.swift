extension LawReport {
  /// For people: a name and a value a row.
  public var table: [(name: String, value: String)] {
    var rows = fit?.table ?? []
    if unit != 1 {
      rows.insert(("unit of lengths below", "2^\(unit.exponent) = \(short(unit))"), at: 0)
    }
    if undeclaredZeros > 0 {
      rows.append(
        (
          "zeros that were not declared",
          "\(undeclaredZeros), of \(short(expectedZeros)) expected at most"
        ))
    }
    if let whyNoFit { rows.append(("no fit", whyNoFit)) }
    if let test = fit?.fit(.semicircle)?.bootstrap { rows += test.edgeRows }
    if let repulsion {
      rows.append(
        (
          "mean ratio of spacings",
          "\(short(repulsion.meanRatio)) ± \(short(repulsion.standardError)) of "
            + "\(repulsion.ratios) ratios"
        ))
      for test in repulsion.tests {
        rows.append(
          (
            "  p of \(test.law.title)",
            "\(short(test.pValue)), expected \(short(test.law.meanRatio))"
          ))
      }
    }
    if let whyNoRepulsion { rows.append(("no ratios of spacings", whyNoRepulsion)) }
    for test in adjusted {
      rows.append(
        (
          "as of \(index.ensemble): \(test.name)",
          "p = \(short(test.pValue)), \(short(test.adjusted)) adjusted for \(adjusted.count) tests "
            + "(Holm)"
        ))
    }
    rows.append(("other p-values above", "each of another hypothesis, not adjusted"))
    rows.append(
      ("a \(index.ensemble) matrix's spectrum", "\(answer.verdict.ofLaw): \(answer.evidence)"))
    return rows
  }

  /// A picture: the eigenvalues' histogram, the fitted laws, and the law that is expected, in
  /// units of `unit`.
  public func chart(of spectrum: Spectrum, limit: (any SpectralLaw)?) -> Chart {
    let spectrum = spectrum.divided(by: unit)
    return Charts.laws(
      spectrum, zeros: fit.map { $0.zeroTolerance * spectrum.radius },
      fitted: fit?.fits.map { ($0.law.family.rawValue, $0.law as any SpectralLaw) } ?? [],
      limit: limit)
  }
}

extension BootstrapTest {
  fileprivate var edgeRows: [(name: String, value: String)] {
    guard let edges else { return [] }
    func row(
      _ name: String, _ extreme: EdgeTest.Extreme
    ) -> (name: String, value: String) {
      (
        name,
        "s = \(short(extreme.position)) by the fitted edge, where F = \(short(extreme.cumulative)) "
          + "and p = \(short(extreme.conditionalPValue)) if the fit were exact; "
          + "p = \(short(extreme.pValue)) from \(draws) \(edges.index.ensemble) matrices fitted alike"
      )
    }
    return [
      ("Tracy and Widom's law, β = \(edges.index.rawValue)", "two-sided"),
      row("  greatest eigenvalue", edges.greatest), row("  least eigenvalue", edges.least),
    ]
  }
}

extension SpacingLaw {
  fileprivate var title: String {
    switch self {
    case .poisson: "independent levels"
    case .goe: "GOE's levels"
    case .gue: "GUE's levels"
    }
  }
}
