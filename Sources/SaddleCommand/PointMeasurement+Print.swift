import Saddle

extension PointMeasurement {
  /// For people.
  ///
  /// - Parameter classes: how many the network tells apart, if any.
  func print(test: Evaluation?, claims: [Claim], classes: Int?) {
    func section(_ title: String, _ rows: [(name: String, value: String)]) {
      Swift.print("\n\(title)")
      printTable(rows)
    }
    analysis?.print(test: test, claims: claims)
    if let matrixFree { printTable(matrixFree.table(test: test)) }
    if let counts { section("counts of the \(settings.curvature)", counts.table) }
    if analysis == nil, let spectrum {
      section("the \(settings.curvature)", spectrum.table)
    }
    if let spectrum {
      let outliers = SpectrumFigures.outliers(in: spectrum, classes: classes)
      section("outliers by the largest gap", [("count", outliers.summary)])
    }
    if let blocks {
      section("layer by layer", blocks.map { ($0.block.name, $0.summary) })
    }
    if let fit { section("the bulk", fit.table) }
    if let whyNoFit = record.whyNoFit { section("the bulk", [("no fit", whyNoFit)]) }
    if let refinement {
      section("refined", [("search", refinement.search.inWords)] + refinement.analysis.table())
      Swift.print("")
      for claim in Claim.all(for: refinement.record.point, startingLoss: nil)
      where claim.statement == PointClaim.saddle.statement { claim.print() }
    }
  }
}

extension PointAnalysis {
  /// For people, with what follows from it for the paper's claims.
  func print(test: Evaluation?, claims: [Claim]) {
    printTable(table(test: test))
    Swift.print("")
    for claim in claims { claim.print() }
  }
}

extension Claim {
  fileprivate func print() {
    Swift.print("\(statement)\n  \(verdict.rawValue): \(evidence)")
  }
}

extension EigenvalueCounts {
  fileprivate var table: [(name: String, value: String)] {
    [
      ("parameters", "\(order)"),
      ("max|λ|", "\(short(radius.value)), in [\(short(radius.lower)), \(short(radius.upper))]"),
    ]
      + counts.map { ("index, zeros, positive at ε = \(short($0.tolerance))", $0.summary) }
  }
}

extension BlockSpectrum {
  fileprivate var summary: String {
    let zeros = spectrum.degeneracy(at: PointLimits.strictZero)
    let doubt = spectrum.uncertain(
      about: PointLimits.strictZero * spectrum.radius, below: true, above: true)
    return "\(spectrum.order) parameters in \(short(spectrum.least)) … \(short(spectrum.greatest)) "
      + "± \(short(spectrum.errorBound)), \(zeros.zeros) ± \(doubt) zeros at ε = 1e-6, "
      + "\(percent(share)) of ‖H‖²"
  }
}

extension RefinedPoint {
  fileprivate var inWords: String {
    let ending =
      switch ending {
      case .converged: "‖∇L‖ came to the search's tolerance"
      case .gradientFlat(let residual): "gradient-flat, r = \(short(residual))"
      case .budgetSpent: "the budget of steps was spent"
      case .stalled: "‖∇L‖ stopped falling"
      }
    return "\(ending), after \(trajectory.count) steps"
  }
}
