extension BulkFitReport {
  /// Does Wigner's law hold for this spectrum's bulk?
  ///
  /// The rule's false-alarm rate is known: GOE spectra fail with probability 1/(draws + 1), 0.0005
  /// as long as nothing but chance parts them from the draws, and are undecided with 1 %.
  public var wigner: Ruling { answer(.semicircle) }

  /// Does Marchenko and Pastur's? By the fewer draws that its slower fit allows: Wishart spectra
  /// fail with 1 %, so that one spectrum alone is weak evidence, and those of five seeds are not.
  public var marchenkoPastur: Ruling { answer(.marchenkoPastur) }

  /// Wigner's rule for any of the laws, with the matrices that have the law in the limit.
  private func answer(_ family: BulkLawFamily) -> Ruling {
    let index = fit(.semicircle)?.bootstrap?.edges?.index ?? .orthogonal
    let (matrix, law) = family.matrixAndLaw(index)
    let failsBelow =
      family == .semicircle ? BulkFitLimits.failsBelow : BulkFitLimits.holdsAbove
    let rule =
      "holds if a \(matrix) matrix's spectrum lies as far from its fitted \(law) (Cramér–von Mises) "
      + "with probability p ≥ \(BulkFitLimits.holdsAbove); fails if p < \(failsBelow); "
      + "undecided between, on fewer than \(BulkFitLimits.leastDecided) eigenvalues, and where "
      + "the spectrum is closer to the law than \(matrix) spectra are (p < \(failsBelow))"
    guard let fit = fit(family), let test = fit.bootstrap else {
      return Ruling(
        verdict: .undecided, rule: rule, evidence: "the \(law) was not put to the test")
    }
    let p = test.cramerVonMises
    var evidence =
      "n·W² = \(short(Double(fit.bulk) * fit.cramerVonMises)) on n = \(fit.bulk), "
      + "p = \(short(p)) from \(test.draws) \(matrix) matrices of order \(test.order)"
    if fit.exceedsOutlierLimit {
      evidence += ", with too many eigenvalues beyond its edges to call them outliers"
    }
    if let best, best.law.family != family {
      evidence +=
        "; \(best.law.family.rawValue) has the lesser AIC, by \(short(fit.akaike - best.akaike))"
    }
    let verdict: Verdict
    if fit.bulk < BulkFitLimits.leastDecided {
      verdict = .undecided
      evidence += "; too few eigenvalues to tell"
    } else if p < failsBelow {
      verdict = .notReproduced
    } else if test.tooRegular < failsBelow {
      verdict = .undecided
      evidence += "; closer to the law than a random matrix's spectrum is"
    } else {
      verdict = p >= BulkFitLimits.holdsAbove ? .reproduced : .undecided
    }
    return Ruling(verdict: verdict, rule: rule, evidence: evidence)
  }
}

extension BulkLawFamily {
  fileprivate func matrixAndLaw(_ index: TracyWidomLaw.Index) -> (matrix: String, law: String) {
    switch self {
    case .semicircle: (index.ensemble, "semicircle")
    case .marchenkoPastur: ("Wishart", "Marchenko–Pastur law")
    case .freeConvolution: ("GOE + Wishart", "free convolution")
    }
  }
}
